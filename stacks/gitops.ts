/**
 * What Argo CD and its Image Updater need to know before they can deliver: credentials, the registry, projects.
 *
 * All of it depends on the memberships, although no data flows from them: a destroy runs backwards, and a cluster must
 * stay attached until the Applications in it are gone.
 */
import type * as pulumi from "@pulumi/pulumi";
import type { Fleet } from "../components/fleet/fleet";
import type { GitCredentials } from "../components/gitops/git-credentials";
import { ImageUpdaterSettings } from "../components/gitops/image-updater-settings";
import { Project } from "../components/gitops/project";
import { PushWebhook } from "../components/gitops/push-webhook";
import { RegistryCredentials } from "../components/gitops/registry-credentials";
import { RepositoryCredentials } from "../components/gitops/repository-credentials";
import { WriteBackCredentials } from "../components/gitops/write-back-credentials";
import type { ForkedRepository } from "../components/source/forked-repository";
import { hasWebhook } from "./config/derived";
import type { EnvironmentConfig } from "./config/environments";
import type { PlatformConfig } from "./config/read";
import type { FleetPart } from "./fleet";
import { mapValues } from "./map-values";

export interface GitopsPart {
  /** URL of the deployment repository; known when Argo CD has its credentials. */
  deploymentUrl: pulumi.Output<string>;
  /** By environment. */
  projects: Record<string, Project>;
  /** Credentials and settings that every Application needs until it is gone, beyond what its data shows. */
  foundations: pulumi.Resource[];
  all: pulumi.Resource[];
}

export function createGitops(
  config: PlatformConfig,
  { fleet, members }: FleetPart,
  host: pulumi.Output<string>,
  deployment: ForkedRepository,
): GitopsPart {
  const attachments = Object.values(members).map(({ attachment }) => attachment);
  const options = { provider: fleet.provider, dependsOn: attachments };
  const { platform, secrets } = config;

  const registryCredentials = new RegistryCredentials(
    "registry-credentials",
    { user: secrets.registryUser!, password: secrets.registryPassword! },
    options,
  );
  const settings = new ImageUpdaterSettings(
    "image-updater",
    {
      registry: { host, credentials: registryCredentials.reference },
      restartOnChange: config.fleet.gitops.restartOnChange,
    },
    options,
  );

  const { type } = config.deployment.credentials;
  const url = config.deployment.url ?? (type === "ssh" ? deployment.sshUrl : deployment.httpsUrl);
  const repositoryCredentials = new RepositoryCredentials(
    "deployment-credentials",
    { url, credentials: gitCredentials(config), secretName: `${platform}-deployment` },
    options,
  );
  const writeBack = createWriteBack(config, url, options);

  const projects = mapValues(config.environments, (environment, name) => {
    const project = `${platform}-${name}`;
    const destination = {
      cluster: members[environment.cluster]!.destinationName,
      namespace: environment.namespace,
    };
    return new Project(
      `project-${name}`,
      {
        projectName: project,
        description: `${name} of ${platform}`,
        sourceRepositories: [repositoryCredentials.url],
        destinations: [destination],
        roles: rolesOf(project, environment),
      },
      options,
    );
  });
  const webhook = createWebhook(config, fleet, deployment);
  const foundations = [registryCredentials, settings, repositoryCredentials, ...writeBack];
  return {
    deploymentUrl: repositoryCredentials.url,
    projects,
    foundations,
    all: [...foundations, ...webhook, ...Object.values(projects)],
  };
}

/** Nothing waits for it, and it waits for no member: without it Argo CD only hears of a change later. */
function createWebhook(
  { deployment: config, fleet: fleetConfig, secrets }: PlatformConfig,
  fleet: Fleet,
  deployment: ForkedRepository,
): PushWebhook[] {
  if (!hasWebhook(config, fleetConfig)) {
    return [];
  }
  const args = { repository: deployment.name, argocdHost: fleet.argocdHost, secret: secrets.webhookSecret! };
  return [new PushWebhook("deployment-webhook", args, { provider: fleet.provider })];
}

/** Credentials of Image Updater's own, where it doesn't use those of the repository. */
function createWriteBack(
  { deployment: { writeBack }, secrets }: PlatformConfig,
  url: pulumi.Input<string>,
  options: pulumi.ComponentResourceOptions,
): WriteBackCredentials[] {
  if (writeBack.method === "git") {
    return [];
  }
  const { username } = writeBack;
  const credentials = { type: "token" as const, username, token: secrets.writeBackToken! };
  return [new WriteBackCredentials("write-back-credentials", { url, credentials }, options)];
}

function gitCredentials({ deployment: { credentials }, secrets }: PlatformConfig): GitCredentials {
  switch (credentials.type) {
    case "token":
      return { ...credentials, token: secrets.deploymentToken! };
    case "ssh":
      return { ...credentials, privateKey: secrets.deploymentSshKey! };
    case "githubApp":
      return { ...credentials, privateKey: secrets.deploymentAppKey! };
  }
}

/** People who deploy by hand: they see the Applications and their logs, deploy them, and go on with a canary. */
function rolesOf(project: string, { operators }: EnvironmentConfig) {
  if (operators.length === 0) {
    return [];
  }
  const allow = (resource: string, action: string) =>
    `p, proj:${project}:operators, ${resource}, ${action}, ${project}/*, allow`;
  return [
    {
      name: "operators",
      description: "Looks at Applications and deploys them",
      groups: operators,
      policies: [
        allow("applications", "get"),
        allow("applications", "sync"),
        allow("applications", "action/*"),
        allow("logs", "get"),
      ],
    },
  ];
}
