/** A pipeline for every service: the service's Applications in all environments. */
import * as pulumi from "@pulumi/pulumi";
import { Pipeline } from "../components/delivery/pipeline";
import type { AddonsPart } from "./addons";
import { plainPipeline } from "./config/derived";
import type { PlatformConfig } from "./config/read";
import type { FleetPart } from "./fleet";
import type { GitopsPart } from "./gitops";
import { mapValues } from "./map-values";
import { protection } from "./protection";
import type { RegistryPart } from "./registry";

/** @returns Pipelines by service. */
export function createPipelines(
  { services, environments, deployment, protect, fleet: { gitops } }: PlatformConfig,
  { fleet, members }: FleetPart,
  { host, images }: RegistryPart,
  addons: AddonsPart,
  { deploymentUrl, projects, foundations }: GitopsPart,
): Record<string, Pipeline> {
  return mapValues(services, (service, name) => {
    const plain = plainPipeline(name, service, environments, deployment);
    return new Pipeline(
      name,
      {
        ...plain,
        images: mapValues(plain.images, (image, alias) => ({
          ...image,
          reference: pulumi.interpolate`${host}/${images[name]![alias]!.path}`,
        })),
        repository: { ...plain.repository, url: deploymentUrl },
        refreshPaths: gitops.refreshPaths,
        environments: mapValues(plain.environments, (settings, environment) => {
          const { cluster } = environments[environment]!;
          const member = members[cluster]!;
          return {
            ...settings,
            project: projects[environment]!.projectName,
            cluster: member.destinationName,
            ignoreDifferences: addons.ignoredDifferences[cluster],
            // The membership and Argo CD's rights in the cluster: to remove what it deployed it needs both. The
            // controllers: without their definitions a chart with a canary can't be deployed.
            dependsOn: [member, ...addons.foundations[cluster]!],
          };
        }),
      },
      { ...protection(protect), provider: fleet.provider, dependsOn: foundations },
    );
  });
}
