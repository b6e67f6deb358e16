import * as pulumi from "@pulumi/pulumi";

export interface FleetFeaturesArgs {
  /** Id of the Fleet. A change replaces the resource. */
  clusterId: pulumi.Input<string>;
  /**
   * The hosted Argo CD.
   *
   * @default true
   */
  gitops?: pulumi.Input<boolean>;
  /**
   * Argo CD in several replicas; needs `gitops`.
   *
   * @default false
   */
  gitopsHighAvailability?: pulumi.Input<boolean>;
  /**
   * Argo CD reachable from the Internet; needs `gitops`.
   *
   * @default false
   */
  gitopsPublicAccess?: pulumi.Input<boolean>;
  /**
   * CIDR blocks that may reach Argo CD from the Internet; needs `gitopsPublicAccess`.
   *
   * @default left as it is; every address when never set
   */
  gitopsAccessControlList?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The API server reachable from the Internet; Alibaba Cloud makes an elastic IP address for it.
   *
   * @default false
   */
  publicApiServer?: pulumi.Input<boolean>;
  /**
   * The Fleet can't be deleted. Deleting this resource takes the protection off.
   *
   * @default false
   */
  deletionProtection?: pulumi.Input<boolean>;
  /**
   * Audit log of the API server.
   *
   * @default left as it is
   */
  auditLog?: pulumi.Input<boolean>;
}

/**
 * Switches the features of a Fleet and waits until it has them, at most 30 minutes (`customTimeouts` change that).
 *
 * Deleting the resource takes the deletion protection off, turns GitOps off and waits for that, because a Fleet with GitOps
 * can't be deleted. Whatever lives in the hosted Argo CD should therefore depend on this resource. Import id: the Fleet's id.
 */
export class FleetFeatures extends pulumi.CustomResource {
  static readonly __pulumiType = "ackone:fleet:FleetFeatures";

  declare readonly clusterId: pulumi.Output<string>;
  declare readonly gitops: pulumi.Output<boolean>;
  declare readonly gitopsHighAvailability: pulumi.Output<boolean>;
  declare readonly gitopsPublicAccess: pulumi.Output<boolean>;
  declare readonly gitopsAccessControlList: pulumi.Output<string[] | undefined>;
  declare readonly publicApiServer: pulumi.Output<boolean>;
  declare readonly deletionProtection: pulumi.Output<boolean>;
  declare readonly auditLog: pulumi.Output<boolean | undefined>;
  /** Address of the API server from the Internet; empty without one. */
  declare readonly apiServerPublicEndpoint: pulumi.Output<string>;
  /** Address of the API server from the VPC. */
  declare readonly apiServerPrivateEndpoint: pulumi.Output<string>;
  /** Host name of Argo CD, `argocd.<cluster id>.<region>.alicontainer.com`. */
  declare readonly argocdHost: pulumi.Output<string>;

  constructor(name: string, args: FleetFeaturesArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      apiServerPublicEndpoint: undefined,
      apiServerPrivateEndpoint: undefined,
      argocdHost: undefined,
    };
    super(FleetFeatures.__pulumiType, name, { ...args, ...outputs }, opts);
  }
}
