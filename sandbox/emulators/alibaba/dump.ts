import type { Account, AclEntry, BuildRule, BuildStatus, Instance } from "./account/model";

/**
 * What the account holds, as rows for people and for comparisons. Other things are referred to by their names,
 * because those are chosen by whoever made them; ids are in the column `id`.
 */
export interface Dump {
  readonly instances: readonly {
    id: string;
    name: string;
    edition: string;
    status: string;
    payment: string;
    renewal: string;
    passwordSet: boolean;
    anonymousPull: boolean;
  }[];
  readonly namespaces: readonly { instance: string; name: string; autoCreate: boolean; visibility: string }[];
  readonly repositories: readonly {
    id: string;
    instance: string;
    namespace: string;
    name: string;
    visibility: string;
    summary: string;
    tagImmutability: boolean;
  }[];
  /** `repository` is `<namespace>/<name>`. */
  readonly bindings: readonly {
    instance: string;
    repository: string;
    source: string;
    autoBuild: boolean;
    overseaBuild: boolean;
    cache: boolean;
  }[];
  readonly rules: readonly ({ instance: string; repository: string } & BuildRule)[];
  /** Oldest first. Times are milliseconds since 1970; `source` is `<owner>/<name>`, `repository` as above. */
  readonly builds: readonly {
    id: string;
    instance: string;
    repository: string;
    tag: string;
    status: BuildStatus;
    source: string;
    /** `refs/heads/…` or `refs/tags/…` */
    ref: string;
    commit?: string;
    createdAt: number;
    startedAt?: number;
    endedAt?: number;
    digest?: string;
    reason?: string;
  }[];
  /** Image tags, in the order in which they were first pushed. */
  readonly images: readonly {
    instance: string;
    repository: string;
    tag: string;
    digest: string;
    size: number;
    /** Of the last push, milliseconds since 1970. */
    pushedAt: number;
  }[];
  readonly endpoints: readonly { instance: string; module: string; status: string }[];
  readonly aclEntries: readonly ({ instance: string; module: string } & AclEntry)[];
  readonly vpcLinks: readonly {
    instance: string;
    module: string;
    vpcId: string;
    vSwitchId: string;
    status: string;
  }[];
  readonly fleets: readonly {
    id: string;
    name: string;
    profile: string;
    state: string;
    vpcId: string;
    gitops: boolean;
    highAvailability: boolean;
    publicAccess: boolean;
    accessControlList: string[];
    publicApiServer: boolean;
    deletionProtection: boolean;
    auditLog: boolean;
  }[];
  readonly members: readonly { fleet: string; id: string; name: string; state: string }[];
  /** Add-ons of ACK clusters, by cluster id. */
  readonly addons: readonly { cluster: string; name: string; version: string; state: string }[];
  readonly permissions: readonly {
    fleet: string;
    userId: string;
    roleType: string;
    roleName: string;
    namespace: string;
  }[];
}

export function dump(account: Account): Dump {
  const instances = Object.values(account.instances);
  const repositories = Object.values(account.repositories);
  const fleets = Object.values(account.fleets);
  const instanceName = (id: string) => account.instances[id]?.name ?? id;
  const modules = (each: Instance) =>
    (["Registry", "Chart"] as const).map((module) => ({
      instance: each.name,
      module,
      ...each.internet[module],
    }));
  return {
    instances: instances.map((each) => ({
      id: each.id,
      name: each.name,
      edition: each.edition,
      status: each.status,
      payment: each.subscription.type,
      renewal: each.subscription.renewal,
      passwordSet: each.passwordHash !== undefined,
      anonymousPull: each.anonymousPull ?? false,
    })),
    namespaces: account.namespaces.map((each) => ({
      instance: instanceName(each.instanceId),
      name: each.name,
      autoCreate: each.autoCreate,
      visibility: each.defaultVisibility,
    })),
    repositories: repositories.map((each) => ({
      id: each.id,
      instance: instanceName(each.instanceId),
      namespace: each.namespace,
      name: each.name,
      visibility: each.visibility,
      summary: each.summary,
      tagImmutability: each.tagImmutability,
    })),
    bindings: repositories.flatMap(({ instanceId, namespace, name, binding }) =>
      binding
        ? [
            {
              instance: instanceName(instanceId),
              repository: `${namespace}/${name}`,
              source: `${binding.type}:${binding.namespace}/${binding.name}`,
              autoBuild: binding.autoBuild,
              overseaBuild: binding.overseaBuild,
              cache: !binding.disableCacheBuild,
            },
          ]
        : [],
    ),
    rules: repositories.flatMap(({ instanceId, namespace, name, rules }) =>
      rules.map((rule) => ({
        instance: instanceName(instanceId),
        repository: `${namespace}/${name}`,
        ...rule,
      })),
    ),
    builds: account.builds.map((each) => {
      const { namespace, name } = account.repositories[each.repositoryId] ?? { namespace: "", name: "" };
      return {
        id: each.id,
        instance: instanceName(each.instanceId),
        repository: `${namespace}/${name}`,
        tag: each.imageTag,
        status: each.status,
        source: `${each.source.owner}/${each.source.name}`,
        ref: `refs/${each.source.type === "GIT_TAG" ? "tags" : "heads"}/${each.source.ref}`,
        commit: each.source.commit,
        createdAt: each.createdAt,
        startedAt: each.startedAt,
        endedAt: each.endedAt,
        digest: each.digest,
        reason: each.reason,
      };
    }),
    images: repositories.flatMap(({ instanceId, namespace, name, tags = {} }) =>
      Object.entries(tags).map(([tag, { digest, size, updatedAt }]) => ({
        instance: instanceName(instanceId),
        repository: `${namespace}/${name}`,
        tag,
        digest,
        size,
        pushedAt: updatedAt,
      })),
    ),
    endpoints: instances
      .flatMap(modules)
      .filter(({ status }) => status !== "OFF")
      .map(({ instance, module, status }) => ({ instance, module, status })),
    aclEntries: instances
      .flatMap(modules)
      .flatMap(({ instance, module, acl }) => acl.map((each) => ({ instance, module, ...each }))),
    vpcLinks: instances.flatMap((each) =>
      each.vpcLinks.map(({ module, vpcId, vSwitchId, status }) => ({
        instance: each.name,
        module,
        vpcId,
        vSwitchId,
        status,
      })),
    ),
    fleets: fleets.map((each) => ({
      id: each.id,
      name: each.name,
      profile: each.profile,
      state: each.state,
      vpcId: each.vpcId,
      gitops: each.gitops?.enabled ?? false,
      highAvailability: each.gitops?.highAvailability ?? false,
      publicAccess: each.gitops?.publicAccess ?? false,
      accessControlList: each.gitops?.accessControlList ?? [],
      publicApiServer: each.publicApiServer,
      deletionProtection: each.deletionProtection,
      auditLog: each.auditLog,
    })),
    members: fleets.flatMap((fleet) =>
      fleet.members.map(({ id, name, state }) => ({ fleet: fleet.name, id, name, state })),
    ),
    addons: Object.entries(account.addons ?? {}).flatMap(([cluster, addons]) =>
      addons.map(({ name, version, state }) => ({ cluster, name, version, state })),
    ),
    permissions: account.permissions.map(({ clusterId, userId, roleType, roleName, namespace }) => ({
      fleet: account.fleets[clusterId]?.name ?? clusterId,
      userId,
      roleType,
      roleName,
      namespace,
    })),
  };
}
