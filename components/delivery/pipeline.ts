import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { VisibleError } from "../error";
import { check } from "../validation";
import {
  Application,
  type ApplicationArgs,
  applicationName,
  checkApplication,
  type PlainApplication,
} from "./application";
import type { DeploySource } from "./application-source";
import type { ImageUpdate } from "./image-update";
import type { SyncMode } from "./sync-policy";
import { ignoreTagRule } from "./tag-filter";
import { forEnvironment } from "./template";
import {
  type EnvironmentUpdates,
  effectiveSettings,
  settingPath,
  type UpdateSettings,
} from "./update-settings";
import { forApplication, sharedBranchRule, type WriteBack } from "./write-back";

/** An image of the service. */
export interface PipelineImage extends Pick<ImageUpdate, "helm" | "kustomize" | "sampleTags"> {
  /** `host/namespace/name` without a tag: the registry's one host name, then the repository's path. */
  reference: pulumi.Input<string>;
  /**
   * What of its updates differs from those of the others.
   * @default {}
   */
  update?: UpdateSettings;
}

/** What differs between the environments of a service. */
export interface PipelineEnvironment extends EnvironmentUpdates {
  /** Name of its project: `Project.projectName`. */
  project: pulumi.Input<string>;
  /** Name of its member cluster in Argo CD: `MemberCluster.destinationName`. */
  cluster: pulumi.Input<string>;
  /** Its namespace on the member cluster. */
  namespace: string;
  /** @default "manual" */
  sync?: SyncMode;
  /**
   * No new tags for the time being, for the time after a rollback.
   * @default false
   */
  paused?: boolean;
  /** See `ApplicationArgs.ignoreDifferences`. */
  ignoreDifferences?: ApplicationArgs["ignoreDifferences"];
  /** What must exist as long as the Application does, beyond what its data shows: the membership of the cluster. */
  dependsOn?: pulumi.Resource[];
}

export interface PipelineArgs {
  /** Name of the service; the Applications are called `<service>-<environment>`. */
  service: string;
  /** By alias: letters and digits, at most 42. */
  images: Record<string, PipelineImage>;
  /** The deployment repository; see `ApplicationArgs.repository`. */
  repository: ApplicationArgs["repository"];
  /** The chart or the overlay in it. `${environment}` stands for the environment's name, in folders and value files. */
  deploy: DeploySource;
  /**
   * Settings for the updates of all images; an image's own come first.
   * @default the newest build, whatever its tag
   */
  update?: UpdateSettings;
  /** @default commit to the same branch with the repository's credentials */
  writeBack?: WriteBack;
  /** By name, in the order in which a release travels: `dev`, `staging`, `production`. */
  environments: Record<string, PipelineEnvironment>;
  /**
   * See `ApplicationArgs.refreshPaths`.
   * @default false
   */
  refreshPaths?: boolean;
  /** Links that Argo CD shows with every Application, by their title. */
  links?: Record<string, pulumi.Input<string>>;
}

/**
 * One service through all environments: an Application for each. A new tag is written back for all of them at once; the
 * automatic ones deploy it, the manual ones show it as "OutOfSync" and wait for a person.
 *
 * An environment with manual sync needs its first sync by hand before tags are written back for it: Image Updater only
 * looks at images that run. `forceUpdate` lifts that.
 *
 * @example
 * ```ts
 * new Pipeline("echo", {
 *   service: "echo",
 *   images: {
 *     echoServer: {
 *       reference: pulumi.interpolate`${registry.hosts.vpc}/${echoServer.path}`,
 *       helm: { name: "image.echoServer.repository", tag: "image.echoServer.tag" },
 *     },
 *   },
 *   repository: { url: repositoryCredentials.url, branch: "main" },
 *   deploy: { helm: "charts/echo", valueFiles: ["values-${environment}.yaml"] },
 *   update: { strategy: "latest", allowTags: "regexp:^v[1-9]" },
 *   environments: {
 *     dev: { project: dev.projectName, cluster: member.destinationName, namespace: "echo-dev", sync: "automatic" },
 *     staging: { project: staging.projectName, cluster: member.destinationName, namespace: "echo-staging" },
 *   },
 * }, { provider: fleet.provider, dependsOn: [repositoryCredentials, member] });
 * ```
 */
export class Pipeline extends Component {
  /** The Applications by environment. */
  readonly applications: Record<string, Application>;
  /** Names of the Applications, in the order of the environments. */
  readonly applicationNames: pulumi.Output<string[]>;

