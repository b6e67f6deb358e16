import { ConfigMapPatch } from "@pulumi/kubernetes/core/v1/configMapPatch";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { checked } from "../validation";
import { explicitlyNamed, patchedMetadata } from "./argocd";
import {
  apiUrlRule,
  durationRule,
  registryHostRule,
  renderRegistriesConf,
  secretReferenceRule,
} from "./registries-conf";

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
     * latest; without it, never before a restart. Reading them is one call to the Fleet's API server.
     * @default "1m": less than the two minutes between its cycles, so that every cycle reads them anew
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

    const { host, apiUrl, credentials, credentialsExpire } = args.registry;
    const entry = pulumi.output({
      host: checked(`${name}.registry.host`, host, registryHostRule),
      apiUrl: checked(`${name}.registry.apiUrl`, apiUrl ?? pulumi.interpolate`https://${host}`, apiUrlRule),
      credentials: checked(`${name}.registry.credentials`, credentials, secretReferenceRule),
      credentialsExpire: checked(
        `${name}.registry.credentialsExpire`,
        credentialsExpire ?? "1m",
        durationRule,
      ),
    });

    new ConfigMapPatch(
      `${name}-registries`,
      {
        metadata: patchedMetadata("argocd-image-updater-config", "registries"),
        data: { "registries.conf": entry.apply(renderRegistriesConf) },
      },
      explicitlyNamed(this, opts),
    );

    this.registerOutputs({});
  }
}
