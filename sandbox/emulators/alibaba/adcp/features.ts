import { isIP } from "node:net";
import { job } from "../account/jobs";
import type { Fleet } from "../account/model";
import type { Cloud } from "../cloud";
import { action } from "../gateway/action";
import { invalid } from "../gateway/errors";
import { choice, flag, jsonStrings, required, text, type Values } from "../gateway/parameters";
import { checkNetwork, runningFleet } from "./fleets";

/** Switches that change something which can be seen. */
const switches = {
  ArgoCDEnabled: flag(),
  ArgoCDHAEnabled: flag(),
  PublicAccessEnabled: flag(),
  AccessControlList: jsonStrings(),
  PublicApiServerEnabled: flag(),
  ApiServerEipId: text(),
  DeletionProtection: flag(),
  AuditLogEnabled: flag(),
  Name: text({ max: 63 }),
  VSwitches: jsonStrings(),
};

/** Switches that are accepted and kept, and that nothing in the sandbox reacts to. */
const others = {
  EnableMesh: flag(),
  GatewayEnabled: flag(),
  ArgoEventsEnabled: flag(),
  ArgoServerEnabled: flag(),
  MonitorEnabled: flag(),
  CostInsightsEnabled: flag(),
  RRSAEnabled: flag(),
  FluidEnabled: flag(),
  KubeRayEnabled: flag(),
  SparkOperatorEnabled: flag(),
  TrainOperatorEnabled: flag(),
  MCSandboxEnabled: flag(),
  GatewayAPIEnabled: flag(),
  EnvoyGatewayEnabled: flag(),
  PriceLimit: text(),
  WorkflowScheduleMode: choice(["cost-optimized", "stock-optimized"]),
};

type Changes = Omit<Values<typeof switches>, "ApiServerEipId">;

/**
 * Checked at once, done later: only DescribeHubClusterDetails tells when, or in `Conditions` why not. Deletion
 * protection and the name are settings of the record and take effect at once.
 */
export const UpdateHubClusterFeature = action(
  { ClusterId: required(text()), ...switches, ...others },
  ({ ClusterId, ApiServerEipId, ...request }, cloud) => {
    const fleet = runningFleet(cloud, ClusterId);
    const changes: Changes = {};
    for (const name of Object.keys(switches) as (keyof Changes)[]) {
      if (request[name] !== undefined) Object.assign(changes, { [name]: request[name] });
    }
    check(fleet, changes, cloud);
    fleet.deletionProtection = changes.DeletionProtection ?? fleet.deletionProtection;
    fleet.name = changes.Name ?? fleet.name;
    for (const name of Object.keys(others) as (keyof typeof others)[]) {
      const value = request[name];
      if (value !== undefined) fleet.otherFeatures[name] = value;
    }
    cloud.later(cloud.settings.delays.feature, applyFeatures, {
      fleetId: fleet.id,
      changes: JSON.stringify(changes),
    });
    return {};
  },
);

/** "UpdateHubClusterFeature": what needs what. Codes of these refusals are not documented. */
function check(fleet: Fleet, changes: Changes, cloud: Cloud): void {
  const gitopsOn = changes.ArgoCDEnabled ?? fleet.gitops?.enabled ?? false;
  if (changes.ArgoCDEnabled !== undefined && fleet.profile !== "Default") {
    throw invalid("ArgoCDEnabled", `a Fleet of the profile ${fleet.profile} has no GitOps`);
  }
  if (changes.ArgoCDHAEnabled && !gitopsOn) throw invalid("ArgoCDHAEnabled", "GitOps is off");
  if (changes.PublicAccessEnabled && !gitopsOn) throw invalid("PublicAccessEnabled", "GitOps is off");
  if (changes.AccessControlList) {
    const publicAccess = changes.PublicAccessEnabled ?? fleet.gitops?.publicAccess ?? false;
    if (!publicAccess && changes.AccessControlList.length > 0) {
      throw invalid("AccessControlList", "it takes effect only with PublicAccessEnabled");
    }
    for (const entry of changes.AccessControlList) {
      const [address = "", prefix = "32", ...rest] = entry.split("/");
      if (isIP(address) !== 4 || !/^\d{1,2}$/.test(prefix) || Number(prefix) > 32 || rest.length > 0) {
        throw invalid("AccessControlList", `${entry} is not an IPv4 CIDR block`);
      }
    }
  }
  if (changes.VSwitches) checkNetwork(cloud, fleet.vpcId, changes.VSwitches);
}

/** Switching GitOps off takes its high availability and public access along. */
export const applyFeatures = job<{ fleetId: string; changes: string }>(
  "adcp.applyFeatures",
  async (cloud, args) => {
    const fleet = cloud.account.fleets[args.fleetId];
    if (fleet?.state !== "running") return;
    const changes = JSON.parse(args.changes) as Changes;
    try {
      if (fleet.gitops) await switchGitOps(fleet, changes, cloud);
      fleet.featureError = "";
    } catch (error) {
      fleet.featureError = error instanceof Error ? error.message : String(error);
      return;
    }
    fleet.publicApiServer = changes.PublicApiServerEnabled ?? fleet.publicApiServer;
    fleet.auditLog = changes.AuditLogEnabled ?? fleet.auditLog;
    fleet.vSwitches = changes.VSwitches ?? fleet.vSwitches;
    fleet.modifiedAt = Date.now();
  },
);

async function switchGitOps(fleet: Fleet, changes: Changes, cloud: Cloud): Promise<void> {
  const before = fleet.gitops ?? {
    enabled: false,
    highAvailability: false,
    publicAccess: false,
    accessControlList: [],
  };
  const enabled = changes.ArgoCDEnabled ?? before.enabled;
  const publicAccess = enabled && (changes.PublicAccessEnabled ?? before.publicAccess);
  const after = {
    enabled,
    highAvailability: enabled && (changes.ArgoCDHAEnabled ?? before.highAvailability),
    publicAccess,
    accessControlList: publicAccess ? (changes.AccessControlList ?? before.accessControlList) : [],
  };
  if (after.enabled !== before.enabled || after.highAvailability !== before.highAvailability) {
    await cloud.clusters.gitops(fleet.id, after.enabled, after.highAvailability);
  }
  if (after.enabled && !before.enabled) {
    for (const member of fleet.members.filter(({ state }) => state === "Successed")) {
      await cloud.clusters.attach(fleet.id, { id: member.id, name: member.name });
    }
  }
  fleet.gitops = after;
}
