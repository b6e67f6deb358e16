import { arriveWithoutSteps } from "./arrive-without-steps";
import { inClone } from "./clone";
import type { OperatorContext } from "./context";
import { follow } from "./follow";
import { chooseDeployment, notFound, readHistory } from "./history";
import { sameVersions, stableVersions, type Versions, versionText } from "./images";
import { type Observed, observe } from "./observe";
import { applicationOf, type Environment, environmentOf, serviceOf } from "./platform";
import type { RollbackRequest } from "./rollback-request";
import { Shell } from "./shell";
import type { Step } from "./step";

/** A tag of one image that is taken back, and the one that comes instead. */
export interface Replacement {
  /** `host/namespace/name`. */
  image: string;
  bad: string;
  good: string;
}

/**
 * Takes a version back in one environment: its tag is ignored there from now on, and the file that Image Updater wrote
 * gets the old one. In this order: otherwise the updater writes the bad tag again within minutes.
 */
export async function rollbackInGit(context: OperatorContext, request: RollbackRequest): Promise<void> {
  const { service, environment } = request;
  const platform = await context.platform(true);
  const definition = serviceOf(platform, service);
  const where = environmentOf(platform, environment);
  const name = applicationOf(service, environment);
  const before = await observe(context, service, environment, { refresh: true });
  const good = await goodVersions(context, before, request.to);
  const replacements = replacementsOf(before.wanted, good, (alias) => definition.images[alias]!.reference);
  if (badTags(replacements).length === 0)
    throw new Error(`${name}: Git asks for ${versionText(good)} already.`);

  const shell = new Shell(context, context.stackFolder);
  await shell.run(
    ignoreSteps(context.stackFolder, request, definition.ignoreTags[environment] ?? [], replacements),
  );
  await inClone(context, platform.deployment.repository, async ({ shell: git, folder, files, read }) => {
    const written = files.filter((file) => file.split("/").at(-1) === `.argocd-source-${name}.yaml`);
    const changed = written.filter((file) => setBack(read(file)!, replacements) !== read(file));
    // Image Updater may have been faster: it writes the newest tag that is left.
    if (changed.length === 0) return context.print("# Image Updater has set the tag back by itself");
    const { branch } = platform.deployment;
    await git.run(
      setBackSteps(folder, branch, changed, `Set ${name} back to ${versionText(good)}`, replacements),
    );
  });
  await arrive(context, before, good, where);
  context.print(`${name} runs ${versionText(good)}, and Git asks for it; ${badTags(replacements).join(", ")} is ignored in ${environment}.
Put that into the stack file that is reviewed, too: services.${service}.ignoreTags.${environment}`);
}

async function goodVersions(
  context: OperatorContext,
  seen: Observed,
  to: string | undefined,
): Promise<Versions> {
  const stable = stableVersions(seen.live, seen.wanted);
  if (to === undefined && !sameVersions(stable, seen.wanted)) return stable;
  if (to !== undefined && /^v?\d+\.\d+/.test(to)) {
    const tag = to.startsWith("v") ? to : `v${to}`;
    return Object.fromEntries(Object.keys(seen.wanted).map((alias) => [alias, [tag]]));
  }
  const past = await readHistory(context, seen);
  const chosen = chooseDeployment(past, to);
  if (chosen === undefined) throw notFound(applicationOf(seen.service, seen.environment), to, past);
  return chosen.versions;
}

/** One entry for every image, also where nothing changes. @param referenceOf the image of an alias, without tag */
export function replacementsOf(
  bad: Versions,
  good: Versions,
  referenceOf: (alias: string) => string,
): Replacement[] {
  return Object.entries(bad).flatMap(([alias, [tag]]) =>
    tag ? [{ image: referenceOf(alias), bad: tag, good: good[alias]?.[0] ?? tag }] : [],
  );
}

/** Adds the bad tags to those that are ignored. A list grows at the index after its last. */
export function ignoreSteps(
  folder: string,
  { service, environment }: Pick<RollbackRequest, "service" | "environment">,
  ignored: readonly string[],
  replacements: readonly Replacement[],
): Step[] {
  const added = badTags(replacements).filter((tag) => !ignored.includes(tag));
  const set = added.map((tag, index) => ({
    run: [
      ...["pulumi", "config", "set", "--path"],
      ...[`ackone-delivery:services.${service}.ignoreTags.${environment}[${ignored.length + index}]`, tag],
    ],
    in: folder,
  }));
  return [...set, { run: ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive"], in: folder }];
}

/**
 * Bad tags become good ones, in the lines from their image to the next one: with Helm the tag follows the image's name,
 * with Kustomize it stands behind it.
 */
export function setBack(text: string, replacements: readonly Replacement[]): string {
  let current: Replacement | undefined;
  const lines = text.split("\n").map((line) => {
    current = replacements.find(({ image }) => line.split(/[\s"'=:@]+/).includes(image)) ?? current;
    if (current === undefined) return line;
    const { bad, good } = current;
    const tag = bad.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return line.replace(new RegExp(`(^|[\\s:"'])${tag}(?=["'\\s@]|$)`), `$1${good}`);
  });
  return lines.join("\n");
}

export function setBackSteps(
  folder: string,
  branch: string,
  files: readonly string[],
  subject: string,
  replacements: readonly Replacement[],
): Step[] {
  const git = (...args: string[]) => ({ run: ["git", ...args], in: folder });
  const says = replacements.filter(isChange).map(({ bad, good }) => `${bad} becomes ${good}`);
  return [
    ...files.map((edit) => ({
      edit,
      in: folder,
      says: [...new Set(says)].join(", "),
      change: (text: string) => setBack(text, replacements),
    })),
    git("commit", "--quiet", "--all", "--message", subject),
    {
      ...git("push", "--quiet", "origin", `HEAD:refs/heads/${branch}`),
      // Image Updater writes to the same branch.
      retryAfter: ["git", "pull", "--quiet", "--rebase", "origin", branch],
    },
  ];
}

/** An environment that deploys by itself gets there alone; in one that waits it is this person who wants it now. */
async function arrive(
  context: OperatorContext,
  { service, environment }: Observed,
  good: Versions,
  where: Environment,
) {
  const name = applicationOf(service, environment);
  const shell = new Shell(context);
  const seen = await observe(context, service, environment, { refresh: true });
  if (!where.automatic && !sameVersions(seen.live, good)) {
    await shell.run([{ run: ["argocd", "app", "sync", name], in: context.workFolder }]);
  }
  if (where.automatic) {
    await follow(context, service, environment, {
      reached: ({ live, wanted }) => sameVersions(wanted, good) && sameVersions(live, good),
    });
  }
  await arriveWithoutSteps(context, shell, seen, {});
}

const isChange = ({ bad, good }: Replacement) => bad !== good;
const badTags = (replacements: readonly Replacement[]) => [
  ...new Set(replacements.filter(isChange).map(({ bad }) => bad)),
];
