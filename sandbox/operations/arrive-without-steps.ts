import { type Canary, rolloutAction } from "./canary";
import type { OperatorContext } from "./context";
import { follow } from "./follow";
import type { Observed, ObserveOptions } from "./observe";
import { applicationOf } from "./platform";
import type { Shell } from "./shell";

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
  const sent: string[] = [];
  for (;;) {
    const { seen, standing } = await follow(context, service, environment, {
      ...goal,
      reached: ({ canaries }, { kind }) => kind === "arrived" || canaries.some((each) => stops(each, sent)),
    });
    if (standing.kind === "arrived") return;
    for (const canary of seen.canaries.filter((each) => stops(each, sent))) {
      const run = rolloutAction(applicationOf(service, environment), "promote-full", canary);
      await shell.run([{ run, in: context.workFolder }]);
      sent.push(canary.name);
    }
  }
}

const stops = ({ standing, name }: Canary, sent: readonly string[]) =>
  standing === "waiting" && !sent.includes(name);
