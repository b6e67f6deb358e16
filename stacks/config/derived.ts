/** Names and settings that follow from the configuration. Pure; the composition and the checks use the same ones. */
import type { PlainPipeline } from "../../components/delivery/pipeline";
import {
  type CheckedTrigger,
  checkTrigger,
  hasCommitTag,
  hasConstantTag,
  imageTagFor,
  sampleBranches,
  sampleGitTag,
} from "../../components/registry/build-trigger";
import { splitFullName } from "../../components/source/names";
import type { DeploymentConfig } from "./deployment";
import type { EnvironmentConfig } from "./environments";
import type { FleetConfig } from "./fleet";
import type { ImageConfig } from "./images";
import type { ServiceConfig } from "./services";

/** A source or deployment repository. */
export type RepositoryConfig = DeploymentConfig["repository"] | ImageConfig["source"];

/** `owner/name` of what is forked, or of what is there already. */
export function fullNameOf(repository: RepositoryConfig): string {
  return "fork" in repository ? repository.fork : repository.existing;
}

/** The name of the component, after the repository that it comes from: a fork can get another name and stays. */
export function repositoryLogicalName(repository: RepositoryConfig): string {
  return `source-${fullNameOf(repository).toLowerCase().replace("/", "-")}`;
}

/** The name that the repository has, without its owner. */
export function repositoryName(repository: RepositoryConfig): string {
  return "fork" in repository
    ? (repository.name ?? splitFullName(repository.fork).name)
    : splitFullName(repository.existing).name;
}

/** Tells repositories apart: two images with the same one share one fork. */
export function repositoryKey(repository: RepositoryConfig): string {
  return "fork" in repository
    ? `fork ${repository.fork.toLowerCase()}`
    : `existing ${repository.existing.toLowerCase()}`;
}

/** Whether GitHub tells Argo CD about pushes to the deployment repository: unless said otherwise, where it can. */
export function hasWebhook({ webhook }: DeploymentConfig, { gitops }: FleetConfig): boolean {
  return webhook ?? gitops.publicAccess;
}

/** Name of the Application with which Argo CD deploys Argo Rollouts to a cluster, and of its project. */
export function argoRolloutsName(cluster: string): string {
  return `argo-rollouts-${cluster.toLowerCase()}`;
}

/** The namespaces of a cluster that services are deployed to. */
export function namespacesOn(cluster: string, environments: Record<string, EnvironmentConfig>): string[] {
  return Object.values(environments)
    .filter((environment) => environment.cluster === cluster)
    .map(({ namespace }) => namespace);
}

/** The name of an image's repository in the registry's namespace. */
export function imageRepositoryName({ repository, source }: ImageConfig): string {
  return repository ?? repositoryName(source).toLowerCase();
}

/**
 * Tags that the image's build rules make, one for each rule. Empty when a rule builds branches whose names nobody can
 * guess: then nothing can be said about its tags.
 */
export function sampleTags(image: ImageConfig): string[] {
  const tags = triggersOf(image).map(sampleTagOf);
  return tags.every((tag) => tag !== undefined) ? tags : [];
}

/** Those of them that have a commit's id in them. */
export function sampleCommitTags(image: ImageConfig): string[] {
  return triggersOf(image)
    .filter(hasCommitTag)
    .flatMap((trigger) => sampleTagOf(trigger) ?? []);
}

export function triggersOf({ build }: ImageConfig): CheckedTrigger[] {
  return build.rules.map((rule) => checkTrigger(rule, ""));
}

function sampleTagOf(trigger: CheckedTrigger): string | undefined {
  if (hasConstantTag(trigger)) {
    return trigger.imageTag;
  }
  const names = trigger.pushType === "GIT_TAG" ? [sampleGitTag] : sampleBranches;
  return names.map((name) => imageTagFor(trigger, name)).find((tag) => tag !== undefined);
}

/** A service through its environments, without what is known only when other resources exist. */
export function plainPipeline(
  name: string,
  service: ServiceConfig,
  environments: Record<string, EnvironmentConfig>,
  deployment: DeploymentConfig,
): PlainPipeline {
  return {
    service: name,
    images: Object.fromEntries(
      Object.entries(service.images).map(([alias, image]) => [
        alias,
        {
          helm: image.helm,
          kustomize: image.kustomize,
          sampleTags: sampleTags(image),
          update: image.update,
        },
      ]),
    ),
    repository: { branch: deployment.repository.branch },
    deploy: service.deploy,
    update: service.update,
    writeBack: { method: deployment.writeBack.method, branch: deployment.writeBack.branch },
    environments: Object.fromEntries(
      Object.entries(environments).map(([environment, { namespace, sync, forceUpdate }]) => [
        environment,
        {
          namespace,
          sync,
          forceUpdate,
          paused: service.paused.includes(environment),
          ignoreTags: service.ignoreTags[environment],
        },
      ]),
    ),
  };
}
