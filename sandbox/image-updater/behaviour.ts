/**
 * What differs between the releases of the annotation era, one switch for each difference (CHANGELOG.md of
 * argoproj-labs/argocd-image-updater). No other file asks for a version.
 */
export interface Behaviour {
  /** From v0.13: `newest-build` and `alphabetical` exist. Before, an unknown name is semver, with a warning. */
  newStrategyNames: boolean;
  /** From v0.13: a file in git keeps the parameters that this cycle says nothing about. Before, it is written anew. */
  mergesOverrides: boolean;
  /** From v0.13: write-back-target `helmvalues` and literal paths. Before, both are ignored. */
  fileTargets: boolean;
  /** From v0.13: Applications with `spec.sources`. Before, they have no type and are passed over. */
  severalSources: boolean;
  /** From v0.13: annotation git-repository. */
  gitRepository: boolean;
  /** From v0.16: the branch is that of the source with the repository of git-repository (#932). Before, the chart's. */
  branchOfRepository: boolean;
  /** From v0.13: keys of a GitHub App in a `git:secret:` Secret. */
  githubApp: boolean;
  /** From v0.13: OCI image indexes (multi-platform builds) can be read. Before, such tags drop out. */
  ociIndexes: boolean;
  /** From v0.15.1: a write branch that exists already is used again (#882). Before, the push is refused. */
  reusesWriteBranch: boolean;
  /** From v0.17: a registry is also found by the longest prefix of the image's name. Before, by its exact host only. */
  longestPrefix: boolean;
}

/** Minor releases that can be followed. */
export const releases = ["v0.12", "v0.13", "v0.14", "v0.15", "v0.16", "v0.17", "v0.18"] as const;
export type Release = (typeof releases)[number];

/**
 * The release followed when nobody says otherwise: the last one that finds registries by exact host only, so that
 * nothing which works here needs a newer one.
 */
export const defaultRelease: Release = "v0.16";

/** The behaviour of the last patch of a release. */
export function behaviourOf(release: Release = defaultRelease): Behaviour {
  const minor = Number(release.slice("v0.".length));
  return {
    newStrategyNames: minor >= 13,
    mergesOverrides: minor >= 13,
    fileTargets: minor >= 13,
    severalSources: minor >= 13,
    gitRepository: minor >= 13,
    branchOfRepository: minor >= 16,
    githubApp: minor >= 13,
    ociIndexes: minor >= 13,
    reusesWriteBranch: minor >= 15,
    longestPrefix: minor >= 17,
  };
}
