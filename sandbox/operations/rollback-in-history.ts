import { arriveWithoutSteps } from "./arrive-without-steps";
import type { OperatorContext } from "./context";
import { chooseDeployment, notFound, type PastDeployment, readHistory } from "./history";
import { versionText } from "./images";
import { observe } from "./observe";
import { applicationOf } from "./platform";
import type { RollbackRequest } from "./rollback-request";
import { Shell } from "./shell";

/** Goes back to an earlier deployment of Argo CD's history; Git is left as it is, and the way back is told. */
export async function rollbackInHistory(
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
