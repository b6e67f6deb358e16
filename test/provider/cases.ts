/** One case per resource for the tests that hold for all of them. */
import type { Value, Values } from "../../provider/plugin/values";
import { kubeconfigOf, type Pair } from "./certificates";
import type { Cloud } from "./cloud";

export interface Case {
  type: string;
  /** Inputs without optional ones. */
  inputs: Values;
  /** The world before the create. */
  prepare?(cloud: Cloud, client: Pair): void;
  /** The call that makes it, and the one that a read needs. */
  making: string;
  reading: string;
  ramAction: string;
  id: string;
  /** How many of them the cloud holds. */
  held(cloud: Cloud): number;
  /** What that number is after a delete. @default 0 */
  left?: number;
  /** A change in place; missing when every change replaces. */
  change?: Values;
  /** What the cloud then holds. */
  changed?(cloud: Cloud): unknown;
  /** A change that replaces. */
  replacement: Values;
  /** Somebody changes it by hand; the input that a refresh then shows. */
  drift?(cloud: Cloud): [name: string, value: Value];
  /** Somebody deletes it by hand. */
  vanish(cloud: Cloud): void;
}

const cri = "cri-test";
const crr = "crr-test";
const fleetId = "c0123456789abcdef0123456789abcdef";

export const cases: readonly Case[] = [
  {
    type: "ackone:registry:SourceBinding",
    inputs: {
      instanceId: cri,
      repoId: crr,
      codeRepoType: "GITHUB",
      codeRepoNamespace: "acme",
      codeRepoName: "echo-server",
    },
    making: "CreateRepoSourceCodeRepo",
    reading: "GetRepoSourceCodeRepo",
    ramAction: "cr:CreateSourceRepository",
    id: `${cri}:${crr}`,
    held: (cloud) => (cloud.binding?.["AutoBuild"] === "true" ? 1 : 0),
    change: { disableCacheBuild: true },
    changed: (cloud) => cloud.binding?.["DisableCacheBuild"] === "true",
    replacement: { repoId: "crr-other" },
    drift: (cloud) => {
      cloud.binding = { ...cloud.binding, AutoBuild: "false" };
      return ["autoBuild", false];
    },
    vanish: (cloud) => {
      cloud.repositoryExists = false;
    },
  },
  {
    type: "ackone:registry:BuildRule",
    inputs: {
      instanceId: cri,
      repoId: crr,
      pushType: "GIT_TAG",
      pushName: "release-(?<imageTag>v[\\w.-]+)",
      imageTag: "${imageTag}",
    },
    making: "CreateRepoBuildRule",
    reading: "ListRepoBuildRule",
    ramAction: "cr:CreateRepositoryBuildRule",
    id: `${cri}:${crr}:crbr-1`,
    held: (cloud) => cloud.rules.length,
    change: { imageTag: "latest", platforms: ["linux/arm64", "linux/amd64"] },
    changed: (cloud) => cloud.rules[0]?.ImageTag === "latest" && cloud.rules[0].Platforms.length === 2,
    replacement: { instanceId: "cri-other" },
    drift: (cloud) => {
      Object.assign(cloud.rules[0] ?? {}, { DockerfileName: "Dockerfile.hand" });
      return ["dockerfileName", "Dockerfile.hand"];
    },
    vanish: (cloud) => {
      cloud.rules = [];
    },
  },
  {
    type: "ackone:registry:InstanceEndpoint",
    inputs: { instanceId: cri },
    making: "UpdateInstanceEndpointStatus",
    reading: "GetInstanceEndpoint",
    ramAction: "cr:UpdateInstanceEndpointStatus",
    id: `${cri}:internet:Registry`,
    held: (cloud) => (cloud.endpoint?.enable ? 1 : 0),
    change: { enabled: false },
    changed: (cloud) => cloud.endpoint?.enable === false,
    replacement: { moduleName: "Chart" },
    drift: (cloud) => {
      Object.assign(cloud.endpoint ?? {}, { enable: false });
      return ["enabled", false];
    },
    vanish: (cloud) => {
      cloud.endpoint = undefined;
    },
  },
  {
    type: "ackone:fleet:FleetFeatures",
    inputs: { clusterId: fleetId },
    prepare: (cloud) => {
      cloud.newFleet().gitops.Enabled = false;
    },
    making: "UpdateHubClusterFeature",
    reading: "DescribeHubClusterDetails",
    ramAction: "adcp:UpdateHubClusterFeature",
    id: fleetId,
    held: (cloud) => (cloud.fleet?.gitops.Enabled ? 1 : 0),
    change: { publicApiServer: true },
    changed: (cloud) => cloud.fleet?.publicApiServer,
    replacement: { clusterId: "c1123456789abcdef0123456789abcdef" },
    drift: (cloud) => {
      Object.assign(cloud.fleet?.gitops ?? {}, { HAEnabled: true });
      return ["gitopsHighAvailability", true];
    },
    vanish: (cloud) => {
      cloud.fleet = undefined;
    },
  },
  {
    type: "ackone:fleet:Kubeconfig",
    inputs: { clusterId: fleetId, source: "fleet" },
    prepare: (cloud, client) => {
      cloud.newFleet().kubeconfig = kubeconfigOf(client);
    },
    making: "DescribeHubClusterKubeconfig",
    reading: "DescribeHubClusterKubeconfig",
    ramAction: "adcp:DescribeHubClusterKubeconfig",
    id: `fleet:${fleetId}:public`,
    held: () => 1,
    left: 1,
    change: { renewBeforeDays: 14 },
    changed: () => true,
    replacement: { privateIpAddress: true },
    vanish: (cloud) => {
      cloud.fleet = undefined;
    },
  },
  {
    type: "ackone:fleet:Permission",
    inputs: {
      userId: "2176001",
      clusterId: fleetId,
      roleType: "namespace",
      roleName: "dev",
      namespace: "echo",
    },
    making: "GrantUserPermission",
    reading: "DescribeUserPermissions",
    ramAction: "adcp:GrantUserPermission",
    id: `2176001:${fleetId}:namespace:dev:echo`,
    held: (cloud) => cloud.permissions.length,
    replacement: { roleName: "gitops-dev", namespace: "argocd" },
    vanish: (cloud) => {
      cloud.permissions = [];
    },
  },
];
