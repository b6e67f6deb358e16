/**
 * The program that Pulumi runs for every stack: reads and checks the stack's configuration, makes the platform, and
 * exports what people and other stacks may rely on (described in stacks/outputs.ts).
 */
import { withoutCallStacks } from "./stacks/call-stacks";
import { readConfig, stackConfig } from "./stacks/config/read";
import { endWithEngine } from "./stacks/lost-engine";
import { outputsOf } from "./stacks/outputs";
import { createPlatform } from "./stacks/platform";

endWithEngine();
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
} = withoutCallStacks(() => outputsOf(config, createPlatform(config)));
