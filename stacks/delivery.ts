/** A pipeline for every service: the service's Applications in all environments. */
import * as pulumi from "@pulumi/pulumi";
import { Pipeline } from "../components/delivery/pipeline";
import { plainPipeline } from "./config/derived";
import type { PlatformConfig } from "./config/read";
import type { FleetPart } from "./fleet";
import type { GitopsPart } from "./gitops";
import type { RegistryPart } from "./registry";

/** @returns Pipelines by service. */
export function createPipelines(
  { services, environments, deployment }: PlatformConfig,
  { fleet, members }: FleetPart,
  { host, images }: RegistryPart,
  { deploymentUrl, projects, foundations }: GitopsPart,
): Record<string, Pipeline> {
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => {
      const plain = plainPipeline(name, service, environments, deployment);
      const references = Object.entries(plain.images).map(([alias, image]) => [
        alias,
        { ...image, reference: pulumi.interpolate`${host}/${images[name]![alias]!.path}` },
      ]);
      const destinations = Object.entries(plain.environments).map(([environment, settings]) => [
        environment,
        {
          ...settings,
          project: projects[environment]!.projectName,
          cluster: members[environments[environment]!.cluster]!.destinationName,
        },
      ]);
      const pipeline = new Pipeline(
        name,
        {
          ...plain,
          images: Object.fromEntries(references),
          repository: { ...plain.repository, url: deploymentUrl },
          environments: Object.fromEntries(destinations),
        },
        { provider: fleet.provider, dependsOn: [...foundations, ...Object.values(projects)] },
      );
      return [name, pipeline];
    }),
  );
}
