import { RepositoryWebhook } from "@pulumi/github/repositoryWebhook";
import { SecretPatch } from "@pulumi/kubernetes/core/v1/secretPatch";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { repositoryRule } from "../source/names";
import { checked, type Rule } from "../validation";
import { explicitlyNamed, patchedMetadata } from "./argocd";
import { checkedSecret, lineRule, secretData } from "./secret-data";

export interface PushWebhookArgs {
  /** Name of the repository on GitHub, without its owner, which is the one that the GitHub provider works for. */
  repository: pulumi.Input<string>;
  /** Host of Argo CD, without scheme: `Fleet.argocdHost`. GitHub must be able to reach it. */
  argocdHost: pulumi.Input<string>;
  /** With what GitHub signs its messages; at least 20 characters. Nobody has to remember it. */
  secret: pulumi.Input<string>;
}

/**
 * Tells Argo CD about every push to a repository, so that it deploys within seconds instead of after a poll: it asks
 * Git every three minutes, and may believe the last answer for as long. A webhook on GitHub, and in the hosted Argo CD the secret that its messages are signed with.
 *
 * The secret is there before the webhook and goes after it. As long as it is set, Argo CD refuses messages without the
 * right signature, those of other repositories' webhooks as well: give them the same secret.
 *
 * @example
 * ```ts
 * new PushWebhook("deployment-webhook", {
 *   repository: deployment.name,
 *   argocdHost: fleet.argocdHost,
 *   secret: config.requireSecret("webhookSecret"),
 * }, { provider: fleet.provider });
 * ```
 */
export class PushWebhook extends Component {
  constructor(name: string, args: PushWebhookArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ackone:gitops:PushWebhook", name, opts);

    const secret = checkedSecret(`${name}.secret`, args.secret, webhookSecretRule);
    const host = checked(`${name}.argocdHost`, args.argocdHost, hostRule);

    const known = new SecretPatch(
      `${name}-secret`,
      {
        metadata: patchedMetadata("argocd-secret", "webhook"),
        data: secretData({ "webhook.github.secret": secret }),
      },
      explicitlyNamed(this, opts),
    );

    new RepositoryWebhook(
      `${name}-repository`,
      {
        repository: checked(`${name}.repository`, args.repository, repositoryRule),
        events: ["push"],
        configuration: {
          url: pulumi.interpolate`https://${host}/api/webhook`,
          contentType: "json",
          insecureSsl: false,
          secret,
        },
      },
      // A renamed repository keeps its hooks, and GitHub refuses a second one for the same address.
      { parent: this, dependsOn: known, deleteBeforeReplace: true },
    );

    this.registerOutputs({});
  }
}

/** A short secret can be guessed. To be used like the rule of a secret: the value is never shown. */
export const webhookSecretRule: Rule<string> = (secret) =>
  lineRule(secret) ??
  (secret.length < 20
    ? "is too short; it needs 20 characters, for example those of openssl rand -hex 32"
    : undefined);

const hostRule: Rule<string> = (host) =>
  /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(host)
    ? undefined
    : "is not a host name; give it without https:// and without a path";
