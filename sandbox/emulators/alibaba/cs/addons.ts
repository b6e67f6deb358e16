import type { InstalledAddon } from "../account/model";
import type { Cloud } from "../cloud";
import { action } from "../gateway/action";
import { ApiError, invalid } from "../gateway/errors";
import { json, jsonStrings, required, text } from "../gateway/parameters";
import { allAddons, type CatalogEntry, checkedConfig, findAddon, findVersion } from "./addon-catalog";
import { addonsOf, beginTask, isBeingInstalled } from "./addon-tasks";
import { findCluster } from "./view";

/** Add-ons of a cluster ("Install a cluster add-on" and its neighbours). Their bodies are JSON arrays. */

const cluster = { ClusterId: required(text()) };
const batch = { ...cluster, body: required(json()) };

export const InstallClusterAddons = action(batch, ({ ClusterId, body }, cloud) => {
  const { version: clusterVersion = "1.33.1" } = findCluster(cloud, ClusterId);
  const addons = readBatch(body, ["name", "version", "config"]).map(({ name, version, config }) => {
    const entry = findAddon(name ?? "");
    if (addonsOf(cloud, ClusterId).some((each) => each.name === name)) {
      // Undocumented code.
      throw new ApiError(400, "AddonAlreadyInstalled", `addon ${name} is already installed`);
    }
    if (isBeingInstalled(cloud, ClusterId, entry.name)) {
      // Undocumented code.
      throw new ApiError(409, "AddonOperationConflict", `addon ${name} is being installed`);
    }
    if (older(clusterVersion, entry.minimumClusterVersion)) {
      throw new ApiError(
        400,
        "AddonVersionNotSupported", // undocumented
        `addon ${name} needs Kubernetes ${entry.minimumClusterVersion}, the cluster has ${clusterVersion}`,
      );
    }
    return {
      name: entry.name,
      version: findVersion(entry, version),
      config: checkedConfig(entry, config, cloud.account, cloud.region),
    };
  });
  return taskAnswer(ClusterId, beginTask(cloud, ClusterId, "addon_install", addons).id);
});

export const UpgradeClusterAddons = action(batch, ({ ClusterId, body }, cloud) => {
  const keys = ["component_name", "next_version", "version", "config", "policy"];
  const addons = readBatch(body, keys).map(({ component_name, next_version, config }) => {
    const { entry, installed } = idleAddon(cloud, ClusterId, component_name ?? "");
    const version = next_version ? findVersion(entry, next_version) : installed.version;
    if (entry.versions.indexOf(version) < entry.versions.indexOf(installed.version)) {
      throw invalid("next_version", `${version} is older than ${installed.version}`);
    }
    return {
      name: entry.name,
      version,
      config: config ? checkedConfig(entry, config, cloud.account, cloud.region) : installed.config,
    };
  });
  return taskAnswer(ClusterId, beginTask(cloud, ClusterId, "addon_upgrade", addons).id);
});

export const UnInstallClusterAddons = action(batch, ({ ClusterId, body }, cloud) => {
  const addons = readBatch(body, ["name", "cleanup_cloud_resources"]).map(({ name }) => {
    const { version, config } = idleAddon(cloud, ClusterId, name ?? "").installed;
    return { name: name ?? "", version, config };
  });
  return taskAnswer(ClusterId, beginTask(cloud, ClusterId, "addon_uninstall", addons).id);
});

/** Answers with nothing: whoever waits asks DescribeClusterAddonsUpgradeStatus. */
export const ModifyClusterAddon = action(
  { ...cluster, ComponentId: required(text()), config: text() },
  ({ ClusterId, ComponentId, config }, cloud) => {
    const { entry, installed } = idleAddon(cloud, ClusterId, ComponentId);
    const { name, version } = installed;
    const next = checkedConfig(entry, config, cloud.account, cloud.region);
    beginTask(cloud, ClusterId, "addon_modify", [{ name, version, config: next }]);
    return {};
  },
);

export const GetClusterAddonInstance = action(
  { ...cluster, InstanceName: required(text()) },
  ({ ClusterId, InstanceName }, cloud) => instanceView(installedAddon(cloud, ClusterId, InstanceName)),
);

export const ListClusterAddonInstances = action(cluster, ({ ClusterId }, cloud) => {
  findCluster(cloud, ClusterId);
  return { addons: addonsOf(cloud, ClusterId).map(instanceView) };
});

