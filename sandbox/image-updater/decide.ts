/** The decision about one Application in one cycle (pkg/argocd/update.go, UpdateApplication). Pure: ports do the rest. */
import type { Application, HelmParameter } from "./applications";
import {
  helmOverride,
  helmValuesFile,
  kustomizationFile,
  kustomizeOverride,
  mergeKustomizeImages,
} from "./file-content";
import {
  type ImageReference,
  type ImageTag,
  nameOf,
  nameWithTag,
  sameTag,
  tagText,
  tagWithDigest,
} from "./image-reference";
import { type Passed, type Plan, plan, type Query, type Settings } from "./plan";
import { type RegistryTag, selectTag } from "./tag-selection";
import { type Change, commitMessage, type WriteBack, writeBranchName } from "./write-back";

/** What the world said about a plan. */
export interface Answers {
  /** Tags by full image name, or why a registry didn't give them. A name that is missing has none. */
  tags: Record<string, RegistryTag[] | { error: string }>;
  /** Content of the target file; undefined when there is none. For a kustomization its file's content. */
  file?: string;
}

/** What to write, for the git or the cluster port. */
export type Write =
  | { method: "argocd"; parameters: HelmParameter[]; images: string[] }
  | {
      method: "git";
      to: Extract<WriteBack, { method: "git" }>;
      content: string;
      message: string;
      /** Branch to push to; empty for the one that was read. */
      branch: string;
    };

export interface Decision {
  outcome: "update" | "up to date" | "skip" | "error";
  reason: string;
  changes: Change[];
  warnings: string[];
  write?: Write;
  /** The one line for the log. */
  line: string;
}

/** An image that was looked up: what it runs, and what it should run. */
interface Found {
  query: Query;
  image: ImageReference;
  outcome: "update" | "up to date";
  old: ImageTag;
  tag: ImageTag;
}

type ImageResult = Passed | Found;

const isFound = (result: ImageResult): result is Found => "query" in result;

/** Decides about an Application, given what registry and git said. */
export function decide(application: Application, settings: Settings, answers: Answers): Decision {
  const planned = plan(application, settings);
  const name = application.metadata.name;
  if (planned.outcome !== "look up") {
    return conclude(name, planned.outcome, planned.reason);
  }
  const results = planned.images.map((each) => ("outcome" in each ? each : judge(each, planned, answers)));
  const warnings = planned.images.flatMap((each) =>
    "outcome" in each ? each.warnings : each.settings.warnings,
  );
  const changes = results.flatMap((each) =>
    each.outcome === "update" ? [{ image: each.image, old: each.old, new: each.tag }] : [],
  );
  const reason = results.map(describe).join("; ");
  if (changes.length === 0) {
    const outcomes = (["error", "up to date", "skip"] as const).filter((outcome) =>
      results.some((each) => each.outcome === outcome),
    );
    return conclude(name, outcomes[0] ?? "skip", reason, warnings);
  }
  try {
    const write = writeOf(application, planned, results, changes, answers.file);
    return write === undefined
      ? conclude(name, "up to date", `${reason}; the file in git says so already, no commit`, warnings)
      : { ...conclude(name, "update", reason, warnings), changes, write };
  } catch (error) {
    return conclude(
      name,
      "error",
      `Could not update application spec: ${(error as Error).message}`,
      warnings,
    );
  }
}

type LookUp = Extract<Plan, { outcome: "look up" }>;

function conclude(
  name: string,
  outcome: Decision["outcome"],
  reason: string,
  warnings: string[] = [],
): Decision {
  const line = `application=${name} decision="${outcome}" ${[...warnings, reason].join("; ")}`;
  return { outcome, reason, changes: [], warnings, line };
}

