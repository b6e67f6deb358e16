/**
 * What a stack promises to people and to other stacks (`StackReference.requireOutput`). Removing or renaming an output
 * breaks them.
 */
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { PlatformConfig } from "./config/read";
import { mapValues } from "./map-values";
import type { Platform } from "./platform";

export interface Outputs {
  /** Host names of the registry, without scheme. */
  registryHosts: { internet: pulumi.Output<string>; vpc: pulumi.Output<string> };
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

/** Ready to be pasted into a shell, in the project's folder with the stack selected. None has a secret in it. */
export interface Commands {
  /** Logs Docker in to the registry: over the internet where the stack opens it, else from inside a linked VPC. */
  dockerLogin: pulumi.Output<string>;
  /** Writes the Fleet's kubeconfig to fleet.kubeconfig, readable by its owner only. */
  kubeconfig: string;
  /** Lists the Applications; needs fleet.kubeconfig. */
  applications: string;
  /** Shows the first password of Argo CD's admin; needs fleet.kubeconfig. */
  argocdPassword: string;
  /** Logs Argo CD's command line in; asks for that password. */
  argocdLogin: pulumi.Output<string>;
  /** Gets the deployment repository. */
  clone: pulumi.Output<string>;
  /** Releases a version, in a clone of a source repository. */
  release: string;
  /** Deploys all services to an environment that waits for a person, by environment. */
  sync: Record<string, string>;
}

export function outputsOf(config: PlatformConfig, platform: Platform): Outputs {
  const { registry, fleet, pipelines, deployment, repositories } = platform;
  const repositoriesOfImages = Object.values(registry.images).flatMap((images) => Object.values(images));
  return {
    registryHosts: registry.registry.hosts,
    imageRepositories: pulumi.all(repositoriesOfImages.map(({ path }) => path)),
    images: mapValues(registry.images, (images) =>
      mapValues(images, ({ path }) => pulumi.interpolate`${registry.host}/${path}`),
    ),
    sourceRepositories: pulumi.all(repositories.all.map(({ fullName }) => fullName)),
    deploymentRepository: deployment.fullName,
    fleetId: fleet.fleet.id,
    kubeconfig: pulumi.secret(fleet.fleet.kubeconfig),
    memberClusters: mapValues(fleet.members, ({ destinationName }) => destinationName),
    argocdUrl: pulumi.interpolate`https://${fleet.fleet.argocdHost}`,
    applicationNames: pulumi
      .all(Object.values(pipelines).map(({ applicationNames }) => applicationNames))
      .apply((names) => names.flat()),
    commands: commandsOf(config, platform),
    readme: readFileSync("Pulumi.README.md", "utf8"),
  };
}

function commandsOf(config: PlatformConfig, { registry, fleet, deployment }: Platform): Commands {
  const kubectl = "kubectl --kubeconfig fleet.kubeconfig --namespace argocd";
  const manual = Object.keys(config.environments).filter(
    (name) => config.environments[name]!.sync === "manual",
  );
  const services = Object.keys(config.services);
  // A person sits at a laptop, whichever host the clusters pull from.
  const dockerHost =
    config.registry.internet === undefined ? registry.host : registry.registry.hosts.internet;
  return {
    dockerLogin: pulumi.interpolate`pulumi config get registryPassword | docker login --username "$(pulumi config get registryUser)" --password-stdin ${dockerHost}`,
    kubeconfig: "(umask 077; pulumi stack output --show-secrets kubeconfig > fleet.kubeconfig)",
    applications: `${kubectl} get applications`,
    argocdPassword: `${kubectl} get secret argocd-initial-admin-secret --output jsonpath='{.data.password}' | base64 --decode`,
    argocdLogin: pulumi.interpolate`argocd login ${fleet.fleet.argocdHost} --username admin --grpc-web`,
    clone: pulumi.interpolate`git clone ${deployment.httpsUrl}`,
    release: "git tag release-v1.0.1 && git push origin release-v1.0.1",
    sync: Object.fromEntries(
      manual.map((name) => [name, `argocd app sync ${services.map((each) => `${each}-${name}`).join(" ")}`]),
    ),
  };
}