  constructor(name: string, args: PipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ackone:delivery:Pipeline", name, opts);

    checkPipeline(name, args);

    this.applications = Object.fromEntries(
      Object.entries(args.environments).map(([environment, settings]) => [
        environment,
        new Application(
          `${name}-${environment}`,
          {
            ...plainApplication(name, args, environment, settings),
            project: settings.project,
            repository: args.repository,
            destination: { cluster: settings.cluster, namespace: settings.namespace },
            images: Object.fromEntries(
              Object.entries(args.images).map(([alias, { reference }]) => [alias, reference]),
            ),
          },
          { parent: this, dependsOn: dependenciesOf(opts, settings) },
        ),
      ]),
    );

    this.applicationNames = pulumi.all(
      Object.values(this.applications).map((application) => application.applicationName),
    );
    this.registerOutputs({ applicationNames: this.applicationNames });
  }
}

function dependenciesOf(
  opts: pulumi.ComponentResourceOptions | undefined,
  { dependsOn = [] }: PipelineEnvironment,
): pulumi.Output<pulumi.Resource[]> {
  return pulumi
    .output(opts?.dependsOn ?? [])
    .apply((resources) => [...[resources].flat(), ...dependsOn] as pulumi.Resource[]);
}

/** What {@link checkPipeline} looks at: everything that is known before anything is created. */
export type PlainPipeline = Omit<PipelineArgs, "images" | "repository" | "environments"> & {
  images: Record<string, Omit<PipelineImage, "reference">>;
  repository: { branch: string };
  environments: Record<string, Omit<PipelineEnvironment, "project" | "cluster">>;
};

/**
 * The rules for all plain parts of a service and its environments.
 *
 * @param path Where the service stands, for the messages.
 * @throws {VisibleError}
 */
export function checkPipeline(path: string, args: PlainPipeline): void {
  if (Object.keys(args.images).length === 0) {
    throw new VisibleError(`${path}.images is empty; a service has at least one image`);
  }
  if (Object.keys(args.environments).length === 0) {
    throw new VisibleError(`${path}.environments is empty; a service is deployed to at least one`);
  }
  if (args.writeBack?.branch !== undefined) {
    check(`${path}.writeBack.branch`, args.writeBack.branch, sharedBranchRule);
  }
  for (const [environment, settings] of Object.entries(args.environments)) {
    for (const [index, glob] of (settings.ignoreTags ?? []).entries()) {
      check(`${path}.environments.${environment}.ignoreTags[${index}]`, glob, ignoreTagRule);
    }
    checkApplication(
      path,
      plainApplication(path, args, environment, settings),
      (alias) => (setting) =>
        settingPath(path, alias, args.update ?? {}, args.images[alias]?.update ?? {}, setting),
    );
  }
}

/** The Application for one environment, without what is known only when other resources exist. */
function plainApplication(
  path: string,
  args: PlainPipeline,
  environment: string,
  settings: Omit<PipelineEnvironment, "project" | "cluster">,
): PlainApplication {
  const images = Object.fromEntries(
    Object.entries(args.images).map(([alias, { update, helm, kustomize, sampleTags }]) => [
      alias,
      { ...effectiveSettings(args.update ?? {}, update ?? {}, settings), helm, kustomize, sampleTags },
    ]),
  );
  return {
    service: args.service,
    environment,
    repository: { branch: args.repository.branch },
    deploy: deployFor(`${path}.deploy`, args.deploy, environment),
    destination: { namespace: settings.namespace },
    sync: settings.sync,
    images: args.images,
    update: { images, writeBack: writeBackFor(args, environment), paused: settings.paused },
    ignoreDifferences: settings.ignoreDifferences,
    refreshPaths: args.refreshPaths,
    links: args.links,
  };
}

function writeBackFor(
  { service, writeBack }: Pick<PlainPipeline, "service" | "writeBack">,
  environment: string,
): WriteBack | undefined {
  if (writeBack?.branch === undefined) {
    return writeBack;
  }
  return { ...writeBack, branch: forApplication(writeBack.branch, applicationName(service, environment)) };
}

function deployFor(path: string, deploy: DeploySource, environment: string): DeploySource {
  if ("kustomize" in deploy) {
    return { ...deploy, kustomize: forEnvironment(`${path}.kustomize`, deploy.kustomize, environment) };
  }
  return {
    ...deploy,
    helm: forEnvironment(`${path}.helm`, deploy.helm, environment),
    ...(deploy.valueFiles === undefined
      ? {}
      : {
          valueFiles: deploy.valueFiles.map((file, index) =>
            forEnvironment(`${path}.valueFiles[${index}]`, file, environment),
          ),
        }),
  };
}
