import { inClone, urlOf } from "./clone";
import { operation } from "./operation";
import { type Service, type ServiceImage, serviceOf } from "./platform";
import { Shell } from "./shell";
import { breakBuild, breakingSubjects, breakStart, type SourceChange, visibleChange } from "./source-change";
import type { Step } from "./step";
import { parseLine, parseVersion } from "./version";

/** A push that starts builds. */
export interface Trigger {
  on: "tag" | "branch";
  /** `release-v1.0.1` or `release-v3`. */
  name: string;
}

/** Commits, tags and pushes in every source repository of a service, as its developers do for a release. */
export const release = operation({
  usage: "release <service> <version> [--branch] [--fail] [--broken] [--image <alias>]",
  summary: "tag a small change in the service's source repositories",
  options: {
    branch: { type: "boolean", summary: "push the branch release-v<major> instead of a tag" },
    fail: { type: "boolean", summary: "with a change after which the image can't be built" },
    broken: {
      type: "boolean",
      summary: "with a change after which the image is built, and its pods don't start",
    },
    image: {
      type: "string",
      multiple: true,
      summary: "in the repository of this image alone; may be repeated",
    },
  },
  async run(context, [name, version], { branch: onBranch, fail, broken, image }) {
    const platform = await context.platform();
    const service = serviceOf(platform, name);
    const trigger: Trigger = onBranch
      ? { on: "branch", name: parseLine(version) }
      : { on: "tag", name: parseVersion(version).gitTag };
    const shown = trigger.name.slice("release-".length);
    const sources = sourcesOf(service, image);
    checkRules(name!, sources, trigger);
    for (const { source } of sources) await checkRemote(new Shell(context), source, trigger);
    for (const { source, branch } of sources) {
      await inClone(context, source, async ({ shell, folder, files, read }) => {
        const change = fail
          ? breakBuild(read)
          : broken
            ? breakStart(read)
            : visibleChange(files, read, shown);
        const subjects = (await shell.read(["git", "log", "--format=%s"], folder)).split("\n");
        const repair = fail || broken ? 0 : brokenBy(subjects);
        await shell.run(releaseSteps({ folder, branch, trigger, change, repair }));
      });
    }
    context.print(`\nFollow it: npm run sandbox -- status ${name}`);
  },
});

/** The source repositories that are released: one may be that of several images. @throws Error */
export function sourcesOf(service: Service, aliases: readonly string[] | undefined): ServiceImage[] {
  for (const alias of aliases ?? []) {
    if (service.images[alias]) continue;
    throw new Error(
      `"${alias}" is not an image of the service; there are: ${Object.keys(service.images).join(", ")}`,
    );
  }
  const images = (aliases ?? Object.keys(service.images)).map((alias) => service.images[alias]!);
  return [...new Map(images.map((image) => [image.source, image])).values()];
}

/** A push that matches no build rule builds nothing, and nobody would be told. @throws Error */
export function checkRules(
  name: string,
  sources: readonly ServiceImage[],
  { on, name: pushed }: Trigger,
): void {
  for (const { source, rules } of sources) {
    const match = rules.some((rule) => rule.on === on && new RegExp(`^(?:${rule.pattern})$`).test(pushed));
    if (match) continue;
    throw new Error(
      `No build rule of ${source} follows the ${on} ${pushed}: nothing would be built. ` +
        `Add one to build.rules of the image in services.${name}.images of the stack file, and run "pulumi up".`,
    );
  }
}

/** A tag that is there is never moved: images would differ under one name. @throws Error */
async function checkRemote(shell: Shell, source: string, { on, name }: Trigger): Promise<void> {
  if (on === "branch") return;
  const there = await shell.read(["git", "ls-remote", urlOf(source), `refs/tags/${name}`]);
  const [commit] = there.split(/\s/);
  if (!commit) return;
  throw new Error(
    `${source} has the tag ${name} already, at ${commit.slice(0, 7)}. A released version never changes: take the ` +
      "next one, or leave this repository out with --image <alias> for each of the others.",
  );
}

/** How many commits at the top are there to break the image. @param subjects of all commits, the latest first */
export function brokenBy(subjects: readonly string[]): number {
  const sound = subjects.findIndex((subject) => !breakingSubjects.includes(subject));
  return sound === -1 ? subjects.length : sound;
}

export interface ReleaseRequest {
  /** The clone. */
  folder: string;
  /** The branch that is developed on. */
  branch: string;
  trigger: Trigger;
  change: SourceChange;
  /** How many of the last commits broke the image, and are taken back first. */
  repair: number;
}

export function releaseSteps({ folder, branch, trigger, change, repair }: ReleaseRequest): Step[] {
  const git = (...args: string[]) => ({ run: ["git", ...args], in: folder });
  const main = `HEAD:refs/heads/${branch}`;
  return [
    ...(repair > 0 ? [git("revert", "--no-edit", repair === 1 ? "HEAD" : `HEAD~${repair}..HEAD`)] : []),
    { edit: change.file, in: folder, says: change.says, change: change.change },
    git("add", change.file),
    git("commit", "--quiet", "--message", change.subject),
    ...(trigger.on === "tag" ? [git("tag", trigger.name)] : []),
    // Both or none: a tag whose commit is on no branch is hard to find again.
    trigger.on === "tag"
      ? git("push", "--quiet", "--atomic", "origin", main, trigger.name)
      : git("push", "--quiet", "--atomic", "origin", main, `HEAD:refs/heads/${trigger.name}`),
  ];
}
