import { job } from "../account/jobs";
import type { Instance, VpcLink } from "../account/model";
import { action } from "../gateway/action";
import { ApiError, BusinessError } from "../gateway/errors";
import { choice, flag, required, text } from "../gateway/parameters";
import { quotaOf } from "./editions";
import { findInstance, runningInstance } from "./lookup";
import { registryHost } from "./names";

/** Access from networks of the account ("Configure access over VPCs"). */
const link = {
  InstanceId: required(text()),
  VpcId: required(text()),
  VswitchId: required(text()),
  ModuleName: choice(["Registry", "Chart"]),
};

export const GetInstanceVpcEndpoint = action(
  { InstanceId: required(text()), ModuleName: choice(["Registry", "Chart"]) },
  ({ InstanceId, ModuleName = "Registry" }, cloud) => {
    const instance = runningInstance(cloud, InstanceId);
    const links = instance.vpcLinks.filter(({ module }) => module === ModuleName);
    return {
      Enable: true,
      Domains: [registryHost(instance.name, ModuleName, "vpc", cloud.region)],
      LinkedVpcs: links.map((each, index) => ({
        VpcId: each.vpcId,
        VswitchId: each.vSwitchId,
        Ip: each.ip,
        Status: each.status,
        DefaultAccess: index === 0,
      })),
    };
  },
);

export const CreateInstanceVpcEndpointLinkedVpc = action(
  { ...link, EnableCreateDNSRecordInPvzt: flag() },
  ({ InstanceId, VpcId, VswitchId, ModuleName = "Registry" }, cloud) => {
    const instance = runningInstance(cloud, InstanceId);
    const vpc = cloud.world.vpcs.find(({ id }) => id === VpcId);
    // Codes of the VPC service, which the registry asks.
    if (!vpc) throw new ApiError(404, "InvalidVpcId.NotFound", `The VPC ${VpcId} does not exist.`);
    if (!vpc.vSwitches.includes(VswitchId)) {
      throw new ApiError(
        404,
        "InvalidVSwitchId.NotFound",
        `The vSwitch ${VswitchId} does not exist in ${VpcId}.`,
      );
    }
    const all = instance.vpcLinks.filter(({ module }) => module === ModuleName);
    if (all.some(({ vpcId }) => vpcId === VpcId)) {
      // Undocumented code, the counterpart of INSTANCE_ACCESS_NOT_EXIST.
      throw new BusinessError("INSTANCE_ACCESS_ALREADY_EXIST", `${VpcId} is linked.`);
    }
    if (all.length >= quotaOf(instance).vpcs) {
      throw new BusinessError("VPC_QUOTA_EXCEEDED", `${instance.edition} has no room for a VPC.`);
    }
    instance.vpcLinks.push({
      vpcId: VpcId,
      vSwitchId: VswitchId,
      module: ModuleName,
      status: "CREATING",
      ip: `192.168.${instance.vpcLinks.length}.10`,
    });
    cloud.later(cloud.settings.delays.vpcLink, settleVpcLink, {
      instanceId: InstanceId,
      vpcId: VpcId,
      module: ModuleName,
    });
    return {};
  },
);

export const DeleteInstanceVpcEndpointLinkedVpc = action(
  link,
  ({ InstanceId, VpcId, VswitchId, ModuleName = "Registry" }, cloud) => {
    const found = linkOf(findInstance(cloud, InstanceId), VpcId, ModuleName);
    if (!found || found.vSwitchId !== VswitchId) {
      throw new BusinessError("INSTANCE_ACCESS_NOT_EXIST", `${VpcId} is not linked.`);
    }
    found.status = "DELETING";
    cloud.later(cloud.settings.delays.vpcLink, settleVpcLink, {
      instanceId: InstanceId,
      vpcId: VpcId,
      module: ModuleName,
    });
    return {};
  },
);

export const settleVpcLink = job<{ instanceId: string; vpcId: string; module: string }>(
  "cr.settleVpcLink",
  ({ account }, { instanceId, vpcId, module }) => {
    const instance = account.instances[instanceId];
    const found = instance && linkOf(instance, vpcId, module);
    if (found?.status === "CREATING") found.status = "RUNNING";
    if (found?.status === "DELETING") instance?.vpcLinks.splice(instance.vpcLinks.indexOf(found), 1);
  },
);

function linkOf(instance: Instance, vpcId: string, module: string): VpcLink | undefined {
  return instance.vpcLinks.find((each) => each.vpcId === vpcId && each.module === module);
}
