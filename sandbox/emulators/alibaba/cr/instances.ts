import { job } from "../account/jobs";
import type { Instance } from "../account/model";
import { action } from "../gateway/action";
import { invalid } from "../gateway/errors";
import { page, paging } from "../gateway/paging";
import { choice, required, text } from "../gateway/parameters";
import { quotaOf } from "./editions";
import { setPassword } from "./logins";
import { findInstance, repositoriesIn, runningInstance } from "./lookup";

/** An instance is bought and released through BssOpenApi; here it is looked at and set up. */

export const GetInstance = action({ InstanceId: required(text()) }, ({ InstanceId }, cloud) => {
  const instance = findInstance(cloud, InstanceId);
  return {
    ...summary(instance),
    CreateTime: instance.createdAt,
    ModifiedTime: instance.modifiedAt,
    ResourceGroupId: instance.resourceGroupId,
    RegionId: cloud.region,
    Tags: Object.entries(instance.tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
  };
});

export const ListInstance = action(
  { InstanceStatus: text(), InstanceName: text(), ResourceGroupId: text(), ...paging },
  (request, cloud) => {
    const found = Object.values(cloud.account.instances).filter(
      (each) =>
        (request.InstanceStatus ?? each.status) === each.status &&
        (request.InstanceName ?? each.name) === each.name &&
        (request.ResourceGroupId ?? each.resourceGroupId) === each.resourceGroupId,
    );
    const { PageNo, PageSize, total, entries } = page(found, request);
    return {
      PageNo,
      PageSize,
      TotalCount: total,
      Instances: entries.map((each) => ({
        ...summary(each),
        CreateTime: String(each.createdAt),
        ModifiedTime: String(each.modifiedAt),
        ResourceGroupId: each.resourceGroupId,
        RegionId: cloud.region,
      })),
    };
  },
);

export const GetInstanceUsage = action({ InstanceId: required(text()) }, ({ InstanceId }, cloud) => {
  const quota = quotaOf(runningInstance(cloud, InstanceId));
  const namespaces = cloud.account.namespaces.filter((each) => each.instanceId === InstanceId);
  return {
    NamespaceQuota: String(quota.namespaces),
    NamespaceUsage: String(namespaces.length),
    RepoQuota: String(quota.repositories),
    RepoUsage: String(repositoriesIn(cloud, InstanceId).length),
  };
});

/** Sets the password of `docker login`; 8 to 32 characters of at least two kinds. */
export const ResetLoginPassword = action(
  { InstanceId: required(text()), Password: required(text()) },
  ({ InstanceId, Password }, cloud) => {
    const instance = runningInstance(cloud, InstanceId);
    const kinds = [/[A-Za-z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(Password)).length;
    if (Password.length < 8 || Password.length > 32 || kinds < 2) {
      throw invalid(
        "Password",
        "it needs 8 to 32 characters, at least two kinds of letters, digits, symbols",
      );
    }
    setPassword(instance, Password);
    return {};
  },
);

export const ChangeResourceGroup = action(
  {
    ResourceId: required(text()),
    ResourceRegionId: required(text()),
    ResourceGroupId: required(text()),
    ResourceType: choice(["instance"], { ignoreCase: true }),
  },
  ({ ResourceId, ResourceGroupId }, cloud) => {
    findInstance(cloud, ResourceId).resourceGroupId = ResourceGroupId;
    return {};
  },
);

function summary(instance: Instance) {
  return {
    InstanceId: instance.id,
    InstanceName: instance.name,
    InstanceSpecification: `Enterprise_${instance.edition}`,
    InstanceStatus: instance.status,
  };
}

/** PENDING to STARTING to RUNNING. */
export const startInstance = job<{ instanceId: string; status: "STARTING" | "RUNNING" }>(
  "cr.startInstance",
  (cloud, { instanceId, status }) => {
    const instance = cloud.account.instances[instanceId];
    if (!instance || instance.status === "DELETING") return;
    instance.status = status;
    instance.modifiedAt = Date.now();
    if (status === "STARTING") {
      cloud.later(cloud.settings.delays.instance / 2, startInstance, { instanceId, status: "RUNNING" });
    } else if (cloud.registryPassword && !instance.passwordHash) {
      setPassword(instance, cloud.registryPassword);
    }
  },
);

/** Takes everything in the instance along, as a release does. */
export const releaseInstance = job<{ instanceId: string }>(
  "cr.releaseInstance",
  ({ account }, { instanceId }) => {
    delete account.instances[instanceId];
    account.namespaces = account.namespaces.filter((each) => each.instanceId !== instanceId);
    for (const repository of Object.values(account.repositories)) {
      if (repository.instanceId === instanceId) delete account.repositories[repository.id];
    }
    account.builds = account.builds.filter((each) => each.instanceId !== instanceId);
  },
);
