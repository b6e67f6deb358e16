import type { Permission } from "../account/model";
import type { Cloud } from "../cloud";
import { action } from "../gateway/action";
import { ApiError, invalid } from "../gateway/errors";
import { choice, flag, required, text } from "../gateway/parameters";
import { findFleet } from "./fleets";

/** Kubernetes permissions of RAM users and roles on a Fleet. */
const grant = {
  UserId: required(text()),
  ClusterId: required(text()),
  RoleType: required(choice(["cluster", "namespace"])),
  RoleName: required(choice(["admin", "dev", "gitops-dev"])),
  Namespace: text({ max: 63 }),
  IsRamRole: flag(),
};

/** Granting again replaces what the user has on that cluster or namespace. */
export const GrantUserPermission = action(grant, (request, cloud) => {
  findFleet(cloud, request.ClusterId);
  const permission: Permission = {
    userId: request.UserId,
    isRamRole: request.IsRamRole ?? false,
    clusterId: request.ClusterId,
    roleType: request.RoleType,
    roleName: request.RoleName,
    namespace: request.Namespace ?? "",
  };
  check(permission);
  const same = (each: Permission) =>
    each.userId === permission.userId &&
    each.clusterId === permission.clusterId &&
    each.roleType === permission.roleType &&
    each.namespace === permission.namespace;
  cloud.account.permissions = [...cloud.account.permissions.filter((each) => !same(each)), permission];
  return {};
});

/** Replaces everything that the user has on the cluster by one role. */
export const UpdateUserPermission = action(grant, (request, cloud) => {
  findFleet(cloud, request.ClusterId);
  const own = (each: Permission) => each.userId === request.UserId && each.clusterId === request.ClusterId;
  const before = cloud.account.permissions.find(own);
  if (!before) throw notFound(request.UserId);
  const permission: Permission = {
    ...before,
    roleType: request.RoleType,
    roleName: request.RoleName,
    namespace: request.Namespace ?? "",
  };
  check(permission);
  cloud.account.permissions = [...cloud.account.permissions.filter((each) => !own(each)), permission];
  return {};
});

export const DescribeUserPermissions = action({ UserId: required(text()) }, ({ UserId }, cloud) => ({
  Permissions: permissionsOf(cloud, UserId).map((each) => ({
    ResourceId: each.roleType === "cluster" ? each.clusterId : `${each.clusterId}/${each.namespace}`,
    ResourceType: each.roleType,
    RoleName: each.roleName,
    RoleType: each.roleName,
  })),
}));

/** Takes away everything that the user has on the cluster. */
export const DeleteUserPermission = action(
  { UserId: required(text()), ClusterId: required(text()) },
  ({ UserId, ClusterId }, cloud) => {
    const { account } = cloud;
    const kept = account.permissions.filter((each) => each.userId !== UserId || each.clusterId !== ClusterId);
    if (kept.length === account.permissions.length) throw notFound(UserId);
    account.permissions = kept;
    return {};
  },
);

/** "GrantUserPermission": which role goes with which type. */
function check({ roleType, roleName, namespace }: Permission): void {
  if (roleType === "cluster" && roleName !== "admin") {
    throw invalid("RoleName", `${roleName} is not a role of the type cluster, only admin is`);
  }
  if (roleType === "namespace" && roleName === "admin") {
    throw invalid("RoleName", "admin is not a role of the type namespace, use dev or gitops-dev");
  }
  if (roleType === "namespace" && namespace === "") {
    throw invalid("Namespace", "a role of the type namespace needs one");
  }
  if (roleName === "gitops-dev" && namespace !== "argocd") {
    throw invalid("Namespace", "gitops-dev is only for argocd");
  }
}

function permissionsOf(cloud: Cloud, userId: string): Permission[] {
  return cloud.account.permissions.filter((each) => each.userId === userId);
}

/** Undocumented code. */
const notFound = (userId: string) =>
  new ApiError(404, "UserPermission.NotFound", `User ${userId} has no permission on the cluster.`);
