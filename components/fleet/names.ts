/**
 * What ACK One accepts as names, ids and permissions.
 *
 * Sources: API reference adcp 2022-01-01 (CreateHubCluster, GrantUserPermission); the forms of ids as the consoles show
 * them.
 */
import type { Rule } from "../validation";

/** 1 to 63 letters, digits, hyphens and underscores, starting with a letter or digit. */
export const fleetNameRule: Rule<string> = (name) =>
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name)
    ? undefined
    : "is not a name for a Fleet; use 1 to 63 letters, digits, hyphens and underscores, a letter or digit first";

/** `c` and 32 hexadecimal digits. */
export const clusterIdRule: Rule<string> = (id) =>
  /^c[0-9a-f]{32}$/.test(id)
    ? undefined
    : 'is not the id of a cluster; it has 33 characters, "c" and 32 hexadecimal digits';

/**
 * The name of an ACK cluster that exists: 1 to 63 letters of any script (the console takes Chinese ones), digits,
 * underscores and hyphens, not starting with a hyphen. The cluster has its name already, so a doubtful one is let through.
 */
export const clusterNameRule: Rule<string> = (name) =>
  /^[\p{L}\p{N}_][\p{L}\p{N}_-]{0,62}$/u.test(name)
    ? undefined
    : "is not the name of a cluster; use 1 to 63 letters, digits, _ and -, as in the ACK console";

export const vpcIdRule: Rule<string> = (id) =>
  /^vpc-[a-z0-9]+$/.test(id)
    ? undefined
    : 'is not the id of a VPC; it looks like "vpc-bp1aevy8sofi8mh1q****"';

export const vSwitchIdRule: Rule<string> = (id) =>
  /^vsw-[a-z0-9]+$/.test(id)
    ? undefined
    : 'is not the id of a vSwitch; it looks like "vsw-bp1mdigyhmilu2h4v****"';

/** What GrantUserPermission takes for a user of the Fleet. */
export interface PermissionArgs {
  /** Id of the RAM user or RAM role: digits. */
  userId: string;
  /** The whole Fleet, or one namespace of it. */
  roleType: "cluster" | "namespace";
  /** `admin` for the whole Fleet; `dev` or `gitops-dev` for a namespace. */
  roleName: "admin" | "dev" | "gitops-dev";
  /** Required for `namespace`; `gitops-dev` exists in `argocd` only. */
  namespace?: string;
  /**
   * Whether `userId` is a role rather than a user.
   *
   * @default false
   */
  isRamRole?: boolean;
}

/** Whom, what and where: tells permissions apart, and is part of a logical name. */
export function permissionKey({ userId, roleName, namespace }: PermissionArgs): string {
  return [userId, roleName, namespace].filter(Boolean).join("-");
}

/** What is wrong with a permission as a whole: the field, and the rest of the sentence about its value. */
export function permissionComplaint(
  permission: PermissionArgs,
): { field: keyof PermissionArgs; complaint: string } | undefined {
  const { userId, roleType, roleName, namespace } = permission;
  if (!/^[0-9]{5,32}$/.test(userId)) {
    return { field: "userId", complaint: "is not the id of a RAM user or role; it has digits only" };
  }
  if (roleType !== "cluster" && roleType !== "namespace") {
    return { field: "roleType", complaint: "is not a kind of permission; use cluster or namespace" };
  }
  if (roleType === "cluster" && roleName !== "admin") {
    return {
      field: "roleName",
      complaint: "is not a role for the whole Fleet; use admin, or roleType namespace",
    };
  }
  if (roleType === "cluster" && namespace !== undefined) {
    return { field: "namespace", complaint: "has no effect for the whole Fleet; leave it out" };
  }
  if (roleType === "namespace" && roleName !== "dev" && roleName !== "gitops-dev") {
    return { field: "roleName", complaint: "is not a role for a namespace; use dev or gitops-dev" };
  }
  if (roleType === "namespace" && namespace === undefined) {
    return {
      field: "namespace",
      complaint: "is missing; say in which namespace of the Fleet the role holds",
    };
  }
  if (roleName === "gitops-dev" && namespace !== "argocd") {
    return { field: "namespace", complaint: 'has no GitOps; the role gitops-dev exists in "argocd" only' };
  }
  return undefined;
}
