import { assess } from "./assess";
import { approval, type Canary, stepText } from "./canary";
import type { Operation } from "./context";
import { follow } from "./follow";
import { versionText } from "./images";
import { nextCommand } from "./next-command";
import { observe } from "./observe";
import { applicationOf, environmentOf, serviceOf } from "./platform";
import { Shell } from "./shell";
import { commandLine } from "./step";

/** Lets a waiting canary go on to its next step. */
export const approve: Operation = {
  usage: "approve <service> <environment>",
  summary: "let a canary that waits go on",
  async run(context, [service, environment]) {
    const platform = await context.platform();
    serviceOf(platform, service);
    const member = environmentOf(platform, environment);
    const name = applicationOf(service!, environment!);
    const before = await observe(context, service!, environment!);
    const waiting = before.canaries.filter(({ standing }) => standing === "waiting");
    if (waiting.length === 0) {
      throw new Error(`${name}: no canary waits for anybody. It stands at ${assess(before).says}.`);
    }
    const shell = new Shell(context);
    for (const canary of waiting) {
      const { argocd, kubectl } = approval(name, canary, member);
      await shell.run([{ run: argocd, in: context.workFolder }]);
      context.print(`# or on the member cluster: ${commandLine(kubectl)}`);
    }
    const { seen } = await follow(context, service!, environment!, {
      reached: ({ canaries }, { kind }) =>
        kind === "arrived" || (kind === "waiting" && !canaries.some((each) => isSame(waiting, each))),
    });
    const next = nextCommand(seen, member.automatic);
    context.print(next ? `Next: ${next}` : `${name} runs ${versionText(seen.live)}.`);
  },
};

/** Whether a canary still waits where it waited before. */
export function isSame(waiting: readonly Canary[], { name, engine, standing, ...now }: Canary): boolean {
  return waiting.some(
    (each) =>
      standing === "waiting" &&
      each.name === name &&
      each.engine === engine &&
      stepText(each) === stepText({ name, engine, standing, ...now }),
  );
}
