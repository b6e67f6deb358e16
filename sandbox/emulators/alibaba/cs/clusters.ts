import { action } from "../gateway/action";
import { flag, integer, required, text } from "../gateway/parameters";
import { clusterView, findCluster } from "./view";

/** ACK clusters are part of the world: they can be looked at, not created. */

export const DescribeClusterDetail = action({ ClusterId: required(text()) }, ({ ClusterId }, cloud) =>
  clusterView(cloud, ClusterId),
);

export const DescribeClustersV1 = action(
  {
    name: text(),
    cluster_id: text(),
    cluster_type: text(),
    cluster_spec: text(),
    profile: text(),
    region_id: text(),
    page_number: integer({ min: 1 }),
    page_size: integer({ min: 1, max: 100 }),
  },
  ({ name, cluster_id, page_number = 1, page_size = 10 }, cloud) => {
    const found = cloud.world.members.filter(
      (each) => (name ?? each.name) === each.name && (cluster_id ?? each.id) === each.id,
    );
    return {
      clusters: found
        .slice((page_number - 1) * page_size, page_number * page_size)
        .map(({ id }) => clusterView(cloud, id)),
      page_info: { page_number, page_size, total_count: found.length },
    };
  },
);

/** Three years, as ACK issues client certificates, or `TemporaryDurationMinutes` (15 to 4320). */
export const DescribeClusterUserKubeconfig = action(
  {
    ClusterId: required(text()),
    PrivateIpAddress: flag(),
    TemporaryDurationMinutes: integer({ min: 15, max: 4320 }),
  },
  async ({ ClusterId, TemporaryDurationMinutes = 3 * 365 * 24 * 60 }, cloud) => {
    const { id } = findCluster(cloud, ClusterId);
    await cloud.clusters.ensure(id, "member");
    const { yaml, expiration } = await cloud.clusters.kubeconfig(
      id,
      "cluster-admin",
      TemporaryDurationMinutes * 60,
    );
    return { config: yaml, expiration };
  },
);
