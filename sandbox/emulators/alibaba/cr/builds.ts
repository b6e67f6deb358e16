import type { Account, BuildRule, Repository } from "../account/model";

/** A tag or branch that arrived in a source repository. */
export interface Push {
  readonly owner: string;
  readonly repository: string;
  readonly type: "GIT_TAG" | "GIT_BRANCH";
  /** The tag or branch, without `refs/…/`. */
  readonly name: string;
}

/** A build that a push asks for. */
export interface WantedBuild {
  readonly repository: Repository;
  readonly rule: BuildRule;
  /** The rule's tag with its groups filled in. */
  readonly imageTag: string;
}

/**
 * The builds that a push starts. This is where build records (ListRepoBuildRecord and its family) will be made.
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
        binding.namespace === push.owner &&
        binding.name === push.repository,
    )
    .flatMap((repository) =>
      repository.rules
        .filter(({ pushType }) => pushType === push.type)
        .flatMap((rule) => {
          const match = new RegExp(`^(?:${rule.pushName})$`).exec(push.name);
          if (!match) return [];
          const imageTag = rule.imageTag.replace(
            /\$\{(\w+)\}/g,
            (whole, group: string) => match.groups?.[group] ?? whole,
          );
          return [{ repository, rule, imageTag }];
        }),
    );
}
