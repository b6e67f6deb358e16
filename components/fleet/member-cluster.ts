/**
 * A cluster that the Fleet deploys to.
 */
import { MembershipAttachment } from "@pulumi/alicloud/ackone";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider";
import { ClusterRole, ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1";
import type { rbac } from "@pulumi/kubernetes/types/input";
import * as pulumi from "@pulumi/pulumi";
import { Kubeconfig } from "../../provider";
import { Component } from "../component";
import { onlyAfter, unlessHeld } from "../held";
import { checked } from "../validation";
import { clusterIdRule, clusterNameRule } from "./names";
import { serverSideApply } from "./server-side-apply";

/** What releases in steps are made with: `ack-kruise` (`KruiseRollouts`) and the controller of Argo Rollouts. */
export const canaryControllers = ["kruise", "argo-rollouts"] as const;
export type CanaryController = (typeof canaryControllers)[number];

export interface MemberClusterArgs {
  /**
   * The Fleet's cluster id. Pass `fleet.id`: it is known once GitOps is on, so the membership comes after and goes
   * before.
   */
  fleetId: pulumi.Input<string>;
  /** Id of an ACK or registered cluster: `c` and 32 hexadecimal digits. A change replaces the membership. */
  clusterId: pulumi.Input<string>;
  /** The cluster's name, as the ACK console shows it; part of the name that Argo CD gives it. */
  clusterName: pulumi.Input<string>;
  /**
   * Whether to reach the cluster's API server inside its VPC. Only then does this program have to run where the VPC can
   * be reached.
   *
   * @default false
   */
  privateApiServer?: pulumi.Input<boolean>;
  /**
   * What the cluster has for canary releases; Argo CD may then deploy and steer its objects.
   *
   * @default []
   */
  canary?: CanaryController[];
  /**
   * What Argo CD may do in the cluster beyond what ACK One grants it with the membership.
   *
   * @default namespaces, and the objects of the canary controllers
   */
  rules?: pulumi.Input<pulumi.Input<rbac.v1.PolicyRule>[]>;
}

/**
 * The membership of one cluster, a Kubernetes provider for it, and the rights of Argo CD in it.
 *
 * Deleting the component detaches the cluster; the cluster and what runs in it stay.
 *
 * @example
 * ```ts
 * const workloads = new MemberCluster("workloads", {
 *   fleetId: fleet.id,
 *   clusterId: "c01b4c73f17580d6add8d237c4df8f99e",
 *   clusterName: "dev-workloads",
 * });
 * const destination = { name: workloads.destinationName, namespace: "echo-dev" };
 * ```
 */
export class MemberCluster extends Component {
  readonly attachment: MembershipAttachment;
  /** Kubeconfig of the member with a client certificate. Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** For Kubernetes objects on the member. */
  readonly provider: KubernetesProvider;
  /**
   * The cluster's name in Argo CD, `<cluster id>-<cluster name>`: what `destination.name` of an Application says.
   * Follows from the arguments, so it is known in every preview; order Applications with {@link attachment}.
   */
  readonly destinationName: pulumi.Output<string>;

  constructor(name: string, args: MemberClusterArgs, options?: pulumi.ComponentResourceOptions) {
    super("ackone:fleet:MemberCluster", name, options);
    const clusterId = checked(`${name}.clusterId`, args.clusterId, clusterIdRule);
    const clusterName = checked(`${name}.clusterName`, args.clusterName, clusterNameRule);
    this.attachment = this.attach(name, args.fleetId, clusterId);
    this.kubeconfig = this.fetchKubeconfig(name, clusterId, args.privateApiServer ?? false);
    this.provider = new KubernetesProvider(
      `${name}-kubernetes`,
      { kubeconfig: this.kubeconfig, clusterIdentifier: clusterId, ...serverSideApply },
      { parent: this },
    );
    this.grant(name, args.rules ?? rulesFor(args.canary ?? []));
    this.destinationName = pulumi.interpolate`${clusterId}-${clusterName}`;
    this.registerOutputs({ destinationName: this.destinationName, kubeconfig: this.kubeconfig });
  }

  private attach(
    name: string,
    fleetId: pulumi.Input<string>,
    clusterId: pulumi.Input<string>,
  ): MembershipAttachment {
    const logicalName = `${name}-attachment`;
    const decision = unlessHeld(
      logicalName,
      "alicloud:ackone/membershipAttachment:MembershipAttachment",
      "subClusterId",
      clusterId,
      (id, held) => [
        `The cluster ${id} is attached already, in this stack as "${held.replace(/-attachment$/, "")}", and would become "${name}": the renaming would detach it, and take away what was installed there.`,
        "Keep its former name. To give it another one, take the cluster and its environments out, run pulumi up, and put them in again.",
      ],
    );
    return new MembershipAttachment(
      logicalName,
      { clusterId: fleetId, subClusterId: clusterId },
      {
        parent: this,
        // Attaching again finds the membership; deleting the old resource would then detach the cluster.
        dependsOn: onlyAfter<pulumi.Resource[]>(decision, []),
        customTimeouts: { create: "40m", delete: "40m" },
      },
    );
  }

  /** Needs no membership: it is fetched while the Fleet is being created. */
  private fetchKubeconfig(
    name: string,
    clusterId: pulumi.Input<string>,
    privateIpAddress: pulumi.Input<boolean>,
  ): pulumi.Output<string> {
    const credentials = new Kubeconfig(
      `${name}-kubeconfig`,
      { clusterId, source: "member", privateIpAddress },
      { parent: this },
    );
    return pulumi.secret(credentials.kubeconfig);
  }

  private grant(name: string, rules: NonNullable<MemberClusterArgs["rules"]>): void {
    // ACK One makes the service account with the membership, so the rights come after it and go before it.
    const options = { parent: this, provider: this.provider, dependsOn: [this.attachment] };
    const role = new ClusterRole(
      `${name}-argocd-role`,
      { metadata: { name: rightsName, labels: managed }, rules },
      options,
    );
    new ClusterRoleBinding(
      `${name}-argocd-binding`,
      {
        metadata: { name: rightsName, labels: managed },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", ...argocdServiceAccount }],
      },
      options,
    );
  }
}

/** The account that the hosted Argo CD uses in a member (ACK One user guide, "Custom GitOps permissions"). */
export const argocdServiceAccount = { name: "argocd-ackone-sa", namespace: "ack-multiple-clusters" };

const rightsName = "ackone-delivery:argocd";
const managed = { "app.kubernetes.io/managed-by": "ackone-delivery" };

const write = ["get", "list", "watch", "create", "update", "patch", "delete"];

/**
 * Argo CD makes an Application's namespace, deploys its canary, and writes an approval into the canary's status. It never
 * deletes a namespace: a project can't say which ones, and another environment's may be in the same cluster.
 */
function rulesFor(canary: CanaryController[]): rbac.v1.PolicyRule[] {
  return [
    { apiGroups: [""], resources: ["namespaces"], verbs: write.filter((verb) => verb !== "delete") },
    ...canaryControllers.filter((each) => canary.includes(each)).map((each) => canaryRules[each]),
  ];
}

const canaryRules: Record<CanaryController, rbac.v1.PolicyRule> = {
  kruise: { apiGroups: ["rollouts.kruise.io"], resources: ["*"], verbs: write },
  "argo-rollouts": {
    apiGroups: ["argoproj.io"],
    resources: ["rollouts", "rollouts/status", "analysistemplates", "analysisruns", "experiments"],
    verbs: write,
  },
};
