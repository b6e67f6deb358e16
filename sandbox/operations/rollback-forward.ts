import { inClone } from "./clone";
import type { OperatorContext } from "./context";
import { chooseDeployment, notFound, type PastDeployment, readHistory } from "./history";
import { sameVersions, stableVersions, type Versions, versionText } from "./images";
import { type Observed, observe } from "./observe";
import { applicationOf, serviceOf } from "./platform";
import { checkRules } from "./release";
import type { RollbackRequest } from "./rollback-request";
import { newestBuilt } from "./status";
import type { Step } from "./step";
import { nextPatch, parseVersion, type Version } from "./version";

/**
 * Takes the bad commits back in the source repositories and releases that as a new version, which travels like any
 * other. The slowest way, and the only one after which the sources are right.
 */
export async function rollbackForward(context: OperatorContext, request: RollbackRequest): Promise<void> {
  const { service, environment } = request;
  const platform = await context.platform();
  const definition = serviceOf(platform, service);
  const name = applicationOf(service, environment);
  const before = await observe(context, service, environment, { refresh: true });
  const past = await readHistory(context, before);
  const { good, bad } = goodAndBad(before, newestBuilt(platform, service, await context.builds()), past);
  if (good === undefined) throw notFound(name, undefined, past);
  const changed = Object.keys(definition.images).filter((alias) => good[alias]?.[0] !== bad[alias]?.[0]);
  const sources = new Map(changed.map((alias) => [definition.images[alias]!.source, alias]));
  for (const [source, alias] of sources) {
    const taken = bad[alias]![0]!;
    const { branch } = definition.images[alias]!;
    await inClone(context, source, async ({ shell, folder }) => {
      const tags = (await shell.read(["git", "tag", "--list"], folder)).split("\n");
      const { gitTag } = request.to ? parseVersion(request.to) : nextFree(taken, tags);
      checkRules(service, [definition.images[alias]!], { on: "tag", name: gitTag });
      const range = `release-${good[alias]![0]}..release-${taken}`;
      const commits = (await shell.read(["git", "rev-list", "--first-parent", range], folder)).split("\n");
      if (commits[0] === "")
        throw new Error(`${source} has no commits in ${range}; nothing can be taken back.`);
      await shell.run(forwardSteps({ folder, branch, commits, gitTag }));
    });
  }
  context.print(`\n${versionText(bad)} is taken back; the new version deploys to automatic environments by itself.
Follow it: npm run sandbox -- status ${service}`);
}

/** The next patch version that no tag has: a build that failed has used one up, too. */
export function nextFree(taken: string, tags: readonly string[]): Version {
  const next = parseVersion(nextPatch(taken));
  return tags.includes(next.gitTag) ? nextFree(next.tag, tags) : next;
}

/**
 * What the sources go back to, and what they leave: the newest versions that were built. Where those are ignored
 * already, what the environment asks for instead is good; else what ran before them.
 * @param newest the tag that was built last, by alias
 */
export function goodAndBad(
  { live, wanted }: Pick<Observed, "live" | "wanted">,
  newest: Readonly<Record<string, string>>,
  past: readonly PastDeployment[],
): { good: Versions | undefined; bad: Versions } {
  const bad: Versions = { ...wanted };
  for (const [alias, tag] of Object.entries(newest)) bad[alias] = [tag];
  if (!sameVersions(wanted, bad)) return { good: wanted, bad };
  const stable = stableVersions(live, wanted);
  const isOlder = !sameVersions(stable, wanted) && Object.values(stable).every((tags) => tags.length > 0);
  return { good: isOlder ? stable : chooseDeployment(past, undefined)?.versions, bad };
}

export interface ForwardRequest {
  folder: string;
  branch: string;
  /** What the branch got since the last good release, newest first; of a merge the merge alone. */
  commits: readonly string[];
  /** The new release. */
  gitTag: string;
}

export function forwardSteps({ folder, branch, commits, gitTag }: ForwardRequest): Step[] {
  const git = (...args: string[]) => ({ run: ["git", ...args], in: folder });
  return [
    git("revert", "--no-edit", "--mainline", "1", ...commits),
    git("tag", gitTag),
    git("push", "--quiet", "--atomic", "origin", `HEAD:refs/heads/${branch}`, gitTag),
  ];
}
