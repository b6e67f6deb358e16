import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { check } from "../validation";
import { argocdNamespace, explicitlyNamed } from "./argocd";
import { credentialEntries, type GitCredentials } from "./git-credentials";
import { labelRule } from "./names";
import { secretData } from "./secret-data";

export interface RepositoryCredentialsArgs {
  /**
   * URL of the deployment repository, written as in the Applications that use it: `https://host/owner/name.git` with a
   * token or a GitHub App, `git@host:owner/name.git` with an SSH key.
   */
  url: pulumi.Input<string>;
  /** They need write access where Image Updater writes tags back with them (write-back method `git`). */
  credentials: GitCredentials;
  /** Name of the Secret. A change replaces it. */
  secretName: string;
  /**
   * The only project whose Applications may use the repository.
   * @default every project that lists the URL among its source repositories
   */
  project?: pulumi.Input<string>;
}

/**
 * A Git repository that Argo CD may read, with its credentials: a Secret that Argo CD finds by its label. Image Updater
 * writes back with the same credentials unless it has its own (`WriteBackCredentials`).
 *
 * @example
 * ```ts
 * new RepositoryCredentials("deployment-repository", {
 *   url: deployment.httpsUrl,
 *   credentials: { type: "token", token: config.requireSecret("deploymentToken") },
 *   secretName: "acme-dev-deployment",
 * }, { provider: fleet.provider, dependsOn: memberClusters });
 * ```
 */
export class RepositoryCredentials extends Component {
  /** The repository's URL. Known when the Secret exists: an Application that uses it is created after it. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: RepositoryCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ackone:gitops:RepositoryCredentials", name, opts);

    check(`${name}.secretName`, args.secretName, labelRule);
    const url = { path: `${name}.url`, value: args.url };
    const entries = credentialEntries(`${name}.credentials`, url, args.credentials);

    const secret = new Secret(
      `${name}-secret`,
      {
        metadata: {
          name: args.secretName,
          namespace: argocdNamespace,
          labels: { "argocd.argoproj.io/secret-type": "repository" },
        },
        type: "Opaque",
        data: secretData({
          type: "git",
          url: args.url,
          ...entries,
          ...(args.project === undefined ? {} : { project: args.project }),
        }),
      },
      explicitlyNamed(this, opts),
    );

    this.url = pulumi.all([args.url, secret.metadata.name]).apply(([known]) => known);
    this.registerOutputs({ url: this.url });
  }
}
