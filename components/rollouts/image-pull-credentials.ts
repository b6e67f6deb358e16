/**
 * Pulling private images without a password in the cluster.
 */
import { KubernetesAddon } from "@pulumi/alicloud/cs";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { VisibleError } from "../error";
import { clusterIdRule } from "../fleet/names";
import { labelRule, namespaceRule } from "../gitops/names";
import { check, checked } from "../validation";
import { addonVersionRule } from "./names";

export interface ImagePullCredentialsArgs {
  /** Id of the member cluster: an ACK managed cluster, Kubernetes 1.22 or later. */
  clusterId: pulumi.Input<string>;
  /** Id of the registry instance (`cri-…`): `Registry.instanceId`. */
  instanceId: pulumi.Input<string>;
  /** The registry's region: `cn-hangzhou`. */
  region: pulumi.Input<string>;
  /** Namespaces whose pods pull from the registry. */
  namespaces: string[];
  /**
   * Service accounts in those namespaces that the pods run with.
   *
   * @default ["default"]
   */
  serviceAccounts?: string[];
  /**
   * Version of the add-on.
   *
   * @default the newest one when it is installed; it stays until a version is given
   */
  version?: pulumi.Input<string>;
}

/** The account of pods that name none. */
export const defaultServiceAccounts = ["default"];

/**
 * The add-on `managed-aliyun-acr-credential-helper` of a cluster: it keeps a temporary login to the registry in the
 * namespaces' service accounts. Charts need no `imagePullSecrets`, and must not have any: the add-on leaves such pods
 * alone.
 *
 * The account needs the RAM service role `AliyunCSManagedAcrRole` (authorized once, in the console). The self-managed
 * variant of the add-on, `aliyun-acr-credential-helper`, must not be installed in the same cluster.
 *
 * Source: ACR user guide, "Use the credential helper to pull images without secrets".
 *
 * @example
 * ```ts
 * new ImagePullCredentials("workloads-pull", {
 *   clusterId: "c01b4c73f17580d6add8d237c4df8f99e",
 *   instanceId: registry.instanceId,
 *   region: "cn-hangzhou",
 *   namespaces: ["echo-dev", "echo-staging"],
 * });
 * ```
 */
export class ImagePullCredentials extends Component {
  readonly addon: KubernetesAddon;

  constructor(name: string, args: ImagePullCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ackone:rollouts:ImagePullCredentials", name, opts);

    const { namespaces, serviceAccounts = defaultServiceAccounts } = args;
    checkPullers(name, namespaces, serviceAccounts);
    const config = pulumi
      .all([args.instanceId, args.region])
      .apply(([instanceId, regionId]) =>
        renderHelperConfig({ instanceId, regionId, namespaces, serviceAccounts }),
      );

    this.addon = new KubernetesAddon(
      `${name}-addon`,
      {
        clusterId: checked(`${name}.clusterId`, args.clusterId, clusterIdRule),
        name: "managed-aliyun-acr-credential-helper",
        config,
        ...(args.version === undefined
          ? {}
          : { version: checked(`${name}.version`, args.version, addonVersionRule) }),
      },
      { parent: this, dependsOn: opts?.dependsOn },
    );

    this.registerOutputs({});
  }
}

export interface HelperConfig {
  instanceId: string;
  regionId: string;
  namespaces: string[];
  serviceAccounts: string[];
}

/**
 * The add-on's configuration as JSON. The provider reads it back with sorted keys and without blanks; any other text
 * would be a change in every preview. For the same reason the order of namespaces doesn't matter.
 */
export function renderHelperConfig(config: HelperConfig): string {
  const { instanceId, regionId, namespaces, serviceAccounts } = config;
  return JSON.stringify({
    AcrInstanceInfo: [{ instanceId, regionId }],
    serviceAccount: listOf(serviceAccounts),
    watchNamespace: listOf(namespaces),
  });
}

const listOf = (names: string[]) => [...new Set(names)].sort().join(",");

function checkPullers(path: string, namespaces: string[], serviceAccounts: string[]): void {
  if (namespaces.length === 0) {
    throw new VisibleError(`${path}.namespaces is empty; name the namespaces whose pods pull images`);
  }
  if (serviceAccounts.length === 0) {
    throw new VisibleError(`${path}.serviceAccounts is empty; leave it out for the account "default"`);
  }
  for (const [index, namespace] of namespaces.entries()) {
    check(`${path}.namespaces[${index}]`, namespace, namespaceRule);
  }
  for (const [index, account] of serviceAccounts.entries()) {
    check(`${path}.serviceAccounts[${index}]`, account, labelRule);
  }
}
