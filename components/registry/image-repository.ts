/**
 * An image repository: where the images of one source repository are kept, and what builds them.
 */
import { RegistryEnterpriseRepo } from "@pulumi/alicloud/cs";
import * as pulumi from "@pulumi/pulumi";
import { BuildRule, SourceBinding } from "../../provider";
import { orphanedRepository, unlessOrphaned } from "../adoption";
import { Component } from "../component";
import { VisibleError } from "../error";
import { checked } from "../validation";
import { type BuildTrigger, type CheckedTrigger, checkTrigger, hasConstantTag } from "./build-trigger";
import {
  repositoryNameRule,
  type SourceType,
  sourceTypeRule,
  summaryRule,
  type Visibility,
  visibilityRule,
} from "./names";

export interface BuildRuleArgs extends BuildTrigger {
  /**
   * Tells the rules of one image repository apart; part of the rule's logical name.
   *
   * @default the value of `on`, which is enough for one rule on tags and one on a branch
   */
  name?: string;
}

export interface ImageRepositoryArgs {
  /** Id of the ACR instance, like `cri-…`. */
  instanceId: pulumi.Input<string>;
  /** Name of the namespace in the instance. */
  namespaceName: pulumi.Input<string>;
  /**
   * Name of the repository: 2 to 64 lower-case letters, digits, `.`, `_` and `-`. A change replaces the repository and
   * deletes its images.
   */
  name: pulumi.Input<string>;
  /**
   * What the images are, in 1 to 100 characters.
   *
   * @default "Images of <name>" (without the source's name, so that the repository doesn't wait for its source)
   */
  summary?: pulumi.Input<string>;
  /**
   * `PUBLIC` repositories can be read by every account of the instance, and by anybody only after the instance's switch
   * for anonymous pulls is turned on in the console; no API does that.
   *
   * @default "PRIVATE"
   */
  visibility?: pulumi.Input<Visibility>;
  /**
   * Whether a tag can never be pushed a second time.
   *
   * @default false
   */
  tagImmutability?: pulumi.Input<boolean>;
  /**
   * The source repository. Its host must be bound to the ACR instance once, in the console (Instance > Code Source):
   * that is an OAuth consent, for which there is no API.
   */
  source: {
    /** Organisation or user. Pass an output of the repository, so that the binding waits for it. */
    owner: pulumi.Input<string>;
    /** Name without owner. */
    repository: pulumi.Input<string>;
    /** @default "GITHUB" */
    type?: pulumi.Input<SourceType>;
  };
  /** How images are built. */
  build?: {
    /**
     * Build on machines outside the Chinese mainland. Sources on GitHub and most package registries are slow or
     * unreachable from inside.
     *
     * @default true for GITHUB, else false
     */
    overseas?: pulumi.Input<boolean>;
    /**
     * Reuse layers of earlier builds.
     *
     * @default true
     */
    cache?: pulumi.Input<boolean>;
  };
  /**
   * What starts a build. Plain data: it decides how many resources there are.
   *
   * @default [{}] (one rule with all defaults: the Git tag `release-v1.2.3` builds the image tag `v1.2.3`)
   */
  rules?: BuildRuleArgs[];
}

/**
 * One image repository with its source binding and its build rules.
 *
 * @example
 * ```ts
 * const echo = new ImageRepository("echo-server", {
 *   instanceId: registry.instanceId,
 *   namespaceName: registry.namespaceName,
 *   name: "echo-server",
 *   source: { owner: fork.owner, repository: fork.name },
 *   rules: [{ dockerfile: { location: "/server" }, platforms: ["linux/amd64", "linux/arm64"] }],
 * });
 * ```
 */
export class ImageRepository extends Component {
  /** The repository's id, like `crr-…`. */
  readonly repositoryId: pulumi.Output<string>;
  /** `<namespace>/<name>`: what follows the host in an image's reference. */
  readonly path: pulumi.Output<string>;
  /** The build rules by name. */
  readonly rules: Record<string, BuildRule>;
  /** Escape hatch to the children. */
  readonly nodes: { repository: RegistryEnterpriseRepo; binding: SourceBinding };