/** By add-on: its version, and how the last work on it ended. */
export const DescribeClusterAddonsUpgradeStatus = action(
  { ...cluster, componentIds: required(jsonStrings()) },
  ({ ClusterId, componentIds }, cloud) =>
    Object.fromEntries(
      componentIds.map((name) => {
        const { version } = installedAddon(cloud, ClusterId, name);
        const task = (cloud.account.clusterTasks ?? [])
          .filter(
            ({ clusterId, addons }) => clusterId === ClusterId && addons.some((each) => each.name === name),
          )
          .at(-1);
        const status = { running: "Running", success: "Success", failed: "Failed" }[task?.state ?? "success"];
        const newer = newerVersions(findAddon(name), version);
        const info = { component_name: name, version };
        const tasks = { status, message: task?.error ?? "" };
        return [name, { addon_info: info, can_upgrade: newer.length > 0, tasks }];
      }),
    ),
);

const catalogQuery = {
  cluster_id: text(),
  cluster_spec: text(),
  cluster_type: text(),
  cluster_version: text(),
  profile: text(),
  region_id: text(),
};

export const DescribeAddon = action(
  { AddonName: required(text()), version: text(), ...catalogQuery },
  ({ AddonName, version, cluster_id }, cloud) => {
    if (cluster_id) findCluster(cloud, cluster_id);
    const entry = findAddon(AddonName);
    return catalogView(entry, findVersion(entry, version));
  },
);

export const ListAddons = action(catalogQuery, ({ cluster_id }, cloud) => {
  if (cluster_id) findCluster(cloud, cluster_id);
  return { addons: allAddons().map((entry) => catalogView(entry, findVersion(entry, undefined))) };
});

export const DescribeTaskInfo = action({ TaskId: required(text()) }, ({ TaskId }, cloud) => {
  const task = cloud.account.clusterTasks?.find(({ id }) => id === TaskId);
  if (!task) throw new ApiError(404, "ErrorTaskNotFound", `task ${TaskId} not found`); // undocumented
  return {
    task_id: task.id,
    cluster_id: task.clusterId,
    task_type: task.type,
    state: task.state,
    created: new Date(task.createdAt).toISOString(),
    updated: new Date(task.updatedAt).toISOString(),
    target: { id: task.addons.map(({ name }) => name).join(","), type: "addon" },
    ...(task.error ? { error: { code: "500", message: task.error } } : {}),
  };
});

const taskAnswer = (clusterId: string, taskId: string) => ({ cluster_id: clusterId, task_id: taskId });

const instanceView = ({ name, version, config, state }: InstalledAddon) => ({ name, version, config, state });

const newerVersions = ({ versions }: CatalogEntry, version: string) =>
  versions.slice(versions.indexOf(version) + 1);

const catalogView = (entry: CatalogEntry, version: string) => ({
  name: entry.name,
  version,
  category: entry.category,
  managed: entry.managed,
  install_by_default: false,
  supported_actions: ["Install", "Upgrade", "Modify", "Uninstall"],
  architecture: ["amd64", "arm64"],
  config_schema: "{}",
  newer_versions: newerVersions(entry, version).map((newer) => ({
    version: newer,
    upgradable: true,
    minimum_cluster_version: entry.minimumClusterVersion,
  })),
});

/** @throws ApiError AddonNotFound for one that the cluster doesn't have */
function installedAddon(cloud: Cloud, clusterId: string, name: string): InstalledAddon {
  findCluster(cloud, clusterId);
  const installed = addonsOf(cloud, clusterId).find((each) => each.name === name);
  if (!installed) throw new ApiError(404, "AddonNotFound", `addon ${name} is not installed`);
  return installed;
}

/** @throws ApiError AddonNotFound, or for one that is being changed */
function idleAddon(cloud: Cloud, clusterId: string, name: string) {
  const installed = installedAddon(cloud, clusterId, name);
  if (installed.state !== "active") {
    // Undocumented code.
    throw new ApiError(409, "AddonOperationConflict", `addon ${name} is ${installed.state}`);
  }
  return { entry: findAddon(name), installed };
}

/** @throws ApiError for a body that isn't a list of add-ons with these members */
function readBatch(body: unknown, members: string[]): Record<string, string | undefined>[] {
  if (!Array.isArray(body) || body.length === 0) throw invalid("body", "it is not a list of add-ons");
  for (const each of body) {
    if (typeof each !== "object" || each === null) throw invalid("body", "it is not a list of add-ons");
    const unknown = Object.keys(each).find((key) => !members.includes(key));
    if (unknown) throw invalid(`body.${unknown}`, "the action has no such parameter");
  }
  return body;
}

/** Whether a Kubernetes version (`1.33.1-aliyun.1`) is older than another. */
function older(version: string, minimum: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = minimum.split(".").map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}
