/**
 * Which Git push builds an image, and how the image is called: the rules about build rules, as pure functions.
 *
 * ACR takes the name of a tag or branch as a Java regular expression. Its named groups can be used in the image's tag:
 * `release-(?<imageTag>v[\w.-]+)` turns the Git tag `release-v1.2.3` into the image tag `v1.2.3` with `${imageTag}`
 * (ACR user guide, "Use an Enterprise Edition instance to build an image"). The guide doesn't say whether the
 * expression must match all of the name or may match a part, so only patterns that mean the same both ways are taken.
 */
import { VisibleError } from "../error";
import { check, type Rule } from "../validation";

/** One reason to build, as written in configuration. All fields are plain data: they are checked before any call. */
export interface BuildTrigger {
  /**
   * What is pushed.
   *
   * @default "tag"
   */
  on?: "tag" | "branch";
  /**
   * The name of the pushed tag or branch, as a regular expression with named groups. For tags it must match
   * `release-v1.2.3`.
   *
   * @default "release-(?<imageTag>v[\\w.-]+)" for tags; required for branches
   */
  pattern?: string;
  /**
   * The image's tag; `${group}` stands for what the pattern's group of that name matched, and `${commit}` for the first
   * six digits of the commit's id. The console has a switch for the latter; how the API writes it is not documented, so
   * look at the rule in the console once.
   *
   * @default "${imageTag}" for tags; required for branches
   */
  imageTag?: string;
  /** The Dockerfile in the source repository. */
  dockerfile?: {
    /**
     * The folder, from the root of the repository; also the build context.
     *
     * @default "/"
     */
    location?: string;
    /** @default "Dockerfile" */
    name?: string;
  };
  /**
   * Platforms to build for, like `linux/amd64` and `linux/arm64`; several make a multi-platform image.
   *
   * @default ["linux/amd64"]
   */
  platforms?: string[];
  /**
   * Build arguments (`ARG` in the Dockerfile). They are kept in clear text by ACR and in the image's history, so never
   * put a secret here.
   *
   * @default {}
   */
  arguments?: Record<string, string>;
}

/** A trigger with every default filled in and every rule kept. */
export interface CheckedTrigger {
  pushType: "GIT_TAG" | "GIT_BRANCH";
  pushName: string;
  imageTag: string;
  dockerfileLocation: string;
  dockerfileName: string;
  platforms: string[];
  buildArgs: Record<string, string>;
}

/** The Git tag that every tag pattern must match: the form in which releases of this platform are tagged. */
export const sampleGitTag = "release-v1.2.3";

/** Branches as people call them, to see what a pattern makes of them. */
export const sampleBranches = ["release-v3", "release/v3", "release-1.2", "release/1.2", "main", "master"];

/** The beginning of a commit's id. */
const sampleCommit = "5a7147";

const defaultPattern = "release-(?<imageTag>v[\\w.-]+)";
const defaultImageTag = "${imageTag}";
const defaultPlatforms = ["linux/amd64"];

/**
 * Fills in the defaults and checks the trigger.
 *
 * @param path Where the trigger stands: `services.echo.images.echoServer.build[0]`.
 * @throws {VisibleError}
 */
export function checkTrigger(trigger: BuildTrigger, path: string): CheckedTrigger {
  const on = check(`${path}.on`, trigger.on ?? "tag", onRule);
  const pattern = trigger.pattern ?? (on === "tag" ? defaultPattern : undefined);
  const imageTag = trigger.imageTag ?? (on === "tag" ? defaultImageTag : undefined);
  if (pattern === undefined || imageTag === undefined) {
    const missing = pattern === undefined ? "pattern" : "imageTag";
    throw new VisibleError(`${path}.${missing}: a build on a branch has no default for it; say which`);
  }
  check(`${path}.pattern`, pattern, on === "tag" ? tagPatternRule : patternRule);
  check(`${path}.imageTag`, imageTag, imageTagRule(pattern));
  const location = check(`${path}.dockerfile.location`, trigger.dockerfile?.location ?? "/", locationRule);
  const name = check(`${path}.dockerfile.name`, trigger.dockerfile?.name ?? "Dockerfile", fileNameRule);
  for (const [index, platform] of (trigger.platforms ?? []).entries()) {
    check(`${path}.platforms[${index}]`, platform, platformRule);
  }
  for (const argument of Object.keys(trigger.arguments ?? {})) {
    check(`${path}.arguments`, argument, argumentRule);
  }
  return {
    pushType: on === "tag" ? "GIT_TAG" : "GIT_BRANCH",
    pushName: pattern,
    imageTag,
    dockerfileLocation: location,
    dockerfileName: name,
    platforms: trigger.platforms?.length ? [...trigger.platforms] : [...defaultPlatforms],
    buildArgs: { ...trigger.arguments },
  };
}

/**
 * The tag of the image that a push builds, with some commit's id where it has one; undefined when the push doesn't
 * trigger this build.
 *
 * @param gitName The name of the tag or branch that is pushed, like `release-v1.2.3`.
 */
export function imageTagFor(
  trigger: Pick<CheckedTrigger, "pushName" | "imageTag">,
  gitName: string,
): string | undefined {
  const match = new RegExp(`^(?:${trigger.pushName})$`).exec(gitName);
  return match ? fill(trigger.imageTag, { commit: sampleCommit, ...match.groups }) : undefined;
}

/** True when the image's tag has the commit's id in it, so that the order of tags says nothing about their age. */
export function hasCommitTag(trigger: Pick<CheckedTrigger, "pushName" | "imageTag">): boolean {
  return referencesIn(trigger.imageTag).includes("commit") && !groupsIn(trigger.pushName).includes("commit");
}

