import { createHash } from "node:crypto";
import { DeploymentPatch } from "@pulumi/kubernetes/apps/v1/deploymentPatch";
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
  /**
   * Whether the pods in which Image Updater runs are restarted when its settings have changed. Argo CD's web console is
   * in the same pods; deployments go on. Without it a change takes effect when somebody restarts them.
   * @default true
   */
  restartOnChange?: boolean;
}

/**
 * Tells the hosted Image Updater about the registry, by patching the ConfigMap that ACK One brings along. The whole file
 * belongs to this component: what was in it before, a placeholder for the public registry, is overwritten.
 *
 * Image Updater reads its settings when it starts. It runs in the pods of the Fleet's Deployment `argocd-server`, which
 * are restarted after a change, as `kubectl rollout restart` does it: an annotation of their template has the settings'
 * hash. Who depends on this component gets an Image Updater that knows the registry.
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

    const settings = entry.apply(renderRegistriesConf);
    const patch = new ConfigMapPatch(
      `${name}-registries`,
      {
        metadata: patchedMetadata("argocd-image-updater-config", "registries"),
        data: { "registries.conf": settings },
      },
      explicitlyNamed(this, opts),
    );
    if (args.restartOnChange ?? true) {
      this.restart(`${name}-restart`, settings, patch, opts);
    }

    this.registerOutputs({});
  }

  /** New pods whenever the settings have another hash; it is there when they are ready. */
  private restart(
    name: string,
    settings: pulumi.Output<string>,
    after: pulumi.Resource,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    const annotations = { [settingsHash]: settings.apply(shortHash) };
    new DeploymentPatch(
      name,
      {
        metadata: patchedMetadata("argocd-server", "registries-restart"),
        spec: { template: { metadata: { annotations } } },
      },
      {
        ...explicitlyNamed(this, opts),
        dependsOn: after,
        // Pods that don't come back are worth an error, but not the provider's ten minutes.
        customTimeouts: { create: "5m", update: "5m" },
        // Taking the annotation away would restart the pods once more, for nothing.
        retainOnDelete: true,
      },
    );
  }
}

/** Annotation of the pods' template: the settings that they have read. */
const settingsHash = "ackone-delivery/registries";

const shortHash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
