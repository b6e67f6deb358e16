import { inClone } from "../../../operations/clone";
import type { Pipeline } from "../support/pipeline";

/** The newest commit of the deployment repository. */
export async function deploymentHead(pipeline: Pipeline): Promise<string> {
  return (await log(pipeline, "--max-count=1", "--format=%H")).trim();
}

/**
 * Subjects of the commits with which Image Updater has written tags back, sorted, like `build: automatic update of
 * echo-dev`: those that the branch has, so that none that was lost is among them.
 *
 * @param since the commit after which it counts
 */
export async function writeBacks(pipeline: Pipeline, since: string): Promise<string[]> {
  const subjects = await log(pipeline, "--author=argocd-image-updater", "--format=%s", `${since}..HEAD`);
  return subjects.split("\n").filter(Boolean).sort();
}

async function log({ operator }: Pipeline, ...args: string[]): Promise<string> {
  const { deployment } = await operator.platform();
  return inClone({ ...operator, print() {} }, deployment.repository, ({ shell, folder }) =>
    shell.read(["git", "log", ...args], folder),
  );
}