  constructor(name: string, args: ImageRepositoryArgs, options?: pulumi.ComponentResourceOptions) {
    super("ackone:registry:ImageRepository", name, options);
    const triggers = nameTriggers(name, args.rules ?? [{}], args.tagImmutability);
    const repository = this.createRepository(name, args);
    const binding = this.createBinding(name, args, repository);
    this.rules = this.createRules(name, args, repository, binding, triggers);
    this.repositoryId = repository.repoId;
    this.path = pulumi.interpolate`${args.namespaceName}/${args.name}`;
    this.nodes = { repository, binding };
    this.registerOutputs({ repositoryId: this.repositoryId, path: this.path });
  }

  private createRepository(name: string, args: ImageRepositoryArgs): RegistryEnterpriseRepo {
    const repositoryName = checked(`${name}.name`, args.name, repositoryNameRule);
    const logicalName = `${name}-repository`;
    return new RegistryEnterpriseRepo(
      logicalName,
      {
        instanceId: args.instanceId,
        namespace: args.namespaceName,
        name: repositoryName,
        summary: checked(
          `${name}.summary`,
          args.summary ?? pulumi.interpolate`Images of ${args.name}`,
          summaryRule,
        ),
        repoType: checked(`${name}.visibility`, args.visibility ?? "PRIVATE", visibilityRule),
        tagImmutability: args.tagImmutability ?? false,
      },
      {
        parent: this,
        dependsOn: unlessOrphaned(
          this,
          logicalName,
          orphanedRepository(args.instanceId, args.namespaceName, repositoryName),
        ),
      },
    );
  }

  private createBinding(
    name: string,
    args: ImageRepositoryArgs,
    repository: RegistryEnterpriseRepo,
  ): SourceBinding {
    const type = checked(`${name}.source.type`, args.source.type ?? "GITHUB", sourceTypeRule);
    return new SourceBinding(
      `${name}-source`,
      {
        instanceId: args.instanceId,
        repoId: repository.repoId,
        codeRepoType: type,
        codeRepoNamespace: args.source.owner,
        codeRepoName: args.source.repository,
        autoBuild: true,
        overseaBuild: args.build?.overseas ?? pulumi.output(type).apply((known) => known === "GITHUB"),
        disableCacheBuild: pulumi.output(args.build?.cache ?? true).apply((cache) => !cache),
      },
      { parent: this },
    );
  }

  private createRules(
    name: string,
    args: ImageRepositoryArgs,
    repository: RegistryEnterpriseRepo,
    binding: SourceBinding,
    triggers: Map<string, CheckedTrigger>,
  ): Record<string, BuildRule> {
    const rules = [...triggers].map(([key, trigger]) => {
      const inputs = { instanceId: args.instanceId, repoId: repository.repoId, ...trigger };
      // A rule refers to the repository only, but ACR refuses rules for a repository without source.
      return [
        key,
        new BuildRule(`${name}-rule-${key}`, inputs, { parent: this, dependsOn: [binding] }),
      ] as const;
    });
    return Object.fromEntries(rules);
  }
}

/** Checks every rule and gives each the name that tells it apart. */
function nameTriggers(
  component: string,
  rules: BuildRuleArgs[],
  tagImmutability: pulumi.Input<boolean> | undefined,
): Map<string, CheckedTrigger> {
  const triggers = new Map<string, CheckedTrigger>();
  for (const [index, rule] of rules.entries()) {
    const path = `${component}.rules[${index}]`;
    const trigger = checkTrigger(rule, path);
    const key = rule.name ?? rule.on ?? "tag";
    if (triggers.has(key)) {
      throw new VisibleError(`${path}.name: "${key}" is the name of two rules; give each a name of its own`);
    }
    if (tagImmutability === true && hasConstantTag(trigger)) {
      throw new VisibleError(
        `${path}.imageTag: ${JSON.stringify(trigger.imageTag)} is the same for every build, and tagImmutability lets a tag be pushed once; use a group of the pattern`,
      );
    }
    triggers.set(key, trigger);
  }
  return triggers;
}
