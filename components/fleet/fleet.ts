/**
 * The ACK One Fleet of a platform: the hosted Argo CD, its features, and access to its API server.
 */
import { Cluster } from "@pulumi/alicloud/ackone";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { FleetFeatures, Kubeconfig } from "../../provider";
import { orphanedFleet, unlessOrphaned } from "../adoption";
import { Component } from "../component";
import { VisibleError } from "../error";
import { addressRangeRule, duplicateRange } from "../registry/address-range";
import { checked } from "../validation";
import { fleetNameRule, vpcIdRule, vSwitchIdRule } from "./names";
import { serverSideApply } from "./server-side-apply";

/** What is switched on in a Fleet. Everything here can be changed later without replacing the Fleet. */
export interface FleetFeaturesArgs {
  /** The hosted Argo CD; GitOps itself is always on. */
  gitops?: {
    /**
     * Several replicas of Argo CD.
     *
     * @default false
     */
    highAvailability?: pulumi.Input<boolean>;
    /**
     * Makes Argo CD's web UI reachable from the internet, for the ranges in `allow` only.
     *
     * @default false (reachable inside the Fleet's VPC)
     */
    publicAccess?: boolean;
    /**
     * Address ranges that may reach the web UI (IPv4, CIDR notation). Required with `publicAccess`; `0.0.0.0/0` for
     * everybody.
     *
     * @default []
     */
    allow?: pulumi.Input<string>[];
  };
  /**
   * Gives the Fleet's API server a public address (an EIP, which costs money). Without it this program must run where
   * the VPC can be reached.
   *
   * @default false
   */
  publicApiServer?: pulumi.Input<boolean>;
  /**
   * Alibaba's own protection against deletion. Deleting through this program turns it off first; against that,
   * `protect` helps.
   *
   * @default false
   */
  deletionProtection?: pulumi.Input<boolean>;
  /**
   * Audit log of the API server, in Log Service (which costs money).
   *
   * @default as the Fleet was made
   */
  auditLog?: pulumi.Input<boolean>;
}

export interface FleetArgs {
  /** The Fleet's name: 1 to 63 letters, digits, hyphens and underscores. A change replaces the Fleet. */
  name: pulumi.Input<string>;
  /** The VPC; the members' API servers must be reachable from it. A change replaces the Fleet. */
  vpcId: pulumi.Input<string>;
  /** At least one vSwitch in that VPC. A change replaces the Fleet. */
  vSwitches: pulumi.Input<string>[];
  /** @default {} */
  features?: FleetFeaturesArgs;
}

/**
 * A Fleet with GitOps on, and a Kubernetes provider for what goes into it.
 *
 * An account has a quota of one Fleet unless Alibaba raised it. Deleting the component turns GitOps off, waits for that,
 * and deletes the Fleet; the vSwitches may keep leftovers for a while (reference of the alicloud provider).
 *
 * @example
 * ```ts
 * const fleet = new Fleet("fleet", {
 *   name: "acme",
 *   vpcId: "vpc-bp1aevy8sofi8mh1q0001",
 *   vSwitches: ["vsw-bp1mdigyhmilu2h4v0001"],
 *   features: { publicApiServer: true, gitops: { highAvailability: true } },
 * }, { protect: true });
 * new ConfigMap("settings", { metadata: { name: "settings", namespace: "argocd" } }, { provider: fleet.provider });
 * ```
 */
export class Fleet extends Component {
  /** The Fleet's cluster id. Known once GitOps is on, so that whatever uses it comes after (and goes before). */
  readonly id: pulumi.Output<string>;
  readonly features: FleetFeatures;
  /** Kubeconfig with a client certificate. Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** For Kubernetes objects on the Fleet. */
  readonly provider: KubernetesProvider;
  /** Host of Argo CD's web UI, without scheme. */
  readonly argocdHost: pulumi.Output<string>;
  /** Escape hatch to the Fleet itself. */
  readonly cluster: Cluster;

