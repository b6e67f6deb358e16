import { ConfigMapPatch } from "@pulumi/kubernetes/core/v1/configMapPatch";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { explicitlyNamed, patchedMetadata } from "./argocd";
import { type RegistryEntry, renderRegistriesConf } from "./registries-conf";

export interface ImageUpdaterSettingsArgs {
  registry: {
    /**
     * Host name of the registry exactly as it stands in every image: in the values of the charts, in the Applications'
     * images and here. An image with another of the registry's host names counts as not deployed and is skipped.
     */
    host: pulumi.Input<string>;
    /**
     * Where the Fleet reaches the registry's API, when that is not the host itself.
     * @default `https://<host>`
     */
    apiUrl?: pulumi.Input<string>;
    /** Reference to the credentials: `RegistryCredentials.reference`. */
    credentials: pulumi.Input<string>;
    /**
     * How long Image Updater remembers the credentials: a Go duration. A new password is used after this time at the
     * latest; without it, never before a restart.
     * @default "1h"
     */
    credentialsExpire?: pulumi.Input<string>;
  };
}

/**
 * Tells the hosted Image Updater about the registry, by patching the ConfigMap that ACK One brings along. The whole file
 * belongs to this component: what was in it before, a placeholder for the public registry, is overwritten.
 *
 * Image Updater reads its settings when it starts. A change of the host takes effect when the Fleet's `argocd-server`
 * pods, in which it runs, have been restarted.
 *
 * @example
 * ```ts
 * new ImageUpdaterSettings("image-updater", {
 *   registry: { host: registry.hosts.vpc, credentials: registryCredentials.reference },
 * }, { provider: fleet.provider });
 * ```
 */
export class ImageUpdaterSettings extends Component {
  constructor(name: string, args: ImageUpdaterSettingsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ackone:gitops:ImageUpdaterSettings", name, opts);

    const entry = pulumi.output(args.registry).apply(
      (registry): RegistryEntry => ({
        host: registry.host,
        apiUrl: registry.apiUrl ?? `https://${registry.host}`,
        credentials: registry.credentials,
        credentialsExpire: registry.credentialsExpire ?? "1h",
      }),
    );

    new ConfigMapPatch(
      `${name}-registries`,
      {
        metadata: patchedMetadata("argocd-image-updater-config", "registries"),
        data: { "registries.conf": entry.apply((known) => renderRegistriesConf(`${name}.registry`, known)) },
      },
      explicitlyNamed(this),
    );

    this.registerOutputs({});
  }
}
