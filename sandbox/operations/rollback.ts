import { parseArgs } from "node:util";
import { type Canary, rolloutAction } from "./canary";
import type { Operation, OperatorContext } from "./context";
import { follow } from "./follow";
import { chooseDeployment, notFound, type PastDeployment, readHistory } from "./history";
import { versionText } from "./images";
import { type Observed, type ObserveOptions, observe } from "./observe";
import { applicationOf, environmentOf, serviceOf } from "./platform";
import { rollbackForward } from "./rollback-forward";
import { rollbackInGit } from "./rollback-in-git";
import { Shell } from "./shell";

const options = {
  to: { type: "string" },
  in: { type: "string" },
  forward: { type: "boolean" },
} as const;

/** What an operator wants to go back to, and where. */
export interface RollbackRequest {
  service: string;
  environment: string;
  /** Version, commit or number of the history; for `--forward` the new version. */
  to: string | undefined;
}

/** The three ways of docs/runbooks/rollback.md. */
export const rollback: Operation = {
  usage: "rollback <service> <environment> [--to <version>] [--in git | --forward]",
  summary:
    "go back by Argo CD's history (default), in Git with the bad tag ignored, or forward with a revert",
  async run(context, args) {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
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

async function rollbackInHistory(
  context: OperatorContext,
  { service, environment, to }: RollbackRequest,
): Promise<void> {
  const name = applicationOf(service, environment);
  const before = await observe(context, service, environment);
  const past = await readHistory(context, before);
  const chosen = chooseDeployment(past, to);
  if (chosen === undefined) throw notFound(name, to, past);
  context.print(`${name}: back to ${versionText(chosen.versions)}`);
  const shell = new Shell(context);
  await shell.run([{ run: rollbackCommand(name, chosen), in: context.workFolder }]);
  await arriveWithoutSteps(context, shell, before, { revision: chosen.revision });
  context.print(`${name} runs ${versionText(chosen.versions)}.`);
  if (before.application.status?.sync?.revision !== chosen.revision) {
    context.print(`Git still asks for ${versionText(before.wanted)}: the next promote brings it again. So that it never comes:
  npm run sandbox -- rollback ${service} ${environment} --in git --to ${Object.values(chosen.versions)[0]?.[0]}`);
  }
}

/** Refused by Argo CD while an Application deploys by itself. */
export const rollbackCommand = (name: string, { id }: Pick<PastDeployment, "id">) => [
  ...["argocd", "app", "rollback", name, String(id)],
];

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
