/**
 * Kruise Rollout on a member cluster: canary releases of ordinary Deployments.
 */
import { KubernetesAddon } from "@pulumi/alicloud/cs";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { clusterIdRule } from "../fleet/names";
import { checked } from "../validation";
import { addonVersionRule } from "./names";

export interface KruiseRolloutsArgs {
  /** Id of the member cluster. */
  clusterId: pulumi.Input<string>;
  /**
   * Version of the add-on, as the console's add-on page lists it (`1.8.4`). From 1.8 on it knows
   * `rollouts.kruise.io/v1beta1`.
   *
   * @default the newest one when it is installed; it stays until a version is given
   */
  version?: pulumi.Input<string>;
}

/**
 * The add-on `ack-kruise` of a cluster. With it, a `Rollout` object beside a Deployment makes every update of the
 * Deployment stop after a share of its pods until somebody approves.
 *
 * Applications whose charts have a `Rollout` in them depend on this component: without the add-on's custom resource
 * definitions Argo CD refuses their first sync.
 *
 * A cluster that has the add-on keeps it. A deletion of the component leaves it in the cluster, too: the alicloud provider
 * (up to 3.108) asks for the actions that an add-on supports in a call that doesn't answer that, and uninstalls nothing.
 * Uninstall it in the console.
 *
 * @example
 * ```ts
 * const kruise = new KruiseRollouts("workloads-kruise", { clusterId: "c01b4c73f17580d6add8d237c4df8f99e" });
 * ```
 */
export class KruiseRollouts extends Component {
  readonly addon: KubernetesAddon;
  /** The version that is installed. */
  readonly version: pulumi.Output<string>;

  constructor(name: string, args: KruiseRolloutsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ackone:rollouts:KruiseRollouts", name, opts);

    this.addon = new KubernetesAddon(
      `${name}-addon`,
      {
        clusterId: checked(`${name}.clusterId`, args.clusterId, clusterIdRule),
        name: "ack-kruise",
        ...(args.version === undefined
          ? {}
          : { version: checked(`${name}.version`, args.version, kruiseVersionRule) }),
      },
      { parent: this, dependsOn: opts?.dependsOn },
    );

    this.version = this.addon.version;
    this.registerOutputs({ version: this.version });
  }
}

const firstWithV1beta1 = [1, 8] as const;

function kruiseVersionRule(version: string): string | undefined {
  const complaint = addonVersionRule(version);
  if (complaint !== undefined) {
    return complaint;
  }
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const [least, leastMinor] = firstWithV1beta1;
  return major > least || (major === least && minor >= leastMinor)
    ? undefined
    : "doesn't know rollouts.kruise.io/v1beta1; use 1.8.0 or later";
}
