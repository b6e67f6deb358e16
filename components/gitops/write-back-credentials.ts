import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { check, type Rule } from "../validation";
import { argocdNamespace, explicitlyNamed } from "./argocd";
import { credentialEntries, type SshKeyCredentials, type TokenCredentials } from "./git-credentials";
import { labelRule } from "./names";
import { secretData } from "./secret-data";

export interface WriteBackCredentialsArgs {
  /** URL of the deployment repository, as in the Applications; it decides which kind of credentials fits. */
  url: pulumi.Input<string>;
  /**
   * A token for an https URL, an SSH key for an SSH URL. A GitHub App isn't offered: Image Updater reads one from such a
   * Secret only from v0.13 on, and which version ACK One runs is not documented.
   */
  credentials: TokenCredentials | SshKeyCredentials;
  /**
   * Name of the Secret. A change replaces it.
   * @default "git-creds"
   */
  secretName?: string;
}

/**
 * Credentials of Image Updater's own for writing tags back, so that those of Argo CD can stay read-only.
 *
 * Image Updater doesn't verify the server's certificate or host key with such a Secret. Where Argo CD's credentials may
 * write, the write-back method `git`, which uses those, is the safer choice.
 *
 * @example
 * ```ts
 * const writeBack = new WriteBackCredentials("write-back", {
 *   url: deployment.httpsUrl,
 *   credentials: { type: "token", token: config.requireSecret("writeBackToken") },
 * }, { provider: fleet.provider });
 * ```
 * An Application uses it with `update: { writeBack: { method: "secret", secretName: "git-creds" }, … }`.
 */
export class WriteBackCredentials extends Component {
  /** Name of the Secret. Known when the Secret exists. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: WriteBackCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ackone:gitops:WriteBackCredentials", name, opts);

    const secretName = args.secretName ?? "git-creds";
    check(`${name}.secretName`, secretName, labelRule);
    check(`${name}.credentials.type`, args.credentials.type, writeBackTypeRule);
    const url = { path: `${name}.url`, value: args.url };

    const secret = new Secret(
      `${name}-secret`,
      {
        metadata: { name: secretName, namespace: argocdNamespace },
        type: "Opaque",
        data: secretData(credentialEntries(`${name}.credentials`, url, args.credentials)),
      },
      explicitlyNamed(this, opts),
    );

    this.secretName = secret.metadata.name;
    this.registerOutputs({ secretName: this.secretName });
  }
}

export const writeBackTypeRule: Rule<string> = (type) =>
  type === "token" || type === "ssh"
    ? undefined
    : "can't be used for write-back credentials of their own; use token or ssh, or write back with the repository's credentials";
