/**
 * Which tag of a repository an image should have (docs/basics/update-strategies.md; pkg/registry/registry.go, GetTags,
 * and pkg/image/version.go, GetNewestVersionFromTags).
 */
import type { ImageSettings, Strategy } from "./annotations";
import type { Behaviour } from "./behaviour";
import { matchesGlob } from "./glob";
import type { ImageTag } from "./image-reference";
import { isWanted } from "./platforms";
import type { Registry } from "./registries-conf";
import { compareVersions, parseConstraint, parseVersion } from "./versions";

/** A tag as the registry has it. Manifests are only read for newest-build and digest, so the rest may be missing. */
export interface RegistryTag {
  name: string;
  /** Digest of what the tag points at. */
  digest?: string;
  /** One for each image behind the tag, with the creation time of its config (not the time of the push). */
  builds?: { platform: string; created: Date }[];
  /** Whether it is an OCI image index, as multi-platform builds and build attestations make it. */
  ociIndex?: boolean;
  /** Why its manifest couldn't be read; such a tag drops out. */
  problem?: string;
}

export type Selection =
  | { kind: "tag"; tag: ImageTag }
  /** No tag came through the filters at all: the image stays, which is not an error. */
  | { kind: "unchanged" }
  | { kind: "none"; reason: string }
  | { kind: "error"; reason: string };

export interface Candidates {
  live: ImageTag;
  /** Tag of the entry in image-list; empty for none. */
  constraint: string;
  settings: ImageSettings;
  registry: Registry;
  tags: RegistryTag[];
  /** Platform of the updater itself, which counts where the image names none. */
  ownPlatform: string;
  behaviour: Behaviour;
}

/** Picks the tag for an image. */
export function selectTag(candidates: Candidates): Selection {
  const { settings, constraint, live } = candidates;
  const { strategy } = settings;
  if (strategy === "digest" && constraint === "") {
    return {
      kind: "error",
      reason: "cannot use update strategy 'digest' without a version constraint (a tag to follow)",
    };
  }
  const tags = sorted(
    strategy,
    withMetadata(
      candidates,
      candidates.tags.filter(({ name }) => isAllowed(name, candidates)),
    ),
  );
  if (tags.length === 0) {
    return { kind: "unchanged" };
  }
  let passing = tags;
  if (strategy === "semver") {
    if (live.name !== "" && parseVersion(live.name) === undefined) {
      return { kind: "error", reason: `current tag '${live.name}' is not a semantic version` };
    }
    try {
      const test = constraint === "" ? () => true : parseConstraint(constraint);
      passing = tags.filter((tag) => test(parseVersion(tag.name)!));
    } catch (error) {
      return { kind: "error", reason: (error as Error).message };
    }
  }
  const newest = passing.at(-1);
  return newest === undefined
    ? { kind: "none", reason: `no tag satisfies the constraint '${constraint}'` }
    : { kind: "tag", tag: { name: newest.name, digest: newest.digest } };
}

interface DatedTag {
  name: string;
  digest: string;
  time: number;
}

/** Whether allow-tags, ignore-tags and, for digest, the tag to follow let a tag through. */
export function isAllowed(
  name: string,
  { settings, constraint }: Pick<Candidates, "settings" | "constraint">,
): boolean {
  if (settings.strategy === "digest" && name !== constraint) {
    return false;
  }
  return settings.allows(name) && !settings.ignoreTags.some((pattern) => matchesGlob(pattern, name));
}

/** Whether a strategy needs manifests. A registry with a tagsortmode is never asked for them. */
export function needsMetadata({ settings, registry }: Pick<Candidates, "settings" | "registry">): boolean {
  return ["newest-build", "digest"].includes(settings.strategy) && registry.tagSortMode === "none";
}

/** Tags with a time: that of their build, else the place in the list of a registry with a tagsortmode. */
function withMetadata(candidates: Candidates, tags: RegistryTag[]): DatedTag[] {
  const { settings, registry, ownPlatform, behaviour } = candidates;
  const { strategy, platforms } = settings;
  if (!needsMetadata(candidates)) {
    const last = tags.length - 1;
    return tags.map(({ name }, i) => ({
      name,
      digest: "",
      time:
        registry.tagSortMode === "latest-first" ? last - i : registry.tagSortMode === "latest-last" ? i : 0,
    }));
  }
  return tags.flatMap(({ name, digest = "", builds = [], ociIndex = false }) => {
    const wanted = builds.filter((build) =>
      isWanted(build.platform, platforms.length > 0 ? platforms : [ownPlatform]),
    );
    if (wanted.length === 0 || (ociIndex && !behaviour.ociIndexes)) {
      return [];
    }
    const time = Math.max(...wanted.map((build) => build.created.getTime()));
    return [{ name, digest: strategy === "digest" ? digest : "", time }];
  });
}

/** Oldest first. Go orders strings by bytes, which for tags is the same as JavaScript's order. */
function sorted(strategy: Strategy, tags: DatedTag[]): DatedTag[] {
  const byName = (a: DatedTag, b: DatedTag) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  if (strategy === "newest-build") {
    return tags.sort((a, b) => a.time - b.time || byName(a, b));
  }
  if (strategy !== "semver") {
    return tags.sort(byName);
  }
  return tags
    .flatMap((tag) => {
      const version = parseVersion(tag.name);
      return version === undefined ? [] : [{ tag, version }];
    })
    .sort((a, b) => compareVersions(a.version, b.version) || byName(a.tag, b.tag))
    .map(({ tag }) => tag);
}
