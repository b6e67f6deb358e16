/**
 * What a stack contains. Every stack is the same composition; they differ in configuration only.
 *
 * Registry, source and Fleet are created side by side: the only edge between them is that a source binding needs its
 * fork. So are the add-ons of member clusters. GitOps and the pipelines need all of them.
 */
import type { Pipeline } from "../components/delivery/pipeline";
import type { ForkedRepository } from "../components/source/forked-repository";
import { createAddons } from "./addons";
import type { PlatformConfig } from "./config/read";
import { createPipelines } from "./delivery";
import { createFleet, type FleetPart } from "./fleet";
import { createGitops } from "./gitops";
import { Protection, protection } from "./protection";
import { ackoneProvider } from "./providers";
import { createRegistry, type RegistryPart } from "./registry";
import { createRepositories, type Repositories } from "./source";

export interface Platform {
  repositories: Repositories;
  deployment: ForkedRepository;
  registry: RegistryPart;
  fleet: FleetPart;
  /** By service. */
  pipelines: Record<string, Pipeline>;
}

export function createPlatform(config: PlatformConfig): Platform {
  const options = { ...protection(config.protect), providers: [ackoneProvider()] };
  const repositories = createRepositories(config, options);
  const registry = createRegistry(config, repositories, options);
  const fleet = createFleet(config, options);
  const deployment = repositories.of(config.deployment.repository);
  const addons = createAddons(config, fleet, registry, options);
  const gitops = createGitops(config, fleet, registry.host, deployment);
  const pipelines = createPipelines(config, fleet, registry, addons, gitops);
  new Protection("protection", config.protect, [
    ...repositories.all,
    ...registry.all,
    ...fleet.all,
    ...addons.all,
    ...gitops.all,
    ...Object.values(pipelines),
  ]);
  return { repositories, deployment, registry, fleet, pipelines };
}
