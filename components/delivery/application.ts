import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { invalid, VisibleError } from "../error";
import {
  argocdApiVersion,
  argocdNamespace,
  deletionTimeout,
  explicitlyNamed,
  resourcesFinalizer,
} from "../gitops/argocd";
import { parseGitUrl } from "../gitops/git-url";
import { labelRule, namespaceRule } from "../gitops/names";
import type { IgnoredDifference } from "../rollouts/argocd-rules";
import { check } from "../validation";
import { applicationSource, checkSource, type DeploySource } from "./application-source";
import {
  type ImagePath,
  type ImageUpdates,
  imageList,
  imageListAnnotation,
  updateAnnotations,
} from "./image-update";
import { refreshPaths, refreshPathsAnnotation } from "./refresh-paths";
import { type SyncMode, syncPolicy } from "./sync-policy";
import { branchRule } from "./write-back";

export interface ApplicationArgs {
  /** What is deployed. The Application is called `<service>-<environment>`; a change of either replaces it. */
  service: string;
  /** Where it is deployed. */
  environment: string;
  /** Name of its project: `Project.projectName`. */
  project: pulumi.Input<string>;
  /** The deployment repository, with the URL under which Argo CD has its credentials. */
  repository: {
    url: pulumi.Input<string>;
    /** The branch that is deployed, and that new tags are written to. */
    branch: string;
  };
  /** The chart or the overlay in it. */
  deploy: DeploySource;
  destination: {
    /** Name of the member cluster in Argo CD: `MemberCluster.destinationName`. */
    cluster: pulumi.Input<string>;
    /** Created with the first sync. */
    namespace: string;
  };
  /** @default "manual" */
  sync?: SyncMode;
  /** Images by alias: `host/namespace/name` without a tag, all on the same host. */
  images: Record<string, pulumi.Input<string>>;
  /** How their tags are updated. Every image has an entry. */
  update: Omit<ImageUpdates, "branch">;
  /**
   * Fields that controllers on the cluster change, and that are no difference to Git.
   * @default []
   */
  ignoreDifferences?: IgnoredDifference[];
  /**
   * Spares the Application the pushes that concern others only, so that it misses none of its own when several come within
   * seconds. Needs Argo CD 2.12 or later: older ones would miss changes.
   * @default false
   */
  refreshPaths?: boolean;
  /**
   * Links that Argo CD shows with the Application, by their title.
   * @default none
   */
  links?: Record<string, pulumi.Input<string>>;
}

/**
 * One service in one environment: an Argo CD Application that deploys a chart or an overlay from the deployment
 * repository to a member cluster, and lets Image Updater write new tags back.
 *
 * Its deletion removes what it has deployed first, and waits for that. The repository's credentials, the project and the
 * cluster's membership must still exist then, so let it depend on them.
 *
 * @example
 * ```ts
 * new Application("echo-dev", {
 *   service: "echo",
 *   environment: "dev",
 *   project: project.projectName,
 *   repository: { url: repositoryCredentials.url, branch: "main" },
 *   deploy: { helm: "charts/echo", valueFiles: ["values-dev.yaml"] },
 *   destination: { cluster: member.destinationName, namespace: "echo-dev" },
 *   sync: "automatic",
 *   images: { echo: pulumi.interpolate`${registry.hosts.vpc}/${repository.path}` },
 *   update: {
 *     images: { echo: { allowTags: "regexp:^v[1-9]", helm: { name: "image.repository", tag: "image.tag" } } },
 *   },
 * }, { provider: fleet.provider, dependsOn: [repositoryCredentials, project, member] });
 * ```
 */
export class Application extends Component {
  /** `<service>-<environment>`. Known when the Application exists. */
  readonly applicationName: pulumi.Output<string>;

