import * as pulumi from "@pulumi/pulumi";

export interface SourceBindingArgs {
  /** Id of the Enterprise Edition instance, `cri-…`. A change replaces the binding. */
  instanceId: pulumi.Input<string>;
  /** Id of the image repository, `crr-…`: the output `repoId` of `cs.RegistryEnterpriseRepo`. A change replaces the binding. */
  repoId: pulumi.Input<string>;
  /** Source code host. Its account is bound to the instance in the console: Repository -> Code Source -> Bind Account. */
  codeRepoType: pulumi.Input<"GITHUB" | "GITLAB" | "GITEE" | "CODE" | "CODEUP">;
  /** Owner of the source repository. */
  codeRepoNamespace: pulumi.Input<string>;
  /** Name of the source repository. */
  codeRepoName: pulumi.Input<string>;
  /**
   * Build when a push matches a build rule.
   *
   * @default true
   */
  autoBuild?: pulumi.Input<boolean>;
  /**
   * Build on servers outside the Chinese mainland, from where GitHub is reached reliably.
   *
   * @default true for GITHUB, else false
   */
  overseaBuild?: pulumi.Input<boolean>;
  /**
   * Build without the cache.
   *
   * @default false
   */
  disableCacheBuild?: pulumi.Input<boolean>;
}

/**
 * Binds an image repository to the source repository that it is built from.
 *
 * The API can't unbind: deleting the resource switches automatic builds off, and the binding goes with the image repository.
 * Import id: `<instanceId>:<repoId>`.
 */
export class SourceBinding extends pulumi.CustomResource {
  static readonly __pulumiType = "ackone:registry:SourceBinding";

  declare readonly instanceId: pulumi.Output<string>;
  declare readonly repoId: pulumi.Output<string>;
  declare readonly codeRepoType: pulumi.Output<string>;
  declare readonly codeRepoNamespace: pulumi.Output<string>;
  declare readonly codeRepoName: pulumi.Output<string>;
  declare readonly autoBuild: pulumi.Output<boolean>;
  declare readonly overseaBuild: pulumi.Output<boolean>;
  declare readonly disableCacheBuild: pulumi.Output<boolean>;
  /** Address of the source code host. */
  declare readonly codeRepoDomain: pulumi.Output<string>;

  constructor(name: string, args: SourceBindingArgs, opts?: pulumi.CustomResourceOptions) {
    super(SourceBinding.__pulumiType, name, { ...args, codeRepoDomain: undefined }, opts);
  }
}
