import * as pulumi from "@pulumi/pulumi";

export interface InstanceEndpointArgs {
  /** Id of the Enterprise Edition instance, `cri-…`. A change replaces the resource. */
  instanceId: pulumi.Input<string>;
  /**
   * Network that the endpoint is for. A change replaces the resource.
   *
   * @default "internet"
   */
  endpointType?: pulumi.Input<"internet">;
  /**
   * What is served: images or charts. A change replaces the resource.
   *
   * @default "Registry"
   */
  moduleName?: pulumi.Input<"Registry" | "Chart">;
  /**
   * Whether the endpoint is on.
   *
   * @default true
   */
  enabled?: pulumi.Input<boolean>;
}

/**
 * Switches the public endpoint of a registry instance and waits until it runs, at most 15 minutes (`customTimeouts` change
 * that). Deleting the resource switches the endpoint off. Who may reach it is said by `cr.EndpointAclPolicy`.
 * Import id: `<instanceId>:<endpointType>:<moduleName>`.
 */
export class InstanceEndpoint extends pulumi.CustomResource {
  static readonly __pulumiType = "ackone:registry:InstanceEndpoint";

  declare readonly instanceId: pulumi.Output<string>;
  declare readonly endpointType: pulumi.Output<string>;
  declare readonly moduleName: pulumi.Output<string>;
  declare readonly enabled: pulumi.Output<boolean>;
  /** State of the endpoint, such as `RUNNING`. */
  declare readonly status: pulumi.Output<string>;
  /** Host names of the endpoint, sorted. */
  declare readonly domains: pulumi.Output<string[]>;

  constructor(name: string, args: InstanceEndpointArgs, opts?: pulumi.CustomResourceOptions) {
    super(InstanceEndpoint.__pulumiType, name, { ...args, status: undefined, domains: undefined }, opts);
  }
}
