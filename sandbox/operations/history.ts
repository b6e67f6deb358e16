/** Which earlier deployment an environment goes back to. */
import type { OperatorContext } from "./context";
import { sameVersions, type Versions, versionText } from "./images";
import { type Deployment, type Observed, wantedVersions } from "./observe";

/** An entry of `argocd app history` with the versions that it deployed. */
export interface PastDeployment extends Deployment {
  versions: Versions;
}

/** The history of an environment, oldest first. Argo CD keeps the commits; their manifests tell the versions. */
export async function readHistory(
  context: OperatorContext,
  { service, environment, application }: Observed,
): Promise<PastDeployment[]> {
  const past: PastDeployment[] = [];
  for (const entry of application.status?.history ?? []) {
    const versions = await wantedVersions(context, service, environment, entry.revision);
    past.push({ ...entry, versions });
  }
  return past;
}

/**
 * The deployment that `target` means: a number of the history, the beginning of a commit of the deployment repository,
 * or a version. Without one, what ran before the current versions came first: going back twice goes further back, not
 * to what was just left.
 */
export function chooseDeployment(
  past: readonly PastDeployment[],
  target: string | undefined,
): PastDeployment | undefined {
  const current = past.at(-1)?.versions;
  if (target === undefined) {
    const first = past.findIndex(({ versions }) => current !== undefined && sameVersions(versions, current));
    return past[first - 1];
  }
  return past.filter(fits(target)).at(-1);
}

function fits(target: string): (past: PastDeployment) => boolean {
  if (/^\d{1,6}$/.test(target)) return ({ id }) => id === Number(target);
  if (/^[0-9a-f]{7,40}$/.test(target)) return ({ revision }) => revision.startsWith(target);
  const tag = /^\d/.test(target) ? `v${target}` : target;
  return ({ versions }) => Object.values(versions).every((tags) => tags.length === 1 && tags[0] === tag);
}

/** Says what there is to go back to. */
export function notFound(name: string, target: string | undefined, past: readonly PastDeployment[]): Error {
  const there = past.map(
    ({ id, revision, versions }) => `  ${id}  ${revision.slice(0, 7)}  ${versionText(versions)}`,
  );
  const what = target === undefined ? "before the current version" : `for "${target}"`;
  return new Error(
    [
      `${name} has no deployment ${what} in its history, which Argo CD keeps ten entries of:`,
      ...there,
      'For a version that is not among them: "--in git --to <version>".',
    ].join("\n"),
  );
}
