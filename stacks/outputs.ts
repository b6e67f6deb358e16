/**
 * What a stack promises to people and to other stacks (`StackReference.requireOutput`). Removing or renaming an output
 * breaks them.
 */
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { joinedKubeconfig } from "../components/fleet/kubeconfig";
import { type Commands, commandsOf } from "./commands";
import type { PlatformConfig } from "./config/read";
import { mapValues } from "./map-values";
import type { Platform } from "./platform";

export interface Outputs {
  /** Host names of the registry, without scheme; only of endpoints that are open. */
  registryHosts: pulumi.Output<{ internet?: string; vpc?: string }>;
  /** `<namespace>/<name>` of every image repository. */
  imageRepositories: pulumi.Output<string[]>;
  /** `host/namespace/name` of every image, by service and alias. */
  images: Record<string, Record<string, pulumi.Output<string>>>;
  /** `owner/name` of every source repository and of the deployment repository. */
  sourceRepositories: pulumi.Output<string[]>;
  /** `owner/name` of the repository with charts and overlays. */
  deploymentRepository: pulumi.Output<string>;
  /** Id of the Fleet, like `c0123…`. */
  fleetId: pulumi.Output<string>;
  /** Kubeconfig of the Fleet. Secret. */
  kubeconfig: pulumi.Output<string>;
  /** Kubeconfig of all member clusters, with a context for each that is called as in the stack file. Secret. */
  memberKubeconfig: pulumi.Output<string>;
  /** Name in Argo CD of every member cluster, by its name in the stack file. */
  memberClusters: Record<string, pulumi.Output<string>>;
  /** Argo CD's web console. */
  argocdUrl: pulumi.Output<string>;
  /** Names of all Applications, in the order of services and environments. */
  applicationNames: pulumi.Output<string[]>;
  commands: Commands;
  /** Pulumi Cloud shows it with the stack and fills in the placeholders. */
  readme: string;
}

export function outputsOf(config: PlatformConfig, platform: Platform): Outputs {
  const { registry, fleet, pipelines, deployment, repositories } = platform;
  const repositoriesOfImages = Object.values(registry.images).flatMap((images) => Object.values(images));
  return {
    registryHosts: registry.registry.openHosts,
    imageRepositories: pulumi.all(repositoriesOfImages.map(({ path }) => path)),
    images: mapValues(registry.images, (images) =>
      mapValues(images, ({ path }) => pulumi.interpolate`${registry.host}/${path}`),
    ),
    sourceRepositories: pulumi.all(repositories.all.map(({ fullName }) => fullName)),
    deploymentRepository: deployment.fullName,
    fleetId: fleet.fleet.id,
    kubeconfig: pulumi.secret(fleet.fleet.kubeconfig),
    memberKubeconfig: pulumi.secret(
      pulumi.output(mapValues(fleet.members, ({ kubeconfig }) => kubeconfig)).apply(joinedKubeconfig),
    ),
    memberClusters: mapValues(fleet.members, ({ destinationName }) => destinationName),
    argocdUrl: pulumi.interpolate`https://${fleet.fleet.argocdHost}`,
    applicationNames: pulumi
      .all(Object.values(pipelines).map(({ applicationNames }) => applicationNames))
      .apply((names) => names.flat()),
    commands: commandsOf(config, platform),
    readme: readFileSync("Pulumi.README.md", "utf8"),
  };
}
