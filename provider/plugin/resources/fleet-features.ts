/**
 * What is switched on at a Fleet: GitOps (the hosted Argo CD) with its high availability and public access, the public API
 * server, deletion protection, audit log.
 *
 * Every Fleet has all of them, so that a create is a change, and the change is asynchronous: it is over when
 * DescribeHubClusterDetails shows it. Only switches that stand otherwise are sent, and none when all stand as wanted: it
 * is not documented whether a switch may be turned to where it is. A Fleet with GitOps on can't be deleted, hence deleting
 * this resource turns GitOps off and waits for that.
 */

import { isIP } from "node:net";
import type { OpenApi } from "../../openapi/client";
import { CloudError, unlessGone } from "../../openapi/error";
import type { CheckFailure } from "../protocol";
import { type Context, defineResource, UnfinishedError } from "../resource";
import { fleetId } from "./ids";

interface Inputs {
  clusterId: string;
  gitops: boolean;
  gitopsHighAvailability: boolean;
  gitopsPublicAccess: boolean;
  gitopsAccessControlList?: string[];
  publicApiServer: boolean;
  deletionProtection: boolean;
  auditLog?: boolean;
}

interface Outputs {
  apiServerPublicEndpoint: string;
  apiServerPrivateEndpoint: string;
  argocdHost: string;
}

type State = Inputs & Outputs;

/** Seconds. Installing Argo CD takes a few minutes, with high availability more. */
const LIMIT = 1800;

export const fleetFeatures = defineResource<Inputs, Outputs>({
  token: "ackone:fleet:FleetFeatures",
  description:
    "Switches the features of a Fleet; when deleted, turns GitOps off, without which a Fleet can't be deleted.",
  inputs: {
    clusterId: fleetId,
    gitops: { type: "boolean", description: "The hosted Argo CD.", default: true },
    gitopsHighAvailability: { type: "boolean", description: "Argo CD in several replicas.", default: false },
    gitopsPublicAccess: {
      type: "boolean",
      description: "Argo CD reachable from the Internet.",
      default: false,
    },
    gitopsAccessControlList: {
      type: "strings",
      description: "CIDR blocks that may reach Argo CD from the Internet. Empty: all.",
      unordered: true,
      pattern: { matches: isCidr, means: "a CIDR block; it looks like 198.51.100.0/24" },
    },
    publicApiServer: {
      type: "boolean",
      description: "The API server reachable from the Internet.",
      default: false,
    },
    deletionProtection: {
      type: "boolean",
      description: "The Fleet can't be deleted. Deleting this resource takes the protection off.",
      default: false,
    },
    auditLog: { type: "boolean", description: "Audit log of the API server. Left as it is when not given." },
  },
  outputs: {
    apiServerPublicEndpoint: {
      type: "string",
      description: "Address of the API server from the Internet; may be empty.",
    },
    apiServerPrivateEndpoint: { type: "string", description: "Address of the API server from the VPC." },
    argocdHost: { type: "string", description: "Host name of Argo CD." },
  },

  check(inputs) {
    const failures: CheckFailure[] = [];
    for (const name of ["gitopsHighAvailability", "gitopsPublicAccess"] as const) {
      if (inputs.gitops === false && inputs[name]) {
        failures.push({ property: name, reason: "needs gitops: true; set gitops, or leave this out" });
      }
    }
    if (inputs.gitopsPublicAccess === false && (inputs.gitopsAccessControlList ?? []).length > 0) {
      failures.push({
        property: "gitopsAccessControlList",
        reason:
          "limits access from the Internet, which is off; set gitopsPublicAccess: true, or leave this out",
      });
    }
    return failures;
  },

  preview(inputs, region, state) {
    const argocdHost =
      inputs.clusterId && region ? { argocdHost: hostOfArgoCd(inputs.clusterId, region) } : {};
    if (state === undefined || state.publicApiServer !== inputs.publicApiServer) return argocdHost;
    const { apiServerPublicEndpoint, apiServerPrivateEndpoint } = state;
    return { ...argocdHost, apiServerPublicEndpoint, apiServerPrivateEndpoint };
  },

  async create(inputs, context) {
    return { id: inputs.clusterId, state: await apply(inputs, context) };
  },

  async read(id, { api }, known) {
    const details = await describe(api, id);
    return details && { ...featuresOf(id, details, known), ...outputsOf(id, details, api.region) };
  },

  update(_id, inputs, context, olds) {
    return apply(inputs, context, olds);
  },

  async delete(id, state, context) {
    const { api } = context;
    const details = await describe(api, id);
    if (!details) return;
    const switches: Switches = {};
    if (gitOpsOf(details).Enabled !== false) switches.ArgoCDEnabled = false;
    if (turns(false, details.ClusterInfo?.DeletionProtection, state.deletionProtection)) {
      switches.DeletionProtection = false;
    }
    await unlessGone(send(api, id, switches));
    await api.wait({
      what: `GitOps of the Fleet ${id} to be off`,
      seconds: context.seconds(LIMIT),
      probe: async () => {
        const seen = await describe(api, id);
        const off = seen === undefined || gitOpsOf(seen).Enabled === false;
        return off ? { done: true } : { pending: "GitOps on" };
      },
    });
  },
});

