import { rolloutAction } from "./canary";
import { follow } from "./follow";
import { notFound, readHistory } from "./history";
import { sameVersions, stableVersions, versionText } from "./images";
import { observe } from "./observe";
import { operation } from "./operation";
import { applicationOf, environmentOf, serviceOf } from "./platform";
import { rollbackCommand } from "./rollback-in-history";
import { Shell } from "./shell";

/**
 * Ends a canary with all pods of the old version. Argo Rollouts has an action for it. Kruise has none: applying the old
 * version while a canary is under way ends it at once, without steps.
 */
export const abort = operation({
  usage: "abort <service> <environment>",
  summary: "end a canary: all pods back to the old version",
  async run(context, [service, environment]) {
    const platform = await context.platform();
    serviceOf(platform, service);
    const { automatic } = environmentOf(platform, environment);
    const name = applicationOf(service!, environment!);
    const before = await observe(context, service!, environment!);
    const under = before.canaries.filter(({ standing }) => standing === "waiting" || standing === "moving");
    const stable = stableVersions(before.live, before.wanted);
    if (under.length === 0) {
      throw new Error(
        `${name}: no canary is under way. "rollback ${service} ${environment}" goes back to an earlier version.`,
      );
    }
    const shell = new Shell(context);
    const argo = under.filter(({ engine }) => engine === "argoproj.io");
    for (const canary of argo) {
      await shell.run([{ run: rolloutAction(name, "abort", canary), in: context.workFolder }]);
    }
    let revision: string | undefined;
    if (argo.length < under.length) {
      if (automatic) {
        throw new Error(
          `${environment} deploys by itself, so the old version has to come from Git: "rollback ${service} ${environment} --in git".`,
        );
      }
      const history = await readHistory(context, before);
      const past = history.filter(({ versions }) => sameVersions(versions, stable)).at(-1);
      if (past === undefined) throw notFound(name, versionText(stable), history);
      revision = past.revision;
      await shell.run([{ run: rollbackCommand(name, past), in: context.workFolder }]);
    }
    await follow(context, service!, environment!, {
      ...(revision && { revision }),
      reached: ({ live, canaries }) =>
        sameVersions(live, stable) &&
        canaries.every(({ standing }) => standing === "settled" || standing === "aborted"),
    });
    context.print(`${name} runs ${versionText(stable)} again.`);
    context.print(`${versionText(before.wanted)} is still written back: the next sync brings it again. So that it never comes:
  npm run sandbox -- rollback ${service} ${environment} --in git --to ${Object.values(stable)[0]?.[0]}`);
    if (argo.length > 0) {
      context.print(
        `The Rollout stays Degraded until its old version is deployed again: npm run sandbox -- rollback ${service} ${environment}`,
      );
    }
  },
});