function judge(query: Query, planned: LookUp, answers: Answers): ImageResult {
  const { image, live, settings, registry } = query;
  const { warnings } = settings;
  const tags = answers.tags[nameOf(image)] ?? [];
  if ("error" in tags) {
    return { image, outcome: "error", reason: `Could not get tags from registry: ${tags.error}`, warnings };
  }
  // An image that runs without a tag is updated at once: an empty tag equals no other.
  const old = live.tag ?? { name: "", digest: "" };
  const { platform: ownPlatform, behaviour } = planned;
  const constraint = image.tag?.name ?? "";
  const selection = selectTag({ live: old, constraint, settings, registry, tags, ownPlatform, behaviour });
  if (selection.kind === "error") {
    const reason = `Unable to find newest version from available tags: ${selection.reason}`;
    return { image, outcome: "error", reason, warnings };
  }
  if (selection.kind === "none") {
    const reason = `No suitable image tag for upgrade found in list of available tags: ${selection.reason}`;
    return { image, outcome: "skip", reason, warnings };
  }
  const { tag } = selection.kind === "tag" ? selection : { tag: old };
  // An image that is to be followed by digest but runs by tag is pinned at once, even when it is the same build.
  const unpinned = selection.kind === "tag" && settings.strategy === "digest" && old.digest === "";
  return { query, image, outcome: sameTag(old, tag) && !unpinned ? "up to date" : "update", old, tag };
}

function describe(result: ImageResult): string {
  if (!isFound(result)) {
    return result.reason;
  }
  const name = nameOf(result.image);
  return result.outcome === "update"
    ? `${name} from '${tagText(result.old)}' to '${tagText(result.tag)}'`
    : `${name}:${tagText(result.tag)} already on latest allowed version`;
}

/** What to write; undefined when the file says it already. Images that are up to date are written along. */
function writeOf(
  application: Application,
  planned: LookUp,
  results: ImageResult[],
  changes: Change[],
  file: string | undefined,
): Write | undefined {
  const { kind, source, writeBack, behaviour } = planned;
  const known = results.filter(isFound).map(({ query, image, tag }) => ({ query, image: { ...image, tag } }));
  const images = known.map(({ query, image }) => {
    const replaced = query.settings.kustomizeName;
    return (replaced && `${replaced}=`) + nameWithTag(image);
  });
  const parameters = mergeParameters(source.helm?.parameters ?? [], known.flatMap(helmParameters));
  const allImages = mergeKustomizeImages(source.kustomize?.images ?? [], images);
  if (writeBack.method === "argocd") {
    return {
      method: "argocd",
      parameters: kind === "Helm" ? parameters : [],
      images: kind === "Helm" ? [] : allImages,
    };
  }
  const { target, writeBranch } = writeBack;
  let content: string;
  if (target.kind === "kustomization") {
    if (file === undefined) {
      throw new Error(`could not find kustomization in ${target.path}`);
    }
    content = kustomizationFile(file, allImages);
  } else if (kind === "Kustomize") {
    content = kustomizeOverride(file, allImages, behaviour.mergesOverrides);
  } else if (target.kind === "helmvalues") {
    content = helmValuesFile(file, helmValues(known));
  } else {
    content = helmOverride(file, parameters, behaviour.mergesOverrides);
  }
  if (content === file) {
    return undefined;
  }
  const branch = writeBranch === "" ? "" : writeBranchName(writeBranch, changes);
  return {
    method: "git",
    to: writeBack,
    content,
    message: commitMessage(application.metadata.name, changes),
    branch,
  };
}

/** An image with the tag that it should run. */
interface Known {
  query: Query;
  image: ImageReference;
}

/** The keys of a chart: image-spec alone, or image-name and image-tag, by default `image.name` and `image.tag`. */
function helmParameters({ image, query }: Known): HelmParameter[] {
  const { helm } = query.settings;
  const parameter = (name: string, value: string) => ({ name, value, forceString: true });
  return helm.spec !== ""
    ? [parameter(helm.spec, nameWithTag(image))]
    : [
        parameter(helm.name || "image.name", nameOf(image)),
        parameter(helm.tag || "image.tag", tagWithDigest(image.tag)),
      ];
}

function mergeParameters(existing: HelmParameter[], updates: HelmParameter[]): HelmParameter[] {
  const merged = new Map([...existing, ...updates].map((parameter) => [parameter.name, parameter]));
  return [...merged.values()];
}

/** In a values file the keys have no default for an image with an alias: a guess would write into somebody's file. */
function helmValues(known: Known[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const each of known) {
    const { name, tag, spec } = each.query.settings.helm;
    if (each.image.alias !== "" && spec === "" && (name === "" || tag === "")) {
      const missing = name === "" ? "image-name" : "image-tag";
      throw new Error(`could not find an ${missing} annotation for image ${each.image.name}`);
    }
    for (const parameter of helmParameters(each)) {
      values.set(parameter.name, parameter.value);
    }
  }
  return values;
}
