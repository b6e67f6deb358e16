import { isIP } from "node:net";
import { job } from "../account/jobs";
import type { InternetEndpoint, ModuleName } from "../account/model";
import { action } from "../gateway/action";
import { BusinessError, invalid, missing } from "../gateway/errors";
import { choice, flag, records, required, text } from "../gateway/parameters";
import { runningInstance } from "./lookup";
import { registryHost } from "./names";

/** The API says "internet", its documents also "Internet". */
const endpointType = required(choice(["internet"], { ignoreCase: true }));
const moduleName = choice(["Registry", "Chart"]);
const target = { InstanceId: required(text()), EndpointType: endpointType, ModuleName: moduleName };

/** Enabling adds 127.0.0.1/32 to the allow-list ("CR Endpoint Acl Service"): nobody gets in until entries follow. */
const initialAcl = () => [{ entry: "127.0.0.1/32", comment: "default" }];

export const GetInstanceEndpoint = action(target, ({ InstanceId, ModuleName = "Registry" }, cloud) => {
  const instance = runningInstance(cloud, InstanceId);
  const endpoint = instance.internet[ModuleName];
  return endpointView(endpoint, registryHost(instance.name, ModuleName, "internet", cloud.region));
});

/** The access of one module from the internet and from VPCs; the latter is always on, if only for linked VPCs. */
export const ListInstanceEndpoint = action(
  { InstanceId: required(text()), ModuleName: moduleName, Summary: flag() },
  ({ InstanceId, ModuleName = "Registry" }, cloud) => {
    const instance = runningInstance(cloud, InstanceId);
    const domain = (network: "internet" | "vpc") =>
      registryHost(instance.name, ModuleName, network, cloud.region);
    const links = instance.vpcLinks.filter(({ module }) => module === ModuleName);
    return {
      Endpoints: [
        {
          EndpointType: "internet",
          ...endpointView(instance.internet[ModuleName], domain("internet")),
          LinkedVpcs: [],
        },
        {
          EndpointType: "vpc",
          Enable: true,
          Status: "RUNNING",
          AclEnable: false,
          AclEntries: [],
          Domains: [{ Type: "SYSTEM", Domain: domain("vpc") }],
          LinkedVpcs: links.map((link) => ({ VpcId: link.vpcId, VswitchId: link.vSwitchId, Ip: link.ip })),
        },
      ],
    };
  },
);

/** Asynchronous; switching to what it already is does nothing. Switching off drops the allow-list. */
export const UpdateInstanceEndpointStatus = action(
  { ...target, Enable: required(flag()) },
  ({ InstanceId, ModuleName = "Registry", Enable }, cloud) => {
    const endpoint = runningInstance(cloud, InstanceId).internet[ModuleName];
    const isOn = endpoint.status === "CREATING" || endpoint.status === "RUNNING";
    if (isOn === Enable) return {};
    endpoint.status = Enable ? "CREATING" : "DELETING";
    if (Enable) endpoint.acl = initialAcl();
    cloud.later(cloud.settings.delays.endpoint, settleEndpoint, {
      instanceId: InstanceId,
      module: ModuleName,
    });
    return {};
  },
);

/** One entry in `Entry`, or several in `Entries` (since July 2026). */
export const CreateInstanceEndpointAclPolicy = action(
  {
    ...target,
    Entry: text(),
    Comment: text({ max: 256 }),
    Entries: records({ Entry: required(text()), Comment: text({ max: 256 }) }),
  },
  ({ InstanceId, ModuleName = "Registry", Entry, Comment, Entries }, cloud) => {
    const endpoint = runningEndpoint(runningInstance(cloud, InstanceId).internet[ModuleName]);
    const wanted = Entries ?? (Entry ? [{ Entry, Comment }] : undefined);
    if (!wanted) throw missing("Entry");
    for (const each of wanted) {
      checkCidr(each.Entry);
      if (endpoint.acl.some(({ entry }) => entry === each.Entry)) {
        // Undocumented code; that a double entry is refused is an assumption too.
        throw new BusinessError("ACL_ENTRY_ALREADY_EXIST", `${each.Entry} is in the list.`);
      }
    }
    endpoint.acl.push(...wanted.map((each) => ({ entry: each.Entry, comment: each.Comment ?? "" })));
    return {};
  },
);

export const DeleteInstanceEndpointAclPolicy = action(
  { ...target, Entry: required(text()) },
  ({ InstanceId, ModuleName = "Registry", Entry }, cloud) => {
    const endpoint = runningEndpoint(runningInstance(cloud, InstanceId).internet[ModuleName]);
    if (!endpoint.acl.some(({ entry }) => entry === Entry)) {
      // Undocumented code.
      throw new BusinessError("ACL_ENTRY_NOT_EXIST", `${Entry} is not in the list.`);
    }
    endpoint.acl = endpoint.acl.filter(({ entry }) => entry !== Entry);
    return {};
  },
);

export const settleEndpoint = job<{ instanceId: string; module: ModuleName }>(
  "cr.settleEndpoint",
  ({ account }, { instanceId, module }) => {
    const endpoint = account.instances[instanceId]?.internet[module];
    if (endpoint?.status === "CREATING") endpoint.status = "RUNNING";
    if (endpoint?.status === "DELETING") {
      endpoint.status = "OFF";
      endpoint.acl = [];
    }
  },
);

/** `Status` and `AclEntries` as the "GetInstanceEndpoint" page lists them; no status when it is off. */
function endpointView({ status, acl }: InternetEndpoint, domain: string) {
  const on = status !== "OFF";
  return {
    Enable: status === "CREATING" || status === "RUNNING",
    ...(on && { Status: status }),
    AclEnable: acl.length > 0,
    AclEntries: acl.map(({ entry, comment }) => ({ Entry: entry, Comment: comment })),
    Domains: on ? [{ Type: "SYSTEM", Domain: domain }] : [],
  };
}

/**
 * The allow-list belongs to the load balancer of the endpoint, so there is none before that runs. Providers
 * retry SLB_SERVICE_ERROR for as long as the endpoint is being created.
 */
function runningEndpoint(endpoint: InternetEndpoint): InternetEndpoint {
  if (endpoint.status === "RUNNING") return endpoint;
  if (endpoint.status === "CREATING") {
    throw new BusinessError("SLB_SERVICE_ERROR", "The endpoint is being created.");
  }
  // Undocumented code.
  throw new BusinessError("INSTANCE_ENDPOINT_NOT_EXIST", "The instance has no internet endpoint.");
}

function checkCidr(entry: string): void {
  const [address = "", prefix = "", ...rest] = entry.split("/");
  const valid = isIP(address) === 4 && /^\d{1,2}$/.test(prefix) && Number(prefix) <= 32 && rest.length === 0;
  if (!valid) throw invalid("Entry", `${entry} is not an IPv4 CIDR block`);
}
