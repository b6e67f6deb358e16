/**
 * The program that Pulumi runs for every stack: reads and checks the stack's configuration, makes the platform, and
 * exports what people and other stacks may rely on (described in stacks/outputs.ts).
 */
import { readConfig, stackConfig } from "./stacks/config/read";
import { outputsOf } from "./stacks/outputs";
import { createPlatform } from "./stacks/platform";
import { withoutSourceMaps } from "./stacks/source-maps";

const config = readConfig(stackConfig());

export const {
  registryHosts,
  imageRepositories,
  images,
  sourceRepositories,
  deploymentRepository,
  fleetId,
  kubeconfig,
  memberKubeconfig,
  memberClusters,
  argocdUrl,
  applicationNames,
  commands,
  readme,
} = withoutSourceMaps(() => outputsOf(config, createPlatform(config)));
