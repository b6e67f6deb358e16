import { type Canary, rolloutAction } from "./canary";
import type { OperatorContext } from "./context";
import { follow } from "./follow";
import type { Observed, ObserveOptions } from "./observe";
import { patience, tries } from "./overwritten";
import { applicationOf } from "./platform";
import type { Shell } from "./shell";

/** When a canary was sent to its end, by name: milliseconds since 1970. */
type Sent = Record<string, number[]>;

/**
 * After a finished release the old version is a release of its own, with steps (but for Argo Rollouts within its
 * `rollbackWindow`). Nobody wants to wait for those now: each canary that stops is sent to its end.
 */
export async function arriveWithoutSteps(
  context: OperatorContext,
  shell: Shell,
  { service, environment }: Pick<Observed, "service" | "environment">,
  goal: ObserveOptions,
): Promise<void> {
  const sent: Sent = {};
  for (;;) {
    const { seen, standing } = await follow(context, service, environment, {
      ...goal,
      reached: ({ canaries }, { kind }) =>
        kind === "arrived" || canaries.some((each) => stops(each, sent, Date.now())),
    });
    if (standing.kind === "arrived") return;
    for (const canary of seen.canaries.filter((each) => stops(each, sent, Date.now()))) {
      const run = rolloutAction(applicationOf(service, environment), "promote-full", canary);
      await shell.run([{ run, in: context.workFolder }]);
      sent[canary.name] = [...(sent[canary.name] ?? []), Date.now()];
    }
  }
}

/** Whether a canary is to be sent to its end, or once more. */
export function stops(
  { standing, name }: Pick<Canary, "standing" | "name">,
  sent: Sent,
  now: number,
): boolean {
  const times = sent[name] ?? [];
  return standing === "waiting" && times.length < tries && now - (times.at(-1) ?? 0) > patience;
}
