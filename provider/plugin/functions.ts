/**
 * Functions that find things by name before anything is created: a create that the engine has lost (a killed run) leaves
 * something that the state doesn't know, and whose name is taken.
 *
 * Each returns the ids under which the published alicloud provider imports what was found; none is an empty list.
 */
import type { OpenApi } from "../openapi/client";
import { unlessGone } from "../openapi/error";
import type { Property } from "./resource";

export interface FunctionDefinition {
  /** `ackone:<module>:<name>`. */
  token: string;
  description: string;
  inputs: Readonly<Record<string, Property>>;
  outputs: Readonly<Record<string, Property>>;
  call(args: Record<string, string>, api: OpenApi): Promise<string[]>;
}

const text = (description: string): Property => ({ type: "string", description, required: true });
const outputs = { ids: { type: "strings", description: "Import ids of what was found." } } as const;
const PAGE_SIZE = 50;

export const functions: readonly FunctionDefinition[] = [
  {
    token: "ackone:registry:findInstance",
    description: "Finds Enterprise Edition instances of the registry by name.",
    inputs: { name: text("Name of the instance.") },
    outputs,
    async call({ name }, api) {
      const ids: string[] = [];
      for (let page = 1, seen = 0; ; page++) {
        const reply = await api.call<{
          Instances?: { InstanceId: string; InstanceName: string; InstanceStatus?: string }[];
          TotalCount?: number | string;
        }>("ListInstance", { InstanceName: name, PageNo: page, PageSize: PAGE_SIZE });
        const items = reply.Instances ?? [];
        // The filter of the call isn't documented to be exact.
        const matching = items.filter(
          (item) => item.InstanceName === name && item.InstanceStatus !== "DELETING",
        );
        ids.push(...matching.map((item) => item.InstanceId));
        seen += items.length;
        if (items.length === 0 || seen >= Number(reply.TotalCount ?? 0)) return ids;
      }
    },
  },
  {
    token: "ackone:registry:findNamespace",
    description: "Finds a namespace of a registry instance by name.",
    inputs: { instanceId: text("Id of the instance."), name: text("Name of the namespace.") },
    outputs,
    async call({ instanceId, name }, api) {
      const found = await unlessGone(
        api.call("GetNamespace", { InstanceId: instanceId, NamespaceName: name }),
      );
      return found ? [`${instanceId}:${name}`] : [];
    },
  },
  {
    token: "ackone:registry:findRepository",
    description: "Finds an image repository by name.",
    inputs: {
      instanceId: text("Id of the instance."),
      namespace: text("Name of the namespace."),
      name: text("Name of the image repository."),
    },
    outputs,
    async call({ instanceId, namespace, name }, api) {
      const found = await unlessGone(
        api.call("GetRepository", { InstanceId: instanceId, RepoNamespaceName: namespace, RepoName: name }),
      );
      return found ? [`${instanceId}:${namespace}:${name}`] : [];
    },
  },
  {
    token: "ackone:registry:findAllowedRange",
    description: "Finds an address range in the allow-list of a registry instance's internet endpoint.",
    inputs: { instanceId: text("Id of the instance."), range: text("Address range, in CIDR notation.") },
    outputs,
    async call({ instanceId, range }, api) {
      const reply = await unlessGone(
        api.call<{ AclEntries?: { Entry?: string }[] }>("GetInstanceEndpoint", {
          InstanceId: instanceId,
          EndpointType: "internet",
          ModuleName: "Registry",
        }),
      );
      const listed = reply?.AclEntries?.some(({ Entry }) => Entry === range);
      return listed ? [`${instanceId}:internet:${range}`] : [];
    },
  },
  {
    token: "ackone:registry:findVpcLink",
    description: "Finds a VPC among those that are linked to a registry instance.",
    inputs: { instanceId: text("Id of the instance."), vpcId: text("Id of the VPC.") },
    outputs,
    async call({ instanceId, vpcId }, api) {
      const reply = await unlessGone(
        api.call<{ LinkedVpcs?: { VpcId?: string; VswitchId?: string; Status?: string }[] }>(
          "GetInstanceVpcEndpoint",
          { InstanceId: instanceId, ModuleName: "Registry" },
        ),
      );
      return (reply?.LinkedVpcs ?? []).flatMap((link) =>
        link.VpcId === vpcId && link.Status !== "DELETING"
          ? [`${instanceId}:${vpcId}:${link.VswitchId}:Registry`]
          : [],
      );
    },
  },
  {
    token: "ackone:fleet:findFleet",
    description: "Finds Fleets by name.",
    inputs: { name: text("Name of the Fleet.") },
    outputs,
    async call({ name }, api) {
      const reply = await api.call<{
        Clusters?: { ClusterInfo?: { ClusterId?: string; Name?: string; State?: string } }[];
      }>("DescribeHubClusters", {});
      return (reply.Clusters ?? []).flatMap(({ ClusterInfo: info = {} }) =>
        info.Name === name && info.ClusterId && !info.State?.startsWith("delet") ? [info.ClusterId] : [],
      );
    },
  },
];
