import type { Instance, Namespace, Repository } from "../account/model";
import type { Cloud } from "../cloud";
import { BusinessError } from "../gateway/errors";

/** @throws BusinessError INSTANCE_NOT_EXIST */
export function findInstance(cloud: Cloud, id: string): Instance {
  const instance = cloud.account.instances[id];
  if (!instance) throw new BusinessError("INSTANCE_NOT_EXIST", `There is no instance ${id}.`);
  return instance;
}

/**
 * An instance that can be worked with.
 * @throws BusinessError INSTANCE_NOT_EXIST, INSTANCE_STATUS_NOT_SUPPORT while it starts or is released
 */
export function runningInstance(cloud: Cloud, id: string): Instance {
  const instance = findInstance(cloud, id);
  if (instance.status !== "RUNNING") {
    throw new BusinessError("INSTANCE_STATUS_NOT_SUPPORT", `Instance ${id} is ${instance.status}.`);
  }
  return instance;
}

/** @throws BusinessError NAMESPACE_NOT_EXIST */
export function findNamespace(cloud: Cloud, instanceId: string, name: string): Namespace {
  const found = cloud.account.namespaces.find((each) => each.instanceId === instanceId && each.name === name);
  if (!found) throw new BusinessError("NAMESPACE_NOT_EXIST", `There is no namespace ${name}.`);
  return found;
}

export function repositoriesIn(cloud: Cloud, instanceId: string, namespace?: string): Repository[] {
  return Object.values(cloud.account.repositories).filter(
    (each) => each.instanceId === instanceId && (namespace === undefined || each.namespace === namespace),
  );
}

/** @throws BusinessError INSTANCE_NOT_EXIST, INSTANCE_STATUS_NOT_SUPPORT, REPO_NOT_EXIST */
export function findRepository(cloud: Cloud, instanceId: string, id: string): Repository {
  runningInstance(cloud, instanceId);
  const found = cloud.account.repositories[id];
  if (!found || found.instanceId !== instanceId) {
    throw new BusinessError("REPO_NOT_EXIST", `There is no repository ${id}.`);
  }
  return found;
}
