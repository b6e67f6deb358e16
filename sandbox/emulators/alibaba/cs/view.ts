import type { Cloud } from "../cloud";
import { ApiError } from "../gateway/errors";
import type { WorldMember } from "../ports";

/** @throws ApiError ErrorClusterNotFound, HTTP 404 */
export function findCluster(cloud: Cloud, id: string): WorldMember {
  const cluster = cloud.world.members.find((each) => each.id === id);
  if (!cluster) throw new ApiError(404, "ErrorClusterNotFound", `cluster ${id} not found`);
  return cluster;
}

/** A cluster as "DescribeClusterDetail" shows it. */
export function clusterView(cloud: Cloud, id: string) {
  const cluster = findCluster(cloud, id);
  const vpc = cloud.world.vpcs.find((each) => each.id === cluster.vpcId) ?? cloud.world.vpcs[0];
  const version = cluster.version ?? "1.33.1-aliyun.1";
  return {
    cluster_id: cluster.id,
    name: cluster.name,
    cluster_type: "ManagedKubernetes",
    cluster_spec: "ack.pro.small",
    profile: "Default",
    state: "running",
    region_id: cloud.region,
    vpc_id: vpc?.id ?? "",
    vswitch_id: vpc?.vSwitches[0] ?? "",
    init_version: version,
    current_version: version,
    size: 3,
    created: "2026-01-15T02:00:00Z",
    updated: "2026-01-15T02:00:00Z",
    deletion_protection: true,
    meta_data: "{}",
    resource_group_id: "rg-acfmv3default",
    tags: [],
  };
}
