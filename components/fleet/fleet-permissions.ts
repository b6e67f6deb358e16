/**
 * Who else may use the Fleet. Its creator and the main account are administrators already.
 */
import type * as pulumi from "@pulumi/pulumi";
import { Permission } from "../../provider";
import { Component } from "../component";
import { invalid, VisibleError } from "../error";
import { type PermissionArgs, permissionComplaint, permissionKey } from "./names";

export interface FleetPermissionsArgs {
  /** The Fleet's cluster id. */
  fleetId: pulumi.Input<string>;
  /** Plain data: every entry is a resource named after it. */
  permissions: PermissionArgs[];
}

/**
 * Permissions of RAM users and roles on the Fleet's API server and, with `gitops-dev`, on its Applications.
 *
 * @example
 * ```ts
 * new FleetPermissions("permissions", {
 *   fleetId: fleet.id,
 *   permissions: [{ userId: "204900000000000001", roleType: "namespace", roleName: "gitops-dev", namespace: "argocd" }],
 * });
 * ```
 */
export class FleetPermissions extends Component {
  constructor(name: string, args: FleetPermissionsArgs, options?: pulumi.ComponentResourceOptions) {
    super("ackone:fleet:FleetPermissions", name, options);
    for (const [key, permission] of checkPermissions(name, args.permissions)) {
      new Permission(
        `${name}-${key}`,
        { clusterId: args.fleetId, ...permission, isRamRole: permission.isRamRole ?? false },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}

/** Checks the permissions and gives each its name: whom, what and where. */
function checkPermissions(name: string, permissions: PermissionArgs[]): Map<string, PermissionArgs> {
  const named = new Map<string, PermissionArgs>();
  for (const [index, permission] of permissions.entries()) {
    const path = `${name}.permissions[${index}]`;
    const problem = permissionComplaint(permission);
    if (problem !== undefined) {
      throw invalid(`${path}.${problem.field}`, permission[problem.field], problem.complaint);
    }
    const key = permissionKey(permission);
    if (named.has(key)) {
      throw new VisibleError(`${path}: the same permission is listed twice; once is enough`);
    }
    named.set(key, permission);
  }
  return named;
}
