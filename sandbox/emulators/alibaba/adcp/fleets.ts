import { newClusterId, newId, newTaskId } from "../account/ids";
import { job } from "../account/jobs";
import type { Fleet } from "../account/model";
import type { Cloud } from "../cloud";
import { action } from "../gateway/action";
import { ApiError, invalid } from "../gateway/errors";
import { choice, flag, json, jsonStrings, required, text } from "../gateway/parameters";
import { fleetView } from "./view";

const clusterId = required(text());

/** There is no ClientToken: a request repeated after a lost reply asks for a second Fleet. */
export const CreateHubCluster = action(
  {
    RegionId: required(text()),
    VpcId: required(text()),
    VSwitches: required(jsonStrings()),
    Name: text({ max: 63 }),
    Profile: choice(["Default", "XFlow"]),
    ApiServerPublicEip: flag(),
    AuditLogEnabled: flag(),
    IsEnterpriseSecurityGroup: flag(),
    ResourceGroupID: text(),
    Tag: json(),
    ArgoServerEnabled: flag(),
    PriceLimit: text(),
    WorkflowScheduleMode: choice(["cost-optimized", "stock-optimized"]),
  },
  (request, cloud) => {
    if (request.RegionId !== cloud.region)
      throw invalid("RegionId", `${request.RegionId} is not served here`);
    checkNetwork(cloud, request.VpcId, request.VSwitches);
    const limit = cloud.settings.quotas.fleets;
    if (Object.keys(cloud.account.fleets).length >= limit) {
      // ACK One, "Limits": one Fleet per account and region. The code is not documented.
      throw new ApiError(
        400,
        "ErrQuotaExceeded.HubCluster",
        `The account may have ${limit} Fleet instance(s) in ${cloud.region}; request a higher quota.`,
      );
    }
    const id = newClusterId();
    const now = Date.now();
    cloud.account.fleets[id] = {
      id,
      name: request.Name ?? `ack-one-${id.slice(0, 8)}`,
      profile: request.Profile ?? "Default",
      state: "initial",
      errorMessage: "",
      createdAt: now,
      modifiedAt: now,
      resourceGroupId: request.ResourceGroupID ?? "rg-acfmv3default",
      tags: readTags(request.Tag),
      vpcId: request.VpcId,
      vSwitches: request.VSwitches,
      securityGroupId: newId("sg"),
      publicApiServer: request.ApiServerPublicEip ?? false,
      deletionProtection: false,
      auditLog: request.AuditLogEnabled ?? false,
      otherFeatures: {},
      featureError: "",
      members: [],
    };
    cloud.later(cloud.settings.delays.fleet, startFleet, { fleetId: id });
    return { ClusterId: id, TaskId: newTaskId() };
  },
);

export const DescribeHubClusterDetails = action({ ClusterId: clusterId }, ({ ClusterId }, cloud) => ({
  Cluster: fleetView(findFleet(cloud, ClusterId), cloud),
}));

export const DescribeHubClusters = action(
  { Profile: choice(["Default", "XFlow"]), ResourceGroupId: text(), Tag: json() },
  ({ Profile, ResourceGroupId }, cloud) => ({
    Clusters: Object.values(cloud.account.fleets)
      .filter(
        (each) =>
          (Profile ?? each.profile) === each.profile &&
          (ResourceGroupId ?? each.resourceGroupId) === each.resourceGroupId,
      )
      .map((each) => fleetView(each, cloud)),
  }),
);

/**
 * Refused while the Fleet is protected, has GitOps on or members attached. The provider's documentation says of
 * GitOps that "it has to be false when cluster is deleted"; the codes are not documented.
 */
