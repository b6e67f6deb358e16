import { assess, type Standing } from "./assess";
import { approval, type Canary, stepText } from "./canary";
import { follow } from "./follow";
import { versionText } from "./images";
import { nextCommand } from "./next-command";
import { type Observed, observe } from "./observe";
import { operation } from "./operation";
import { patience, tries } from "./overwritten";
import { applicationOf, environmentOf, serviceOf } from "./platform";
import { Shell } from "./shell";
import { commandLine } from "./step";

/** Lets a waiting canary go on to its next step. */
export const approve = operation({
  usage: "approve <service> <environment>",
  summary: "let a canary that waits go on",
  async run(context, [service, environment]) {
    const platform = await context.platform();
    serviceOf(platform, service);
    const member = environmentOf(platform, environment);
    const name = applicationOf(service!, environment!);
    const before = await observe(context, service!, environment!);
    let waiting = before.canaries.filter(({ standing }) => standing === "waiting");
    if (waiting.length === 0) {
      throw new Error(`${name}: no canary waits for anybody. It stands at ${assess(before).says}.`);
    }
    const shell = new Shell(context);
    for (let left = tries; ; left--) {
      for (const canary of waiting) {
        const { argocd, kubectl } = approval(name, canary, member);
        await shell.run([{ run: argocd, in: context.workFolder }]);
        context.print(`# or on the member cluster: ${commandLine(kubectl)}`);
      }
      const approved = Date.now();
      const outcome = (seen: Observed, standing: Standing) =>
        outcomeOf(waiting, seen, standing, Date.now() - approved);
      const { seen, standing } = await follow(context, service!, environment!, {
        reached: (...now) => outcome(...now) !== "pending",
      });
      if (outcome(seen, standing) === "heeded") {
        const next = nextCommand(seen, member.automatic);
        return context.print(next ? `Next: ${next}` : `${name} runs ${versionText(seen.live)}.`);
      }
      waiting = seen.canaries.filter((each) => isSame(waiting, each));
      const names = waiting.map((each) => each.name).join(" and ");
      if (left === 1) throw new Error(lostApproval(service!, environment!, names));
      context.print(`# ${names} still waits where it did: the controller overwrote the approval. Once more:`);
    }
  },
});

/**
 * What has become of an approval; one that its controller has written over is lost.
 * @param since milliseconds since the approval
 */
export function outcomeOf(
  waiting: readonly Canary[],
  { canaries }: Pick<Observed, "canaries">,
  { kind }: Pick<Standing, "kind">,
  since: number,
): "pending" | "heeded" | "lost" {
  if (kind === "arrived") return "heeded";
  if (kind !== "waiting") return "pending";
  if (!canaries.some((each) => isSame(waiting, each))) return "heeded";
  return since > patience ? "lost" : "pending";
}

/** @param names of the canaries that did not go on; others of the environment may have */
export const lostApproval = (service: string, environment: string, names: string) =>
  `${applicationOf(service, environment)}: ${names} still waits where it did before ${tries} approvals, which its ` +
  `controller must have overwritten. See where all of it stands, then approve again: ` +
  `npm run sandbox -- status ${service}; npm run sandbox -- approve ${service} ${environment}`;

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
