import {
  type RegistryAccount,
  type RegistryHost,
  type RegistryRepository,
  TagImmutable,
} from "../../../registry/account";
import { newId } from "../account/ids";
import type { Instance, Namespace, Repository } from "../account/model";
import type { Cloud } from "../cloud";
import { isPassword, isTemporaryToken, temporaryUser } from "./logins";
import { registryHost } from "./names";

/**
 * The account as the registry sees it.
 * @param save keeps a change; the registry's changes come from no call of the OpenAPI
 */
export function registryAccount(cloud: Cloud, save: () => void): RegistryAccount {
  const { account, region } = cloud;
  const find = (instanceId: string, path: string) =>
    Object.values(account.repositories).find(
      (each) => each.instanceId === instanceId && pathOf(each) === path && !each.deleting,
    );
  const view = (repository: Repository): RegistryRepository => ({
    id: repository.id,
    // "Public repositories need a login too, unless anonymous pull is switched on for the instance."
    anonymousPull:
      repository.visibility === "PUBLIC" && account.instances[repository.instanceId]?.anonymousPull === true,
    tags: () => Object.keys(repository.tags ?? {}).sort(),
    digestOf: (tag) => tagOf(repository, tag)?.digest,
    accepts: (tag, digest) =>
      !repository.tagImmutability || [undefined, digest].includes(tagOf(repository, tag)?.digest),
    tag(tag, { digest, imageId, size }) {
      if (!this.accepts(tag, digest)) throw new TagImmutable(pathOf(repository), tag);
      const known = tagOf(repository, tag);
      const now = Date.now();
      repository.tags ??= {};
      repository.tags[tag] = { digest, imageId, size, createdAt: known?.createdAt ?? now, updatedAt: now };
      save();
    },
  });
  const autoCreating = (instanceId: string, path: string): Namespace | undefined =>
    account.namespaces.find(
      (each) =>
        each.instanceId === instanceId &&
        each.autoCreate &&
        !each.deleting &&
        path.startsWith(`${each.name}/`),
    );
  return {
    region,
    host: (name) => hostOf(Object.values(account.instances), name, region),
    async isLogin(instanceId, user, password) {
      const instance = account.instances[instanceId];
      if (instance?.status !== "RUNNING") return false;
      if (user === temporaryUser) return isTemporaryToken(instance, password);
      return user === cloud.registryUser && (await isPassword(instance, password));
    },
    repository(instanceId, path) {
      const found = find(instanceId, path);
      return found && view(found);
    },
    createsByPush: (instanceId, path) => autoCreating(instanceId, path) !== undefined,
    createByPush(instanceId, path) {
      const namespace = autoCreating(instanceId, path);
      if (!namespace) throw new Error(`the namespace of ${path} makes no repositories`);
      const now = Date.now();
      const made: Repository = {
        id: newId("crr"),
        instanceId,
        namespace: namespace.name,
        name: path.slice(namespace.name.length + 1),
        visibility: namespace.defaultVisibility,
        summary: "",
        detail: "",
        tagImmutability: false,
        createdAt: now,
        modifiedAt: now,
        deleting: false,
        rules: [],
      };
      account.repositories[made.id] = made;
      save();
      return view(made);
    },
    repositoryIds: () => Object.keys(account.repositories),
  };
}

export const pathOf = ({ namespace, name }: Repository): string => `${namespace}/${name}`;

/** Tags are named by whoever pushes, so that `constructor` must not find what every object has. */
export function tagOf({ tags = {} }: Repository, tag: string) {
  return Object.hasOwn(tags, tag) ? tags[tag] : undefined;
}

function hostOf(instances: Instance[], name: string, region: string): RegistryHost | undefined {
  for (const instance of instances) {
    for (const network of ["internet", "vpc"] as const) {
      if (registryHost(instance.name, "Registry", network, region) !== name) continue;
      const open =
        instance.status === "RUNNING" && (network === "vpc" ? isLinked(instance) : isPublic(instance));
      return { instanceId: instance.id, network, open };
    }
  }
  return undefined;
}

const isLinked = ({ vpcLinks }: Instance) =>
  vpcLinks.some(({ module, status }) => module === "Registry" && status === "RUNNING");

/**
 * Where a caller of the sandbox comes from can't be told, as everybody is on loopback. So an allow-list counts as
 * letting callers in, unless it is the one that every new endpoint has and that lets nobody in.
 */
function isPublic({ internet: { Registry } }: Instance): boolean {
  return (
    Registry.status === "RUNNING" &&
    (Registry.acl.length === 0 || Registry.acl.some(({ entry }) => entry !== "127.0.0.1/32"))
  );
}
