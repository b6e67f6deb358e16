/**
 * Resources of Alibaba Cloud's Container Registry and ACK One that no published provider has, typed like a published SDK:
 *
 * ```ts
 * import * as ackone from "./provider";
 *
 * const provider = new ackone.Provider("ackone", { region: "cn-hangzhou" });
 * new ackone.BuildRule("release", { instanceId, repoId, pushType: "GIT_TAG", pushName: "…", imageTag: "…" }, { provider });
 * ```
 *
 * The engine starts the plugin behind them from this folder; `Pulumi.yaml` names it under `plugins.providers`.
 */
export { BuildRule, type BuildRuleArgs } from "./sdk/build-rule";
export { FleetFeatures, type FleetFeaturesArgs } from "./sdk/fleet-features";
export { InstanceEndpoint, type InstanceEndpointArgs } from "./sdk/instance-endpoint";
export { Kubeconfig, type KubeconfigArgs } from "./sdk/kubeconfig";
export {
  type Found,
  findAllowedRange,
  findFleet,
  findInstance,
  findNamespace,
  findRepository,
  findVpcLink,
} from "./sdk/lookups";
export { Permission, type PermissionArgs } from "./sdk/permission";
export { type Endpoints, Provider, type ProviderArgs } from "./sdk/provider";
export { SourceBinding, type SourceBindingArgs } from "./sdk/source-binding";
