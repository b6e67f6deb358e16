import { inClone } from "./clone";
import type { OperatorContext } from "./context";
import { chooseDeployment, notFound, readHistory } from "./history";
import { stableVersions, type Versions, versionText } from "./images";
import { observe } from "./observe";
import { applicationOf, serviceOf } from "./platform";
import { checkRules } from "./release";
import type { RollbackRequest } from "./rollback";
import type { Step } from "./step";
import { nextPatch, parseVersion } from "./version";

/**
 * Takes the bad commits back in the source repositories and releases that as a new version, which travels like any
 * other. The slowest way, and the only one after which the sources are right.
 */
export async function rollbackForward(context: OperatorContext, request: RollbackRequest): Promise<void> {
  const { service, environment } = request;
  const definition = serviceOf(await context.platform(), service);
  const name = applicationOf(service, environment);
  const before = await observe(context, service, environment, { refresh: true });
  const past = await readHistory(context, before);
  const stable = stableVersions(before.live, before.wanted);
  const good = goodVersions(stable, before.wanted) ?? chooseDeployment(past, undefined)?.versions;
  if (good === undefined) throw notFound(name, undefined, past);
  const changed = Object.keys(definition.images).filter(
    (alias) => good[alias]?.[0] !== before.wanted[alias]?.[0],
  );
  const sources = new Map(changed.map((alias) => [definition.images[alias]!.source, alias]));
  for (const [source, alias] of sources) {
    const bad = before.wanted[alias]![0]!;
    const { gitTag } = parseVersion(request.to ?? nextPatch(bad));
    const { branch } = definition.images[alias]!;
    checkRules(service, [definition.images[alias]!], { on: "tag", name: gitTag });
    await inClone(context, source, async ({ shell, folder }) => {
      const range = { from: `release-${good[alias]![0]}`, to: `release-${bad}` };
      await shell.run(forwardSteps({ folder, branch, range, gitTag }));
    });
  }
  context.print(`\n${versionText(before.wanted)} is taken back; the new version deploys to automatic environments by itself.
Follow it: npm run sandbox -- status ${service}`);
}

/** The old versions, where an unfinished release shows them beside the new ones. */
function goodVersions(stable: Versions, wanted: Versions): Versions | undefined {
  const differs = Object.keys(wanted).some((alias) => stable[alias]?.[0] !== wanted[alias]?.[0]);
  return differs && Object.values(stable).every((tags) => tags.length > 0) ? stable : undefined;
}

export interface ForwardRequest {
  folder: string;
  branch: string;
  /** Git tags: the last good release, and the bad one. */
  range: { from: string; to: string };
  /** The new release. */
  gitTag: string;
}

export function forwardSteps({ folder, branch, range, gitTag }: ForwardRequest): Step[] {
  const git = (...args: string[]) => ({ run: ["git", ...args], in: folder });
  return [
    git("revert", "--no-edit", `${range.from}..${range.to}`),
    git("tag", gitTag),
    git("push", "--quiet", "--atomic", "origin", `HEAD:refs/heads/${branch}`, gitTag),
  ];
}
