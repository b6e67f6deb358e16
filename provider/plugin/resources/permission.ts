/**
 * What a RAM user or role may do on a Fleet (RBAC).
 *
 * The API grants one permission at a time but deletes all that a user has on a Fleet. Deleting this resource therefore grants
 * the user's other permissions there again.
 */
import type { OpenApi } from "../../openapi/client";
import { unlessGone } from "../../openapi/error";
import type { CheckFailure } from "../protocol";
import { defineResource } from "../resource";
import { fleetId } from "./ids";

interface Inputs {
  userId: string;
  clusterId: string;
  roleType: string;
  roleName: string;
  namespace?: string;
  isRamRole: boolean;
}

type Outputs = Record<never, never>;

/** Roles that a role type allows (GrantUserPermission in the API reference of ACK One). */
const ROLES: Record<string, readonly string[]> = { cluster: ["admin"], namespace: ["dev", "gitops-dev"] };

export const permission = defineResource<Inputs, Outputs>({
  token: "ackone:fleet:Permission",
  description: "Grants a RAM user or role a permission on a Fleet.",
  inputs: {
    userId: {
      type: "string",
      description: "Id of the RAM user or role.",
      required: true,
      replaces: true,
      pattern: {
        matches: (text) => /^\d+$/.test(text),
        means: "the id of a RAM user or role; ids are digits, not names",
      },
    },
    clusterId: fleetId,
    roleType: {
      type: "string",
      description: "Whether the permission is for the whole Fleet or for one namespace.",
      required: true,
      replaces: true,
      values: ["cluster", "namespace"],
    },
    roleName: {
      type: "string",
      description: "The role.",
      required: true,
      replaces: true,
      values: ["admin", "dev", "gitops-dev"],
    },
    namespace: { type: "string", description: "The namespace, for the role type namespace.", replaces: true },
    isRamRole: {
      type: "boolean",
      description: "Whether userId is a RAM role.",
      default: false,
      replaces: true,
    },
  },
  outputs: {},
  deleteBeforeReplace: true,

  check({ roleType, roleName, namespace }, given) {
    const failures: CheckFailure[] = [];
    const allowed = ROLES[roleType ?? ""];
    if (allowed && roleName && !allowed.includes(roleName)) {
      const use = allowed.join(" or ");
      failures.push({
        property: "roleName",
        reason: `"${roleName}" is no role of the type ${roleType}; use ${use}`,
      });
    }
    if (roleType === "cluster" && namespace) {
      failures.push({ property: "namespace", reason: "is only for the role type namespace; leave it out" });
    }
    if (roleType === "namespace" && !given("namespace")) {
      failures.push({ property: "namespace", reason: "is missing: the role type namespace needs one" });
    }
    if (roleType === "namespace" && roleName === "gitops-dev" && namespace && namespace !== "argocd") {
      failures.push({
        property: "namespace",
        reason: `"${namespace}" has no GitOps; gitops-dev needs argocd`,
      });
    }
    return failures;
  },

  defaults({ roleName }) {
    return roleName === "gitops-dev" ? { namespace: "argocd" } : {};
  },

  create: (inputs, { api, turns }) =>
    turns.take(turnOf(inputs), async () => {
      const existing = async () =>
        (await granted(api, inputs)).some((one) => isSame(one, inputs)) ? true : undefined;
      if (!(await existing())) await api.create("GrantUserPermission", request(inputs), () => true, existing);
      return { id: idOf(inputs), state: inputs };
    }),

  async read(id, { api }, known) {
    const [userId, clusterId, roleType, roleName, namespace, ...rest] = id.split(":");
    if (!userId || !clusterId || !roleType || !roleName || rest.length > 0) {
      throw new Error(
        `"${id}" is not an id of this resource; it looks like <userId>:<clusterId>:<roleType>:<roleName>[:<namespace>].`,
      );
    }
    const wanted = { userId, clusterId, roleType, roleName, ...(namespace ? { namespace } : {}) };
    const found = (await granted(api, wanted)).find((one) => isSame(one, wanted));
    return found && { ...wanted, isRamRole: found.isRamRole ?? known?.isRamRole ?? false };
  },

  async update(_id, inputs) {
    return inputs; // every change is a replacement
  },

  delete: (_id, state, { api, turns }) =>
    turns.take(turnOf(state), async () => {
      const permissions = await granted(api, state);
      if (!permissions.some((one) => isSame(one, state))) return;
      await unlessGone(
        api.call("DeleteUserPermission", { UserId: state.userId, ClusterId: state.clusterId }),
      );
      for (const other of permissions.filter((one) => !isSame(one, state))) {
        await api.call("GrantUserPermission", request({ ...other, isRamRole: state.isRamRole }));
      }
    }),
});

/** A delete takes all of a user's permissions for a moment; whatever else is done to them has to wait. */
function turnOf({ userId, clusterId }: Inputs): string {
  return `permissions:${userId}:${clusterId}`;
}

type Grant = Omit<Inputs, "isRamRole"> & { isRamRole?: boolean };

interface Reply {
  Permissions?: {
    /** `<cluster id>` or `<cluster id>/<namespace>`. */
    ResourceId?: string;
    ResourceType?: string;
    RoleName?: string;
    RoleType?: string;
    IsRamRole?: boolean | number;
  }[];
}

/** What the user has on this Fleet. */
async function granted(
  api: OpenApi,
  { userId, clusterId }: { userId: string; clusterId: string },
): Promise<Grant[]> {
  const reply = await unlessGone(api.call<Reply>("DescribeUserPermissions", { UserId: userId }));
  return (reply?.Permissions ?? []).flatMap((one): Grant[] => {
    const [cluster, namespace] = (one.ResourceId ?? "").split("/");
    if (cluster !== clusterId) return [];
    // The reference gives RoleType the values of ResourceType in one place and those of RoleName in another.
    const roleType = namespace ? "namespace" : (one.ResourceType ?? "cluster");
    const roleName = one.RoleName ?? one.RoleType ?? "";
    const isRamRole = one.IsRamRole === undefined ? undefined : Boolean(one.IsRamRole);
    return [{ userId, clusterId, roleType, roleName, ...(namespace ? { namespace } : {}), isRamRole }];
  });
}

function isSame(one: Grant, other: Grant): boolean {
  return (
    one.roleType === other.roleType && one.roleName === other.roleName && one.namespace === other.namespace
  );
}

function idOf({ userId, clusterId, roleType, roleName, namespace }: Inputs): string {
  return [userId, clusterId, roleType, roleName, namespace].filter((part) => part !== undefined).join(":");
}

function request(inputs: Inputs) {
  return {
    UserId: inputs.userId,
    ClusterId: inputs.clusterId,
    RoleType: inputs.roleType,
    RoleName: inputs.roleName,
    Namespace: inputs.namespace,
    IsRamRole: inputs.isRamRole,
  };
}
