/**
 * Argo Rollouts on a member cluster, installed by Argo CD itself.
 */
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import type { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import {
  argocdApiVersion,
  argocdNamespace,
  deletionTimeout,
  explicitlyNamed,
  resourcesFinalizer,
} from "../gitops/argocd";
import { parseGitUrl } from "../gitops/git-url";
import { labelRule } from "../gitops/names";
import { check, checked } from "../validation";
import { argoRolloutsNamespace, prepareMember } from "./argo-rollouts-rights";
import { pinnedImageRule, revisionRule } from "./names";

export interface ArgoRolloutsArgs {
  /** Name of the member cluster in Argo CD: `MemberCluster.destinationName`. */
  cluster: pulumi.Input<string>;
  /** For objects on that member: `MemberCluster.provider`. */
  memberProvider: KubernetesProvider;
  /** Name of the Application and of the project that it has to itself. One for each member. */
  projectName: string;
  /**
   * The repository with the manifests. Public, or one that Argo CD has credentials for.
   *
   * @default "https://github.com/argoproj/argo-rollouts.git"
   */
  repository?: pulumi.Input<string>;
  /**
   * Tag, branch or commit.
   *
   * @default "v1.8.3"
   */
  revision?: string;
  /**
   * Folder of the Kustomize overlay in the repository.
   *
   * @default "manifests/cluster-install"
   */
  path?: string;
  /**
   * The controller's image with its tag; a mirror where quay.io is slow or out of reach. The manifests themselves say
   * `latest`.
   *
   * @default "quay.io/argoproj/argo-rollouts:<revision>"
   */
  image?: pulumi.Input<string>;
}

/** Where the controller comes from unless the arguments say something else. */
export const upstream = {
  repository: "https://github.com/argoproj/argo-rollouts.git",
  revision: "v1.8.3",
  /** The image's name in the manifests, too. */
  image: "quay.io/argoproj/argo-rollouts",
};

/**
 * The Argo Rollouts controller on one member: an automated Application in a project of its own, and the rights that
 * Argo CD needs on the member to deploy it.
 *
 * It is created when Argo CD has applied the manifests, custom resource definitions included. Applications with a
 * `Rollout` in them depend on it, so that their first sync isn't refused.
 *
 * Its deletion removes the controller and leaves the definitions: Argo CD never deletes those. A `Rollout` that is left
 * keeps its pods, and nothing updates them.
 *
 * @example
 * ```ts
 * const rollouts = new ArgoRollouts("workloads-argo-rollouts", {
 *   cluster: member.destinationName,
 *   memberProvider: member.provider,
 *   projectName: "acme-argo-rollouts-workloads",
 * }, { provider: fleet.provider, dependsOn: member });
 * ```
 */
export class ArgoRollouts extends Component {
  constructor(name: string, args: ArgoRolloutsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ackone:rollouts:ArgoRollouts", name, opts);

    const { projectName, revision = upstream.revision, path = "manifests/cluster-install" } = args;
    check(`${name}.projectName`, projectName, labelRule);
    check(`${name}.revision`, revision, revisionRule);
    const repoURL = pulumi.output(args.repository ?? upstream.repository).apply((url) => {
      parseGitUrl(`${name}.repository`, url);
      return url;
    });
    const image = checked(`${name}.image`, args.image ?? `${upstream.image}:${revision}`, pinnedImageRule);

    const rights = prepareMember(name, {
      parent: this,
      provider: args.memberProvider,
      dependsOn: opts?.dependsOn,
    });
    const destination = { name: args.cluster, namespace: argoRolloutsNamespace };
    const metadata = { name: projectName, namespace: argocdNamespace, finalizers: [resourcesFinalizer] };

    const project = new CustomResource(
      `${name}-project`,
      {
        apiVersion: argocdApiVersion,
        kind: "AppProject",
        metadata,
        spec: {
          description: "The Argo Rollouts controller",
          sourceRepos: [repoURL],
          destinations: [destination],
          clusterResourceWhitelist: [
            { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition" },
            { group: "rbac.authorization.k8s.io", kind: "ClusterRole" },
            { group: "rbac.authorization.k8s.io", kind: "ClusterRoleBinding" },
          ],
        },
      },
      { ...explicitlyNamed(this, opts), customTimeouts: { delete: deletionTimeout } },
    );

    new CustomResource(
      `${name}-application`,
      {
        apiVersion: argocdApiVersion,
        kind: "Application",
        metadata: {
          ...metadata,
          // Applied is enough for the services: a slow pull of the controller's image is no reason to hold them up.
          annotations: { "pulumi.com/waitFor": "jsonpath={.status.operationState.phase}=Succeeded" },
        },
        spec: {
          project: project.metadata.name,
          source: {
            repoURL,
            targetRevision: revision,
            path,
            kustomize: { images: [pulumi.interpolate`${upstream.image}=${image}`] },
          },
          destination,
          ignoreDifferences: [droppedByApiServer],
          syncPolicy,
        },
      },
      {
        ...explicitlyNamed(this, opts),
        dependsOn: rights,
        customTimeouts: { create: "15m", delete: deletionTimeout },
      },
    );

    this.registerOutputs({});
  }
}

/** The manifests say `preserveUnknownFields: false`, which an API server doesn't store: a difference for ever. */
const droppedByApiServer = {
  group: "apiextensions.k8s.io",
  kind: "CustomResourceDefinition",
  jsonPointers: ["/spec/preserveUnknownFields"],
};

const syncPolicy = {
  automated: { prune: true, selfHeal: true },
  // The definitions are too large for the annotation of a client-side apply, and the rights on the member are limited
  // by names, which only a server-side apply sends along when it creates something.
  syncOptions: ["ServerSideApply=true"],
  // Argo CD doesn't try a revision again by itself, and a clone from abroad may fail.
  retry: { limit: 5, backoff: { duration: "10s", factor: 2, maxDuration: "2m" } },
};
