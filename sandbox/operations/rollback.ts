import { operation } from "./operation";
import { applicationOf, environmentOf, serviceOf } from "./platform";
import { rollbackForward } from "./rollback-forward";
import { rollbackInGit } from "./rollback-in-git";
import { rollbackInHistory } from "./rollback-in-history";

/** The three ways of docs/runbooks/rollback.md. */
export const rollback = operation({
  usage: "rollback <service> <environment> [--to <version>] [--in git | --forward]",
  summary: "go back: by Argo CD's history, in Git with the bad tag ignored, or forward with a revert",
  options: {
    to: {
      type: "string",
      summary: "what to go back to; --forward: the new version (default: the one before)",
    },
    in: { type: "string", summary: "set the tag back in the deployment repository, and ignore the bad one" },
    forward: { type: "boolean", summary: "revert the sources and release that as a new version" },
  },
  async run(context, [service, environment], { to, in: place, forward }) {
    const platform = await context.platform();
    serviceOf(platform, service);
    const where = environmentOf(platform, environment);
    const request = { service: service!, environment: environment!, to };
    if (place !== undefined && place !== "git") throw new Error(`"${place}": the only place is --in git`);
    if (place && forward) throw new Error("--in git and --forward are two ways; choose one.");
    if (place) return rollbackInGit(context, request);
    if (forward) return rollbackForward(context, request);
    if (where.automatic) {
      throw new Error(
        `Argo CD refuses to roll back ${applicationOf(request.service, request.environment)}, which deploys by itself. ` +
          `Set the tag back in Git: rollback ${request.service} ${request.environment} --in git`,
      );
    }
    await rollbackInHistory(context, request);
  },
});
