/**
 * What the member clusters need before services can be deployed to them: controllers for canary releases, and the means
 * to pull images from the registry.
 *
 * Add-ons of a cluster need no Fleet and are installed beside it. Argo Rollouts is deployed by Argo CD, and comes after
 * the membership.
 */
import type * as pulumi from "@pulumi/pulumi";
import { ArgoRollouts } from "../components/rollouts/argo-rollouts";
import { type IgnoredDifference, kruiseDifferences, RolloutRules } from "../components/rollouts/argocd-rules";
import { ImagePullCredentials } from "../components/rollouts/image-pull-credentials";
import { KruiseRollouts } from "../components/rollouts/kruise-rollouts";
import { argoRolloutsName, namespacesOn } from "./config/derived";
import type { ClusterConfig } from "./config/fleet";
import type { PlatformConfig } from "./config/read";
import type { FleetPart } from "./fleet";
import { mapValues } from "./map-values";
import type { RegistryPart } from "./registry";

export interface AddonsPart {
  /** By cluster: what an Application on it needs from its first sync until it is gone. */
  foundations: Record<string, pulumi.Resource[]>;
  /** By cluster: what its controllers change on objects that Argo CD deploys. */
  ignoredDifferences: Record<string, IgnoredDifference[]>;
  all: pulumi.Resource[];
}

export function createAddons(
  config: PlatformConfig,
  fleetPart: FleetPart,
  registry: RegistryPart,
  options: pulumi.ComponentResourceOptions,
): AddonsPart {
  const { clusters } = config;
  const rules = createRules(clusters, fleetPart);
  const installed = mapValues(clusters, (cluster, key) => [
    ...createCanary(cluster, key, fleetPart, options),
    ...createImagePull(config, cluster, key, registry, options),
  ]);
  return {
    foundations: mapValues(installed, (addons, key) =>
      clusters[key]!.canary.includes("kruise") ? [...addons, ...rules] : addons,
    ),
    ignoredDifferences: mapValues(clusters, ({ canary }) =>
      canary.includes("kruise") ? kruiseDifferences : [],
    ),
    all: [...rules, ...Object.values(installed).flat()],
  };
}

/** Once for all clusters: how Argo CD sees Kruise's objects. */
function createRules(clusters: PlatformConfig["clusters"], { fleet }: FleetPart): RolloutRules[] {
  const wanted = Object.values(clusters).some(({ canary }) => canary.includes("kruise"));
  return wanted ? [new RolloutRules("rollout-rules", { provider: fleet.provider })] : [];
}

function createCanary(
  { id, canary, argoRollouts }: ClusterConfig,
  key: string,
  { fleet, members }: FleetPart,
  options: pulumi.ComponentResourceOptions,
): pulumi.Resource[] {
  const member = members[key]!;
  const create = {
    kruise: () => new KruiseRollouts(`kruise-${key}`, { clusterId: id }, options),
    "argo-rollouts": () =>
      new ArgoRollouts(
        `argo-rollouts-${key}`,
        {
          cluster: member.destinationName,
          memberProvider: member.provider,
          projectName: argoRolloutsName(key),
          ...argoRollouts,
        },
        { provider: fleet.provider, dependsOn: [member] },
      ),
  };
  return canary.map((controller) => create[controller]());
}

function createImagePull(
  { environments, region }: PlatformConfig,
  { id, imagePull, serviceAccounts }: ClusterConfig,
  key: string,
  { registry }: RegistryPart,
  options: pulumi.ComponentResourceOptions,
): ImagePullCredentials[] {
  const namespaces = namespacesOn(key, environments);
  if (!imagePull || namespaces.length === 0) {
    return [];
  }
  const args = { clusterId: id, instanceId: registry.instanceId, region, namespaces, serviceAccounts };
  return [new ImagePullCredentials(`image-pull-${key}`, args, options)];
}
