import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { check, type Rule } from "../validation";
import { argocdNamespace, explicitlyNamed } from "./argocd";
import { labelRule } from "./names";
import { checkedSecret, lineRule, secretData } from "./secret-data";

export interface RegistryCredentialsArgs {
  /**
   * The registry's user, as shown on the page "Access Credential" of the instance. Image Updater splits the pair at its
   * first colon, so that the user can't contain one.
   */
  user: pulumi.Input<string>;
  /**
   * The user's fixed password. A temporary one (GetAuthorizationToken) lasts an hour and is of no use here, because
   * nothing renews it.
   */
  password: pulumi.Input<string>;
  /**
   * Name of the Secret and of its only key. A change replaces the Secret.
   * @default "acr"
   */
  secretName?: string;
}

/**
 * The Secret with which Image Updater reads tags and images from the registry. Clusters don't use it to pull images;
 * that is the business of the credential helper on each member cluster.
 *
 * Image Updater remembers credentials until they expire by its own settings (`credentialsExpire`, a minute by default),
 * so that a new password is used in the next cycle without a restart.
 *
 * @example
 * ```ts
 * const credentials = new RegistryCredentials("registry-credentials", {
 *   user: config.require("registryUser"),
 *   password: config.requireSecret("registryPassword"),
 * }, { provider: fleet.provider, dependsOn: memberClusters });
 * new ImageUpdaterSettings("image-updater", {
 *   registry: { host: registry.hosts.vpc, credentials: credentials.reference },
 * }, { provider: fleet.provider });
 * ```
 */
export class RegistryCredentials extends Component {
  /** How other settings point to the Secret: `secret:argocd/acr#acr`. Known when the Secret exists. */
  readonly reference: pulumi.Output<string>;

  constructor(name: string, args: RegistryCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ackone:gitops:RegistryCredentials", name, opts);

    const secretName = args.secretName ?? "acr";
    check(`${name}.secretName`, secretName, labelRule);
    const user = checkedSecret(`${name}.user`, args.user, registryUserRule);
    const password = checkedSecret(`${name}.password`, args.password, lineRule);

    const secret = new Secret(
      `${name}-secret`,
      {
        metadata: { name: secretName, namespace: argocdNamespace },
        type: "Opaque",
        data: secretData({ [secretName]: pulumi.interpolate`${user}:${password}` }),
      },
      explicitlyNamed(this, opts),
    );

    this.reference = secret.metadata.name.apply((known) => `secret:${argocdNamespace}/${known}#${known}`);
    this.registerOutputs({ reference: this.reference });
  }
}

/** To be used like the rule of a secret: the user may have been mixed up with the password, and is never shown. */
export const registryUserRule: Rule<string> = (user) =>
  user.includes(":")
    ? "has a colon in it, but Image Updater takes everything after the first colon for the password; give the user alone"
    : lineRule(user);
