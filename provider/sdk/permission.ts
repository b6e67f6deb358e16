import * as pulumi from "@pulumi/pulumi";

export interface PermissionArgs {
  /** Id (digits) of the RAM user or role. */
  userId: pulumi.Input<string>;
  /** Id of the Fleet. */
  clusterId: pulumi.Input<string>;
  /** Whether the permission is for the whole Fleet or for one namespace. */
  roleType: pulumi.Input<"cluster" | "namespace">;
  /** `admin` for the role type cluster, `dev` or `gitops-dev` for namespace. */
  roleName: pulumi.Input<"admin" | "dev" | "gitops-dev">;
  /**
   * The namespace, for the role type namespace.
   *
   * @default "argocd" for gitops-dev, the only one that it may have
   */
  namespace?: pulumi.Input<string>;
  /**
   * Whether `userId` is a RAM role.
   *
   * @default false
   */
  isRamRole?: pulumi.Input<boolean>;
}

/**
 * Grants a RAM user or role a permission on a Fleet. Any change replaces the permission, the old one first.
 *
 * The API deletes all of a user's permissions on a Fleet at once; deleting this resource grants the others again.
 * Import id: `<userId>:<clusterId>:<roleType>:<roleName>`, with `:<namespace>` for the role type namespace.
 */
export class Permission extends pulumi.CustomResource {
  static readonly __pulumiType = "ackone:fleet:Permission";

  declare readonly userId: pulumi.Output<string>;
  declare readonly clusterId: pulumi.Output<string>;
  declare readonly roleType: pulumi.Output<string>;
  declare readonly roleName: pulumi.Output<string>;
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly isRamRole: pulumi.Output<boolean>;

  constructor(name: string, args: PermissionArgs, opts?: pulumi.CustomResourceOptions) {
    super(Permission.__pulumiType, name, { ...args }, opts);
  }
}
