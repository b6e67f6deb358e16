import { assess } from "./assess";
import { follow } from "./follow";
import { sameVersions, versionText } from "./images";
import { nextCommand } from "./next-command";
import { type Observed, observe } from "./observe";
import { operation } from "./operation";
import { applicationOf, type Environment, environmentOf, serviceOf } from "./platform";
import { Shell } from "./shell";

/** Deploys what is written back for an environment that waits for a person, up to the first step of a canary. */
export const promote = operation({
  usage: "promote <service> <environment>",
  summary: "deploy the written-back version to an environment that waits for a person",
  async run(context, [service, environment]) {
    const platform = await context.platform();
    serviceOf(platform, service);
    refuseAutomatic(environment!, environmentOf(platform, environment));
    const before = await observe(context, service!, environment!, { refresh: true });
    const nothing = nothingToPromote(before);
    if (nothing !== undefined) return context.print(nothing);
    const name = applicationOf(service!, environment!);
    context.print(`${name}: ${versionText(before.live)} -> ${versionText(before.wanted)}`);
    await new Shell(context).run([{ run: ["argocd", "app", "sync", name], in: context.workFolder }]);
    const { seen } = await follow(context, service!, environment!, {
      reached: (_, { kind }) => kind === "arrived" || kind === "waiting",
    });
    const next = nextCommand(seen, false);
    context.print(next ? `Next: ${next}` : `${name} runs ${versionText(seen.live)}.`);
  },
});

/** @throws Error */
export function refuseAutomatic(name: string, { automatic }: Environment): void {
  if (automatic) {
    throw new Error(`${name} deploys every new version by itself; there is nothing to promote by hand.`);
  }
}

/** Why a sync would change nothing, or is not what is wanted now. */
export function nothingToPromote(seen: Observed): string | undefined {
  const { service, environment, application, wanted, live } = seen;
  const name = applicationOf(service, environment);
  if (assess(seen).kind === "waiting") {
    return `${name}: a canary waits already. Let it go on with "approve ${service} ${environment}", or end it with "abort ${service} ${environment}".`;
  }
  const synced = application.status?.sync?.status === "Synced";
  if (synced && sameVersions(live, wanted)) {
    return `${name} runs ${versionText(live)} already, the newest version that is written back.`;
  }
  return undefined;
}
