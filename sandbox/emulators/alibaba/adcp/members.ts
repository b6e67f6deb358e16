import { newTaskId } from "../account/ids";
import { job } from "../account/jobs";
import { clusterView } from "../cs/view";
import { action } from "../gateway/action";
import { ApiError, invalid } from "../gateway/errors";
import { flag, jsonStrings, required, text } from "../gateway/parameters";
import { findFleet, runningFleet } from "./fleets";

const target = { ClusterId: required(text()), ClusterIds: required(jsonStrings()) };

/** Attaching what is attached changes nothing. */
export const AttachClusterToHub = action(
  { ...target, AttachToMesh: flag() },
  ({ ClusterId, ClusterIds }, cloud) => {
    const fleet = runningFleet(cloud, ClusterId);
    if (ClusterIds.length === 0) throw invalid("ClusterIds", "it is empty");
    for (const id of ClusterIds) {
      if (!cloud.world.members.some((each) => each.id === id)) {
        throw new ApiError(404, "Cluster.NotFound", `The cluster ${id} does not exist.`);
      }
      const other = Object.values(cloud.account.fleets).find(
        (each) => each !== fleet && each.members.some((member) => member.id === id),
      );
      // Undocumented code.
      if (other) throw new ApiError(400, "ErrClusterAttached", `${id} is attached to ${other.id}.`);
    }
    for (const { id, name } of cloud.world.members.filter((each) => ClusterIds.includes(each.id))) {
      const member = fleet.members.find((each) => each.id === id);
      if (member && member.state !== "Failed") continue;
      fleet.members = fleet.members.filter((each) => each !== member);
      fleet.members.push({ id, name, state: "Installing", message: "" });
      cloud.later(cloud.settings.delays.member, attachMember, { fleetId: fleet.id, memberId: id });
    }
    return { ClusterId, ManagedClusterIds: ClusterIds, TaskId: newTaskId() };
  },
);

/** Detaching what is not attached changes nothing. */
export const DetachClusterFromHub = action(
  { ...target, DetachFromMesh: flag() },
  ({ ClusterId, ClusterIds }, cloud) => {
    const fleet = findFleet(cloud, ClusterId);
    for (const member of fleet.members.filter(({ id }) => ClusterIds.includes(id))) {
      if (member.state === "Deleting") continue;
      member.state = "Deleting";
      cloud.later(cloud.settings.delays.member, detachMember, { fleetId: fleet.id, memberId: member.id });
    }
    return { ClusterId, ManagedClusterIds: ClusterIds, TaskId: newTaskId() };
  },
);

export const DescribeManagedClusters = action({ ClusterId: required(text()) }, ({ ClusterId }, cloud) => ({
  Clusters: findFleet(cloud, ClusterId).members.map((member) => {
    const cluster = clusterView(cloud, member.id);
    return {
      Cluster: {
        ClusterID: member.id,
        Name: member.name,
        ClusterType: cluster.cluster_type,
        ClusterSpec: cluster.cluster_spec,
        State: cluster.state,
        InitVersion: cluster.init_version,
        CurrentVersion: cluster.current_version,
        Region: cloud.region,
        VpcID: cluster.vpc_id,
        VSwitchID: cluster.vswitch_id,
        Created: cluster.created,
        Updated: cluster.updated,
      },
      Status: { State: member.state, Message: member.message },
      MeshStatus: { InMesh: false },
    };
  }),
}));

export const attachMember = job<{ fleetId: string; memberId: string }>(
  "adcp.attachMember",
  async (cloud, { fleetId, memberId }) => {
    const member = () => cloud.account.fleets[fleetId]?.members.find(({ id }) => id === memberId);
    const begun = member();
    if (begun?.state !== "Installing") return;
    let failure = "";
    try {
      await cloud.clusters.ensure(memberId, "member");
      await cloud.clusters.attach(fleetId, { id: memberId, name: begun.name });
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    const now = member();
    if (now?.state !== "Installing") return;
    now.state = failure ? "Failed" : "Successed";
    now.message = failure;
  },
);

/** A member that can't be cleaned up stays, as Failed, so that the detach can be repeated. */
export const detachMember = job<{ fleetId: string; memberId: string }>(
  "adcp.detachMember",
  async (cloud, { fleetId, memberId }) => {
    const fleet = cloud.account.fleets[fleetId];
    const member = fleet?.members.find(({ id }) => id === memberId);
    if (!fleet || member?.state !== "Deleting") return;
    try {
      await cloud.clusters.detach(fleetId, memberId);
    } catch (error) {
      member.state = "Failed";
      member.message = error instanceof Error ? error.message : String(error);
      return;
    }
    fleet.members = fleet.members.filter(({ id }) => id !== memberId);
  },
);