interface GitOps {
  Enabled?: boolean;
  HAEnabled?: boolean;
  PublicAccessEnabled?: boolean;
  AccessControlList?: string[];
}

/** The part of DescribeHubClusterDetails that matters here. */
interface Details {
  ClusterInfo?: {
    State?: string;
    DeletionProtection?: boolean;
    MetaData?: { ACKOne?: { GitOps?: GitOps } };
  };
  ApiServer?: { EnabledPublic?: boolean };
  Endpoints?: { IntranetApiServerEndpoint?: string; PublicApiServerEndpoint?: string };
  LogConfig?: { EnableLog?: boolean };
  Conditions?: { Type?: string; Status?: string; Message?: string }[];
}

async function describe(api: OpenApi, clusterId: string): Promise<Details | undefined> {
  const reply = await unlessGone(
    api.call<{ Cluster?: Details }>("DescribeHubClusterDetails", { ClusterId: clusterId }),
  );
  const details = reply?.Cluster;
  return details?.ClusterInfo?.State === "deleted" ? undefined : details;
}

/** Asks for the features that differ and waits for all. Asking twice is harmless, so a lost reply is too. */
async function apply(inputs: Inputs, context: Context, olds?: State): Promise<State> {
  const { api, seconds } = context;
  const { clusterId } = inputs;
  // A Fleet that isn't there is an error at once: nothing here could make it come.
  const { Cluster = {} } = await api.call<{ Cluster?: Details }>("DescribeHubClusterDetails", {
    ClusterId: clusterId,
  });
  await send(api, clusterId, switchesFor(inputs, Cluster, olds));
  try {
    return await api.wait<State>({
      what: `the features of the Fleet ${clusterId}`,
      seconds: seconds(LIMIT),
      probe: async () => {
        const details = await describe(api, clusterId);
        if (!details) return { pending: "no such Fleet" };
        const missing = differences(inputs, details);
        if (missing.length > 0) return { pending: missing.join(", ") };
        return { done: { ...inputs, ...outputsOf(clusterId, details, api.region) } };
      },
    });
  } catch (error) {
    if (!(error instanceof CloudError) || error.kind !== "timed-out") throw error;
    const details = (await describe(api, clusterId)) ?? {};
    throw new UnfinishedError(clusterId, { ...inputs, ...outputsOf(clusterId, details, api.region) }, error);
  }
}

/** Parameters of UpdateHubClusterFeature; the others are left as they are. */
interface Switches {
  ArgoCDEnabled?: boolean;
  ArgoCDHAEnabled?: boolean;
  PublicAccessEnabled?: boolean;
  AccessControlList?: string;
  PublicApiServerEnabled?: boolean;
  DeletionProtection?: boolean;
  AuditLogEnabled?: boolean;
}

/** Nothing is called when there is nothing to switch. */
async function send(api: OpenApi, clusterId: string, switches: Switches): Promise<void> {
  if (Object.keys(switches).length === 0) return;
  await api.call("UpdateHubClusterFeature", { ClusterId: clusterId, ...switches });
}

/** Whether a switch must be turned. What the Fleet doesn't tell is taken for off, unless it was switched on from here. */
function turns(wanted: boolean, found: boolean | undefined, former: boolean | undefined): boolean {
  return found === undefined ? wanted || former === true : found !== wanted;
}

