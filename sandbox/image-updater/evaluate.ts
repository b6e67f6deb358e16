/** The first half of a decision: what each image of an Application should run (pkg/argocd/update.go). Pure. */
import { type ImageReference, type ImageTag, nameOf, sameTag } from "./image-reference";
import type { LookUp, Passed, Query } from "./plan";
import { type RegistryTag, selectTag } from "./tag-selection";
import type { Change } from "./write-back";

/**
 * Tags by full image name, or why a registry didn't give them; `during` is what couldn't be done, by default to get
 * tags from it. A name that is missing has no tags.
 */
export type TagsByImage = Record<string, RegistryTag[] | { error: string; during?: string }>;

/** An image that was looked up: what it runs, and what it should run. */
export interface Found {
  query: Query;
  image: ImageReference;
  outcome: "update" | "up to date";
  old: ImageTag;
  tag: ImageTag;
}

export type ImageResult = Passed | Found;

/** What the registries' answers mean, image by image. */
export interface Evaluation {
  results: ImageResult[];
  changes: Change[];
}

export const isFound = (result: ImageResult): result is Found => "query" in result;

/** Finds the changes. */
export function evaluate(planned: LookUp, tags: TagsByImage): Evaluation {
  const results = planned.images.map((each) => ("outcome" in each ? each : judge(each, planned, tags)));
  const changes = results.flatMap((each) =>
    each.outcome === "update" ? [{ image: each.image, old: each.old, new: each.tag }] : [],
  );
  return { results, changes };
}

function judge(query: Query, planned: LookUp, all: TagsByImage): ImageResult {
  const { image, live, settings, registry } = query;
  const { warnings } = settings;
  const tags = all[nameOf(image)] ?? [];
  if ("error" in tags) {
    const { during = "Could not get tags from registry", error } = tags;
    return { image, outcome: "error", reason: `${during}: ${error}`, warnings };
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
  // A kustomization that still runs the replaced name is updated, even when the tag stays.
  const renamed = settings.kustomizeName !== "" && nameOf(live) !== nameOf(image);
  const isSame = sameTag(old, tag) && !unpinned && !renamed;
  return { query, image, outcome: isSame ? "up to date" : "update", old, tag };
}