export const DeleteHubCluster = action(
  { ClusterId: clusterId, Force: flag(), RetainResources: jsonStrings() },
  ({ ClusterId, Force }, cloud) => {
    const fleet = findFleet(cloud, ClusterId);
    const refuse = (code: string, why: string) => {
      throw new ApiError(400, code, `Fleet ${ClusterId} can't be deleted: ${why}.`);
    };
    if (fleet.deletionProtection) refuse("ErrDeletionProtection", "its deletion protection is on");
    if (fleet.gitops?.enabled) refuse("ErrGitOpsEnabled", "GitOps is enabled");
    const attached = fleet.members.filter(({ state }) => state !== "Deleting");
    if (attached.length > 0 && !Force) {
      refuse("ErrManagedClusterExists", `${attached.length} cluster(s) are attached`);
    }
    if (fleet.state !== "deleting") {
      fleet.state = "deleting";
      cloud.later(cloud.settings.delays.fleet, removeFleet, { fleetId: fleet.id });
    }
    return { ClusterId, TaskId: newTaskId() };
  },
);

/** Starts the API server and, for the profile Default, GitOps, which a new Fleet has on. */
export const startFleet = job<{ fleetId: string }>("adcp.startFleet", async (cloud, { fleetId }) => {
  const fleet = cloud.account.fleets[fleetId];
  if (fleet?.state !== "initial") return;
  try {
    await cloud.clusters.ensure(fleetId, "fleet");
    if (fleet.profile === "Default") await cloud.clusters.gitops(fleetId, true, false);
  } catch (error) {
    fleet.state = "failed";
    fleet.errorMessage = error instanceof Error ? error.message : String(error);
    return;
  }
  fleet.state = "running";
  fleet.modifiedAt = Date.now();
  if (fleet.profile === "Default") {
    fleet.gitops = { enabled: true, highAvailability: false, publicAccess: false, accessControlList: [] };
  }
});

export const removeFleet = job<{ fleetId: string }>("adcp.removeFleet", async (cloud, { fleetId }) => {
  const fleet = cloud.account.fleets[fleetId];
  if (!fleet) return;
  try {
    await cloud.clusters.remove(fleetId);
  } catch (error) {
    fleet.state = "delete_failed";
    fleet.errorMessage = error instanceof Error ? error.message : String(error);
    return;
  }
  delete cloud.account.fleets[fleetId];
  cloud.account.permissions = cloud.account.permissions.filter((each) => each.clusterId !== fleetId);
});

/** @throws ApiError Cluster.NotFound, HTTP 404: the code by which the provider knows that a Fleet is gone */
export function findFleet(cloud: Cloud, id: string): Fleet {
  const fleet = cloud.account.fleets[id];
  if (!fleet) throw new ApiError(404, "Cluster.NotFound", `The cluster ${id} does not exist.`);
  return fleet;
}

/** @throws ApiError when the Fleet does not run; the code is not documented */
export function runningFleet(cloud: Cloud, id: string): Fleet {
  const fleet = findFleet(cloud, id);
  if (fleet.state !== "running") {
    throw new ApiError(400, "ErrClusterState", `Fleet ${id} is ${fleet.state}, it has to be running.`);
  }
  return fleet;
}

/** Codes of the VPC service, which ACK asks. */
export function checkNetwork(cloud: Cloud, vpcId: string, vSwitches: readonly string[]): void {
  const vpc = cloud.world.vpcs.find(({ id }) => id === vpcId);
  if (!vpc) throw new ApiError(404, "InvalidVpcId.NotFound", `The VPC ${vpcId} does not exist.`);
  if (vSwitches.length === 0) throw invalid("VSwitches", "it is empty");
  for (const id of vSwitches) {
    if (!vpc.vSwitches.includes(id)) {
      throw new ApiError(404, "InvalidVSwitchId.NotFound", `The vSwitch ${id} does not exist in ${vpcId}.`);
    }
  }
}

function readTags(tag: unknown): Record<string, string> {
  if (tag === undefined) return {};
  if (!Array.isArray(tag)) throw invalid("Tag", "it is not a JSON array of keys and values");
  return Object.fromEntries(tag.map(({ Key, Value }) => [String(Key), String(Value ?? "")]));
}