/** What must be sent to the Fleet that was just described. */
function switchesFor(inputs: Inputs, details: Details, olds?: State): Switches {
  const switches: Switches = {};
  const found = gitOpsOf(details);
  if (turns(inputs.gitops, found.Enabled, olds?.gitops)) switches.ArgoCDEnabled = inputs.gitops;
  if (inputs.gitops) {
    // What a Fleet without GitOps shows of these two may not hold any more when GitOps comes back.
    const fresh = switches.ArgoCDEnabled === true;
    const { gitopsHighAvailability: replicas, gitopsPublicAccess: open } = inputs;
    if ((fresh && replicas) || turns(replicas, found.HAEnabled, olds?.gitopsHighAvailability)) {
      switches.ArgoCDHAEnabled = replicas;
    }
    const opens = (fresh && open) || turns(open, found.PublicAccessEnabled, olds?.gitopsPublicAccess);
    if (opens) switches.PublicAccessEnabled = open;
    if (open && !sameList(inputs.gitopsAccessControlList, found.AccessControlList)) {
      // UpdateHubClusterFeature on AccessControlList: takes effect only with PublicAccessEnabled.
      switches.PublicAccessEnabled = true;
      switches.AccessControlList = JSON.stringify(inputs.gitopsAccessControlList ?? []);
    }
  }
  if (turns(inputs.publicApiServer, details.ApiServer?.EnabledPublic, olds?.publicApiServer)) {
    switches.PublicApiServerEnabled = inputs.publicApiServer;
  }
  const { deletionProtection, auditLog } = inputs;
  // Not among the documented fields of the reply, so that wanted protection is sent each time.
  if (turns(deletionProtection, details.ClusterInfo?.DeletionProtection, olds?.deletionProtection)) {
    switches.DeletionProtection = deletionProtection;
  }
  if (auditLog !== undefined && turns(auditLog, details.LogConfig?.EnableLog, olds?.auditLog)) {
    switches.AuditLogEnabled = auditLog;
  }
  return switches;
}

/** Order doesn't matter. */
function sameList(one: string[] = [], other: string[] = []): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}

/** What still differs from the inputs, in words for the time-out. */
function differences(inputs: Inputs, details: Details): string[] {
  const seen = featuresOf(inputs.clusterId, details);
  const differing: string[] = [];
  const compare = (name: string, wanted: boolean, found: boolean) => {
    if (wanted !== found) differing.push(`${name} ${found ? "on" : "off"}`);
  };
  compare("GitOps", inputs.gitops, seen.gitops);
  if (inputs.gitops) {
    compare("GitOps high availability", inputs.gitopsHighAvailability, seen.gitopsHighAvailability);
    compare("GitOps public access", inputs.gitopsPublicAccess, seen.gitopsPublicAccess);
  }
  compare("public API server", inputs.publicApiServer, seen.publicApiServer);
  if (inputs.publicApiServer && seen.publicApiServer && !details.Endpoints?.PublicApiServerEndpoint) {
    differing.push("no public address of the API server");
  }
  const state = details.ClusterInfo?.State ?? "unknown";
  if (state !== "running") differing.push(`Fleet ${state}`);
  if (differing.length === 0) return [];
  // What the Fleet itself says about it is worth reading after a time-out.
  const complaints = (details.Conditions ?? []).filter(
    ({ Status, Message }) => Status === "False" && Message,
  );
  return [...differing, ...complaints.map(({ Type, Message }) => `${Type}: ${Message}`)];
}

function gitOpsOf(details: Details): GitOps {
  return details.ClusterInfo?.MetaData?.ACKOne?.GitOps ?? {};
}

function featuresOf(clusterId: string, details: Details, known?: State): Inputs {
  const gitops = gitOpsOf(details);
  return {
    clusterId,
    gitops: gitops.Enabled === true,
    gitopsHighAvailability: gitops.HAEnabled === true,
    gitopsPublicAccess: gitops.PublicAccessEnabled === true,
    // A list from earlier stays in the reply without public access. It has no effect then, and can't be sent away.
    gitopsAccessControlList: gitops.PublicAccessEnabled ? (gitops.AccessControlList ?? []) : [],
    publicApiServer: details.ApiServer?.EnabledPublic === true,
    // Not among the documented fields of the reply: what was set last stands unless the reply says otherwise.
    deletionProtection: details.ClusterInfo?.DeletionProtection ?? known?.deletionProtection ?? false,
    auditLog: details.LogConfig?.EnableLog === true,
  };
}

function outputsOf(clusterId: string, details: Details, region: string): Outputs {
  return {
    apiServerPublicEndpoint: details.Endpoints?.PublicApiServerEndpoint ?? "",
    apiServerPrivateEndpoint: details.Endpoints?.IntranetApiServerEndpoint ?? "",
    argocdHost: hostOfArgoCd(clusterId, region),
  };
}

function hostOfArgoCd(clusterId: string, region: string): string {
  return `argocd.${clusterId}.${region}.alicontainer.com`;
}

function isCidr(text: string): boolean {
  const [address = "", prefix = "", ...rest] = text.split("/");
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}
