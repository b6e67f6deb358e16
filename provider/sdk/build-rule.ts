import * as pulumi from "@pulumi/pulumi";

export interface BuildRuleArgs {
  /** Id of the Enterprise Edition instance, `cri-…`. A change replaces the rule. */
  instanceId: pulumi.Input<string>;
  /** Id of the image repository, `crr-…`: the output `repoId` of `cs.RegistryEnterpriseRepo`. A change replaces the rule. */
  repoId: pulumi.Input<string>;
  /** What is pushed. */
  pushType: pulumi.Input<"GIT_TAG" | "GIT_BRANCH">;
  /**
   * Name of the tag or branch, or a regular expression in Java's syntax (no glob).
   *
   * @example "release-(?<imageTag>v[\\w.-]+)"
   */
  pushName: pulumi.Input<string>;
  /**
   * Tag of the image; `${group}` stands for a named group of `pushName`.
   *
   * @example "${imageTag}"
   */
  imageTag: pulumi.Input<string>;
  /**
   * Folder of the Dockerfile, from the root of the repository.
   *
   * @default "/"
   */
  dockerfileLocation?: pulumi.Input<string>;
  /**
   * File name of the Dockerfile.
   *
   * @default "Dockerfile"
   */
  dockerfileName?: pulumi.Input<string>;
  /**
   * Platforms to build for; their order doesn't matter.
   *
   * @default ["linux/amd64"]
   */
  platforms?: pulumi.Input<pulumi.Input<string>[]>;
  /** Build arguments by name. Taking the last one away replaces the rule: an update can't send an empty list. */
  buildArgs?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Builds an image when a push to the bound source repository matches.
 *
 * An equal rule that already exists, such as one left by a run that was killed, is taken over instead of made again.
 * Import id: `<instanceId>:<repoId>:<buildRuleId>`.
 */
export class BuildRule extends pulumi.CustomResource {
  static readonly __pulumiType = "ackone:registry:BuildRule";

  declare readonly instanceId: pulumi.Output<string>;
  declare readonly repoId: pulumi.Output<string>;
  declare readonly pushType: pulumi.Output<string>;
  declare readonly pushName: pulumi.Output<string>;
  declare readonly imageTag: pulumi.Output<string>;
  declare readonly dockerfileLocation: pulumi.Output<string>;
  declare readonly dockerfileName: pulumi.Output<string>;
  declare readonly platforms: pulumi.Output<string[]>;
  declare readonly buildArgs: pulumi.Output<Record<string, string> | undefined>;
  /** Id of the rule, `crbr-…`. */
  declare readonly buildRuleId: pulumi.Output<string>;

  constructor(name: string, args: BuildRuleArgs, opts?: pulumi.CustomResourceOptions) {
    super(BuildRule.__pulumiType, name, { ...args, buildRuleId: undefined }, opts);
  }
}
