import { newTaskId } from "../account/ids";
import { job } from "../account/jobs";
import type { ClusterTask, InstalledAddon } from "../account/model";
import type { Cloud } from "../cloud";

/** Tasks that are kept; older ones are forgotten. */
const remembered = 100;

export const addonsOf = ({ account }: Cloud, clusterId: string): readonly InstalledAddon[] =>
  account.addons?.[clusterId] ?? [];

/** Whether a task is under way that installs it: until that ends, the cluster doesn't list it. */
export const isBeingInstalled = ({ account }: Cloud, clusterId: string, name: string): boolean =>
  (account.clusterTasks ?? []).some(
    (task) =>
      task.type === "addon_install" &&
      task.state === "running" &&
      task.clusterId === clusterId &&
      task.addons.some((addon) => addon.name === name),
  );

/** Books work on add-ons and does it later; callers ask how it goes by the task's id. */
export function beginTask(
  cloud: Cloud,
  clusterId: string,
  type: ClusterTask["type"],
  addons: ClusterTask["addons"],
): ClusterTask {
  const now = Date.now();
  const task: ClusterTask = {
    id: newTaskId(),
    ...{ clusterId, type, addons },
    ...{ state: "running", error: "" },
    ...{ createdAt: now, updatedAt: now },
  };
  cloud.account.clusterTasks = [...(cloud.account.clusterTasks ?? []), task].slice(-remembered);
  const states = {
    addon_upgrade: "upgrading",
    addon_modify: "updating",
    addon_uninstall: "deleting",
  } as const;
  if (type !== "addon_install") {
    for (const { name } of addons) setState(cloud, clusterId, name, states[type]);
  }
  cloud.later(cloud.settings.delays.addon, changeAddons, { taskId: task.id });
  return task;
}

/** What the task says. It fails as a whole; what was done before the failure stays. */
export const changeAddons = job<{ taskId: string }>("cs.changeAddons", async (cloud, { taskId }) => {
  const task = cloud.account.clusterTasks?.find(({ id }) => id === taskId);
  if (task?.state !== "running") return;
  const { clusterId, type } = task;
  try {
    await cloud.clusters.ensure(clusterId, "member");
    for (const addon of task.addons) {
      if (type === "addon_uninstall") await cloud.clusters.uninstallAddon(clusterId, addon.name);
      else await cloud.clusters.installAddon(clusterId, addon);
      const others = addonsOf(cloud, clusterId).filter(({ name }) => name !== addon.name);
      const now: InstalledAddon[] = type === "addon_uninstall" ? [] : [{ ...addon, state: "active" }];
      cloud.account.addons = { ...cloud.account.addons, [clusterId]: [...others, ...now] };
    }
    task.state = "success";
  } catch (error) {
    task.state = "failed";
    task.error = error instanceof Error ? error.message : String(error);
    for (const { name } of task.addons) setState(cloud, clusterId, name, "active");
  }
  task.updatedAt = Date.now();
});

function setState(cloud: Cloud, clusterId: string, name: string, state: InstalledAddon["state"]): void {
  const addon = addonsOf(cloud, clusterId).find((each) => each.name === name);
  if (addon) addon.state = state;
}
