import { parseArgs } from "node:util";
import type { Operation } from "./context";
import { applicationOf, environmentOf, serviceOf } from "./platform";
import { rollbackForward } from "./rollback-forward";
import { rollbackInGit } from "./rollback-in-git";
import { rollbackInHistory } from "./rollback-in-history";
import { surplusError } from "./surplus";

const options = {
  to: { type: "string" },
  in: { type: "string" },
  forward: { type: "boolean" },
} as const;

/** The three ways of docs/runbooks/rollback.md. */
export const rollback: Operation = {
  usage: "rollback <service> <environment> [--to <version>] [--in git | --forward]",
  summary:
    "go back by Argo CD's history (default), in Git with the bad tag ignored, or forward with a revert",
  async run(context, args) {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (positionals[2] !== undefined) throw surplusError(rollback.usage, positionals[2]);
    const platform = await context.platform();
    serviceOf(platform, positionals[0]);
    const where = environmentOf(platform, positionals[1]);
    const request = { service: positionals[0]!, environment: positionals[1]!, to: values.to };
    if (values.in !== undefined && values.in !== "git")
      throw new Error(`"${values.in}": the only place is --in git`);
    if (values.in && values.forward) throw new Error("--in git and --forward are two ways; choose one.");
    if (values.in) return rollbackInGit(context, request);
    if (values.forward) return rollbackForward(context, request);
    if (where.automatic) {
      throw new Error(
        `Argo CD refuses to roll back ${applicationOf(request.service, request.environment)}, which deploys by itself. ` +
          `Set the tag back in Git: rollback ${request.service} ${request.environment} --in git`,
      );
    }
    await rollbackInHistory(context, request);
  },
};
