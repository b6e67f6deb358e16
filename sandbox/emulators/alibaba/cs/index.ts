import type { Product } from "../gateway/action";
import { rest } from "../gateway/envelopes";
import { ApiError } from "../gateway/errors";
import { changeAddons } from "./addon-tasks";
import * as addons from "./addons";
import { DescribeClusterDetail, DescribeClustersV1, DescribeClusterUserKubeconfig } from "./clusters";

const components = "/clusters/{ClusterId}/components";
const instances = "/clusters/{ClusterId}/addon_instances";

/** Container Service for Kubernetes, a REST style product whose clients insist on HTTPS. */
export const cs: Product = {
  name: "cs",
  version: "2015-12-15",
  actions: { DescribeClusterDetail, DescribeClusterUserKubeconfig, DescribeClustersV1, ...addons },
  routes: {
    DescribeClusterDetail: { method: "GET", path: "/clusters/{ClusterId}" },
    DescribeClusterUserKubeconfig: { method: "GET", path: "/k8s/{ClusterId}/user_config" },
    DescribeClustersV1: { method: "GET", path: "/api/v1/clusters" },
    InstallClusterAddons: { method: "POST", path: `${components}/install` },
    UpgradeClusterAddons: { method: "POST", path: `${components}/upgrade` },
    UnInstallClusterAddons: { method: "POST", path: `${components}/uninstall` },
    ModifyClusterAddon: { method: "POST", path: `${components}/{ComponentId}/config` },
    DescribeClusterAddonsUpgradeStatus: { method: "GET", path: `${components}/upgradestatus` },
    GetClusterAddonInstance: { method: "GET", path: `${instances}/{InstanceName}` },
    ListClusterAddonInstances: { method: "GET", path: instances },
    DescribeAddon: { method: "GET", path: "/addons/{AddonName}" },
    ListAddons: { method: "GET", path: "/addons" },
    DescribeTaskInfo: { method: "GET", path: "/tasks/{TaskId}" },
  },
  jobs: [changeAddons],
  envelope: rest,
  denied: (action) => new ApiError(403, "Forbidden.RAM", `RAM policy forbids cs:${action}.`),
};