  constructor(name: string, args: FleetArgs, options?: pulumi.ComponentResourceOptions) {
    super("ackone:fleet:Fleet", name, options);
    this.cluster = this.createCluster(name, args);
    this.features = this.createFeatures(name, args.features ?? {});
    this.id = this.features.clusterId;
    const kubeconfig = this.createKubeconfig(name, args.features?.publicApiServer ?? false);
    this.kubeconfig = pulumi.secret(kubeconfig.kubeconfig);
    this.provider = this.createProvider(name);
    this.argocdHost = this.features.argocdHost;
    this.registerOutputs({ id: this.id, kubeconfig: this.kubeconfig, argocdHost: this.argocdHost });
  }

  private createCluster(name: string, args: FleetArgs): Cluster {
    const clusterName = checked(`${name}.name`, args.name, fleetNameRule);
    if (args.vSwitches.length === 0) {
      throw new VisibleError(`${name}.vSwitches: the list is empty; a Fleet needs at least one vSwitch`);
    }
    const logicalName = `${name}-cluster`;
    return new Cluster(
      logicalName,
      {
        clusterName,
        profile: "Default",
        // The features own this switch from here on. Here it only says how the Fleet is made: changing it later would
        // cost the provider's fixed wait of four minutes.
        argocdEnabled: true,
        network: {
          vpcId: checked(`${name}.vpcId`, args.vpcId, vpcIdRule),
          vswitches: args.vSwitches.map((id, index) =>
            checked(`${name}.vSwitches[${index}]`, id, vSwitchIdRule),
          ),
        },
      },
      {
        parent: this,
        dependsOn: unlessOrphaned(this, logicalName, orphanedFleet(clusterName)),
        // The provider's own limit of 25 minutes is what Alibaba names as the usual time.
        customTimeouts: { create: "45m", update: "45m", delete: "45m" },
      },
    );
  }

  private createFeatures(name: string, features: FleetFeaturesArgs): FleetFeatures {
    return new FleetFeatures(
      `${name}-features`,
      {
        clusterId: this.cluster.id,
        gitops: true,
        gitopsHighAvailability: features.gitops?.highAvailability ?? false,
        gitopsPublicAccess: features.gitops?.publicAccess ?? false,
        gitopsAccessControlList: checkAccess(`${name}.features.gitops`, features.gitops),
        publicApiServer: features.publicApiServer ?? false,
        deletionProtection: features.deletionProtection ?? false,
        auditLog: features.auditLog,
      },
      { parent: this, customTimeouts: { create: "30m", update: "30m", delete: "30m" } },
    );
  }

  private createKubeconfig(name: string, publicApiServer: pulumi.Input<boolean>): Kubeconfig {
    return new Kubeconfig(
      `${name}-kubeconfig`,
      {
        // Through the features: a kubeconfig with a public address exists only after the public address does.
        clusterId: this.features.clusterId,
        source: "fleet",
        privateIpAddress: pulumi.output(publicApiServer).apply((open) => !open),
      },
      { parent: this },
    );
  }

  private createProvider(name: string): KubernetesProvider {
    return new KubernetesProvider(
      `${name}-kubernetes`,
      {
        kubeconfig: this.kubeconfig,
        // A renewed kubeconfig is another way to the same cluster: with the id, no object is replaced for it.
        clusterIdentifier: this.id,
        ...serverSideApply,
      },
      { parent: this },
    );
  }
}

/** The allow-list of Argo CD's web UI, which goes with public access and only with it. */
function checkAccess(path: string, gitops: FleetFeaturesArgs["gitops"]): pulumi.Input<string>[] {
  const allow = gitops?.allow ?? [];
  if (gitops?.publicAccess && allow.length === 0) {
    throw new VisibleError(
      `${path}.allow: public access needs address ranges; use "0.0.0.0/0" for everybody`,
    );
  }
  if (!gitops?.publicAccess && allow.length > 0) {
    throw new VisibleError(`${path}.allow: address ranges have no effect without publicAccess: true`);
  }
  const twice = duplicateRange(allow);
  if (twice !== undefined) {
    throw new VisibleError(`${path}.allow: "${twice}" is listed twice; once is enough`);
  }
  return allow.map((range, index) => checked(`${path}.allow[${index}]`, range, addressRangeRule));
}