  constructor(name: string, args: ApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ackone:delivery:Application", name, opts);

    checkApplication(name, args);
    const updates = { ...args.update, branch: args.repository.branch };
    const images = pulumi
      .output(args.images)
      .apply((references) => imageList(name, references, args.update.images));
    const url = pulumi.output(args.repository.url).apply((known) => {
      parseGitUrl(`${name}.repository.url`, known);
      return known;
    });

    const application = new CustomResource(
      `${name}-application`,
      {
        apiVersion: argocdApiVersion,
        kind: "Application",
        metadata: {
          name: applicationName(args.service, args.environment),
          namespace: argocdNamespace,
          finalizers: [resourcesFinalizer],
          annotations: {
            ...(Object.keys(args.images).length > 0 ? { [imageListAnnotation]: images } : {}),
            ...updateAnnotations(name, updates),
            ...(args.refreshPaths
              ? {
                  [refreshPathsAnnotation]: refreshPaths(
                    applicationName(args.service, args.environment),
                    args.deploy,
                  ),
                }
              : {}),
          },
        },
        spec: {
          project: args.project,
          source: applicationSource(
            { url, branch: args.repository.branch },
            args.deploy,
            args.images,
            args.update.images,
          ),
          // By its name, never by its address as well: Argo CD refuses an Application with both.
          destination: { name: args.destination.cluster, namespace: args.destination.namespace },
          syncPolicy: syncPolicy(`${name}.sync`, args.sync ?? "manual"),
          ...(args.ignoreDifferences?.length ? { ignoreDifferences: args.ignoreDifferences } : {}),
          ...infoOf(args.links ?? {}),
        },
      },
      {
        ...explicitlyNamed(this, opts),
        customTimeouts: { delete: deletionTimeout },
      },
    );

    this.applicationName = application.metadata.name;
    this.registerOutputs({ applicationName: this.applicationName });
  }
}

function infoOf(links: Record<string, pulumi.Input<string>>) {
  const info = Object.entries(links).map(([name, value]) => ({ name, value }));
  return info.length > 0 ? { info } : {};
}

/** The Application's name. It's a part of Image Updater's file in Git, `.argocd-source-<name>.yaml`. */
export function applicationName(service: string, environment: string): string {
  return `${service}-${environment}`;
}

/** What {@link checkApplication} looks at: everything that is known before anything is created. */
export type PlainApplication = Omit<ApplicationArgs, "project" | "repository" | "destination" | "images"> & {
  repository: { branch: string };
  destination: { namespace: string };
  images: Record<string, unknown>;
};

/**
 * The rules for all plain parts of an Application.
 *
 * @param path Where the Application stands, for the messages.
 * @param pathOf Where the settings of an image stand, when that is not `<path>.images.<alias>`.
 * @throws {VisibleError}
 */
export function checkApplication(path: string, args: PlainApplication, pathOf?: ImagePath): void {
  check(`${path}.service`, args.service, labelRule);
  check(`${path}.environment`, args.environment, labelRule);
  checkNameLength(path, args);
  check(`${path}.destination.namespace`, args.destination.namespace, namespaceRule);
  check(`${path}.repository.branch`, args.repository.branch, branchRule);
  for (const alias of Object.keys(args.images)) {
    if (args.update.images[alias] === undefined) {
      throw new VisibleError(`${path}.update.images.${alias} is missing: every image says how it is updated`);
    }
  }
  for (const alias of Object.keys(args.update.images)) {
    if (args.images[alias] === undefined) {
      throw new VisibleError(`${path}.images.${alias} is missing: it is updated, but no image is given`);
    }
  }
  updateAnnotations(path, { ...args.update, branch: args.repository.branch }, pathOf);
  checkSource(`${path}.deploy`, args.deploy, { path: `${path}.images`, updates: args.update.images });
  syncPolicy(`${path}.sync`, args.sync ?? "manual");
}

/** Helm allows releases, which are called like their Application, 53 characters; labels have 63. */
function checkNameLength(path: string, { service, environment, deploy }: PlainApplication): void {
  const name = applicationName(service, environment);
  const [limit, kind] = "helm" in deploy ? [53, "Helm release"] : [63, "label"];
  if (name.length > limit) {
    throw invalid(
      path,
      name,
      `has ${name.length} characters; as the name of a ${kind} it may have ${limit}: shorten the service or the environment`,
    );
  }
}
