import { parseArgs } from "node:util";
import { inClone, urlOf } from "./clone";
import type { Operation } from "./context";
import { type Service, type ServiceImage, serviceOf } from "./platform";
import { Shell } from "./shell";
import { breakBuild, breakingSubjects, breakStart, type SourceChange, visibleChange } from "./source-change";
import type { Step } from "./step";
import { surplusError } from "./surplus";
import { parseLine, parseVersion } from "./version";

/** A push that starts builds. */
export interface Trigger {
  on: "tag" | "branch";
  /** `release-v1.0.1` or `release-v3`. */
  name: string;
}

const options = {
  branch: { type: "boolean" },
  fail: { type: "boolean" },
  broken: { type: "boolean" },
  image: { type: "string", multiple: true },
} as const;

/** Commits, tags and pushes in every source repository of a service, as its developers do for a release. */
export const release: Operation = {
  usage: "release <service> <version> [--branch] [--fail] [--broken] [--image <alias>]",
  summary:
    "tag a small change in the service's source repositories (--branch: push release-v<major> instead)",
  async run(context, args) {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (positionals[2] !== undefined) throw surplusError(release.usage, positionals[2]);
    const platform = await context.platform();
    const service = serviceOf(platform, positionals[0]);
    const trigger: Trigger = values.branch
      ? { on: "branch", name: parseLine(positionals[1]) }
      : { on: "tag", name: parseVersion(positionals[1]).gitTag };
    const version = values.branch ? trigger.name.slice("release-".length) : parseVersion(positionals[1]).tag;
    const sources = sourcesOf(service, values.image);
    checkRules(positionals[0]!, sources, trigger);
    for (const { source } of sources) await checkRemote(new Shell(context), source, trigger);
    for (const { source, branch } of sources) {
      await inClone(context, source, async ({ shell, folder, files, read }) => {
        const change = values.fail
          ? breakBuild(read)
          : values.broken
            ? breakStart(read)
            : visibleChange(files, read, version);
        const subjects = (await shell.read(["git", "log", "--format=%s"], folder)).split("\n");
        const repair = values.fail || values.broken ? 0 : brokenBy(subjects);
        await shell.run(releaseSteps({ folder, branch, trigger, change, repair }));
      });
    }
    context.print(`\nFollow it: npm run sandbox -- status ${positionals[0]}`);
  },
};

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
