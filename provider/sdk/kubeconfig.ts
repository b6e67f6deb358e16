import * as pulumi from "@pulumi/pulumi";

export interface KubeconfigArgs {
  /** Id of the Fleet or of the member cluster. A change replaces the resource. */
  clusterId: pulumi.Input<string>;
  /** What `clusterId` is. A change replaces the resource. */
  source: pulumi.Input<"fleet" | "member">;
  /**
   * Use the API server's address in the VPC instead of the public one. A change replaces the resource.
   *
   * @default false
   */
  privateIpAddress?: pulumi.Input<boolean>;
  /**
   * Days before the end of the client certificate from which an `up` renews it; a certificate with a shorter life is renewed
   * in its last quarter.
   *
   * @default 7
   */
  renewBeforeDays?: pulumi.Input<number>;
}

/**
 * The kubeconfig of a Fleet or of a member cluster, for a kubernetes provider.
 *
 * It is the same from run to run and renewed by an update when its certificate has expired or is about to. Deleting the
 * resource deletes nothing: a kubeconfig is a copy. Import id: `<source>:<clusterId>:public` or `…:private`.
 */
export class Kubeconfig extends pulumi.CustomResource {
  static readonly __pulumiType = "ackone:fleet:Kubeconfig";

  declare readonly clusterId: pulumi.Output<string>;
  declare readonly source: pulumi.Output<string>;
  declare readonly privateIpAddress: pulumi.Output<boolean>;
  declare readonly renewBeforeDays: pulumi.Output<number>;
  /** The kubeconfig (YAML). Always a secret. */
  declare readonly kubeconfig: pulumi.Output<string>;
  /** End of the client certificate (RFC 3339); undefined for a kubeconfig with a token. */
  declare readonly expiration: pulumi.Output<string | undefined>;

  constructor(name: string, args: KubeconfigArgs, opts?: pulumi.CustomResourceOptions) {
    const secrets = { additionalSecretOutputs: ["kubeconfig"] };
    const outputs = { kubeconfig: undefined, expiration: undefined };
    super(Kubeconfig.__pulumiType, name, { ...args, ...outputs }, pulumi.mergeOptions(secrets, opts));
  }
}