/** True when every push that triggers the build gives the image the same tag. */
export function hasConstantTag(trigger: Pick<CheckedTrigger, "imageTag">): boolean {
  return referencesIn(trigger.imageTag).length === 0;
}

const onRule: Rule<string> = (on) =>
  on === "tag" || on === "branch" ? undefined : 'is nothing that a build starts on; use "tag" or "branch"';

/** A pattern that is a regular expression, in the part of the language that Java and JavaScript share. */
export const patternRule: Rule<string> = (pattern) => {
  if (isGlob(pattern)) {
    return `is a glob, but ACR takes a regular expression; write "${fromGlob(pattern)}"`;
  }
  const expression = compile(pattern);
  if (expression === undefined) {
    return "is not a regular expression that ACR understands; check its brackets and escapes";
  }
  const group = groupsIn(pattern).find((name) => !/^[A-Za-z][A-Za-z0-9]*$/.test(name));
  return group === undefined
    ? undefined
    : `calls a group "${group}"; group names have letters and digits only, a letter first`;
};

/** A pattern for tags: it also matches the way releases are tagged, whole and as a part alike. */
export const tagPatternRule: Rule<string> = (pattern) => {
  const complaint = patternRule(pattern);
  if (complaint !== undefined) {
    return complaint;
  }
  const whole = new RegExp(`^(?:${pattern})$`).exec(sampleGitTag);
  if (whole === null) {
    return `doesn't match the Git tag "${sampleGitTag}"; releases would never be built. Use a pattern like "${defaultPattern}"`;
  }
  const part = new RegExp(pattern).exec(sampleGitTag);
  return part?.[0] === sampleGitTag && sameGroups(part.groups, whole.groups)
    ? undefined
    : `matches only a part of the Git tag "${sampleGitTag}" when it may; make it match the whole tag, like "${defaultPattern}"`;
};

/** The image tag of a pattern: uses only groups of the pattern and gives a tag that registries accept. */
export function imageTagRule(pattern: string): Rule<string> {
  const groups = groupsIn(pattern);
  return (imageTag) => {
    const rest = imageTag.replaceAll(/\$\{[^}]*\}/g, "");
    if (rest.includes("$")) {
      return 'has a "$" without braces; the value of a group is written like "${imageTag}"';
    }
    const missing = referencesIn(imageTag).find((name) => name !== "commit" && !groups.includes(name));
    if (missing !== undefined) {
      const known = groups.length > 0 ? `its groups are ${groups.join(", ")}` : "it has none";
      return `uses the group "${missing}", which the pattern ${JSON.stringify(pattern)} doesn't define (${known})`;
    }
    // Groups are replaced by one good character: what they match is known only when something is pushed.
    const example = fill(imageTag, Object.fromEntries([...groups, "commit"].map((name) => [name, "x"])));
    return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(example)
      ? undefined
      : "is not a tag for an image; use letters, digits, dots, underscores and hyphens, at most 128";
  };
}

const locationRule: Rule<string> = (location) =>
  /^\/(?:[^/\s]+\/?)*$/.test(location) && !location.split("/").includes("..")
    ? undefined
    : 'is not a folder of the repository; start at its root, like "/" or "/server"';

const fileNameRule: Rule<string> = (name) =>
  /^[^/\s]+$/.test(name) ? undefined : "is not a file name; the folder goes into dockerfile.location";

const platformRule: Rule<string> = (platform) =>
  /^linux\/(?:386|amd64|arm|arm64)(?:\/v[5-8])?$/.test(platform)
    ? undefined
    : 'is not a platform that ACR builds for; use forms like "linux/amd64" and "linux/arm64"';

const argumentRule: Rule<string> = (name) =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? undefined
    : "is not a name for a build argument; use letters, digits and underscores, no digit first";

/**
 * `release-*` compiles as a regular expression, but means something else. A pattern counts as a glob when it repeats a
 * literal character (or nothing) and has nothing else that only a regular expression would have.
 */
function isGlob(pattern: string): boolean {
  return /(?:^|[\w/-])[*?]/.test(pattern) && !/[\\()[\]{}|+^$]|\.[*?]/.test(pattern);
}

/** The regular expression that a glob was meant to be, with one group for everything that varies. */
function fromGlob(glob: string): string {
  const start = glob.search(/[*?]/);
  // `release-v*`: the v is part of the version, as in the default pattern.
  const head = glob.slice(0, start).replace(/v$/, "");
  const version = glob.slice(0, start).endsWith("v") ? "v[\\w.-]+" : "[\\w.-]+";
  return `${head}(?<imageTag>${version})`;
}

function compile(pattern: string): RegExp | undefined {
  try {
    return pattern === "" ? undefined : new RegExp(pattern);
  } catch {
    return undefined;
  }
}

function groupsIn(pattern: string): string[] {
  // `(?<=` and `(?<!` look behind and are no groups; `\(` is a bracket, and in `[(]` too.
  const bare = pattern.replaceAll(/\\./g, "").replaceAll(/\[[^\]]*\]/g, "");
  return [...bare.matchAll(/\(\?<(?![=!])([^>]*)>/g)].map((match) => match[1]!);
}

function referencesIn(imageTag: string): string[] {
  return [...imageTag.matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1]!);
}

function fill(imageTag: string, groups: Record<string, string | undefined>): string {
  return imageTag.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => groups[name] ?? "");
}

function sameGroups(a: Record<string, string> | undefined, b: Record<string, string> | undefined): boolean {
  return JSON.stringify(a ?? {}) === JSON.stringify(b ?? {});
}
