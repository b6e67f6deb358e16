import type { Account, BuildRule, Repository } from "../account/model";

/** A tag or branch that arrived in a source repository. */
export interface Push {
  readonly owner: string;
  readonly repository: string;
  readonly type: "GIT_TAG" | "GIT_BRANCH";
  /** The tag or branch, without `refs/…/`. */
  readonly name: string;
  /** 40 hexadecimal digits. */
  readonly commit?: string;
}

/** What GitHub tells about one ref that a push changed. */
export interface RefPushed {
  readonly owner: string;
  readonly name: string;
  /** @example "refs/tags/release-v1.0.1" */
  readonly ref: string;
  readonly deleted: boolean;
  /** The commit that the ref is at now; null after a deletion. */
  readonly headCommit: { readonly id: string } | null;
}

/** A build that a push asks for. */
export interface WantedBuild {
  readonly repository: Repository;
  readonly rule: BuildRule;
  /** The rule's tag with its groups filled in. */
  readonly imageTag: string;
}

/** The push as build rules see it; undefined for one that builds nothing, like a deletion. */
export function pushOf({ owner, name, ref, deleted, headCommit }: RefPushed): Push | undefined {
  const [, kind, short] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
  if (deleted || !headCommit || !kind || !short) return undefined;
  const type = kind === "tags" ? "GIT_TAG" : "GIT_BRANCH";
  return { owner, repository: name, type, name: short, commit: headCommit.id };
}

/**
 * The builds that a push starts.
 *
 * "Build images" leaves open whether a pattern has to match the whole name; here it has to, so that a rule that
 * works in the sandbox works with both readings.
 */
export function buildsFor({ repositories }: Account, push: Push): WantedBuild[] {
  return Object.values(repositories)
    .filter(
      ({ binding, deleting }) =>
        !deleting &&
        binding?.autoBuild === true &&
        sameName(binding.namespace, push.owner) &&
        sameName(binding.name, push.repository),
    )
    .flatMap((repository) =>
      repository.rules
        .filter(({ pushType }) => pushType === push.type)
        .flatMap((rule) => {
          const match = new RegExp(`^(?:${rule.pushName})$`).exec(push.name);
          return match
            ? [{ repository, rule, imageTag: fill(rule.imageTag, match.groups, push.commit) }]
            : [];
        }),
    );
}

/** Whether only a push can start the rule: its tag or its name depends on what is pushed ("Build images"). */
export function needsPush({ pushName, imageTag }: BuildRule): boolean {
  return imageTag.includes("${") || !/^[\w./-]+$/.test(pushName);
}

/** How many digits of the commit id a tag gets, as the console does unless told otherwise ("Build images"). */
const commitDigits = 6;

/**
 * `${group}` is what the group of the pattern matched. `${commit}` is the beginning of the commit id, which the
 * console offers as a part of the tag; how the API writes it is not documented, so this form is an assumption.
 */
function fill(imageTag: string, groups: Record<string, string | undefined> = {}, commit?: string): string {
  const values = new Map(Object.entries(groups).map(([name, value]) => [name, value ?? ""]));
  if (commit && !values.has("commit")) values.set("commit", commit.slice(0, commitDigits));
  return imageTag.replace(/\$\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole);
}

/** GitHub doesn't distinguish capitals in names. */
const sameName = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
