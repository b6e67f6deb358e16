/**
 * What Argo CD has to know about Kruise Rollout. It knows Argo Rollouts by itself: health, actions, differences.
 */
import { ConfigMapPatch } from "@pulumi/kubernetes/core/v1/configMapPatch";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { explicitlyNamed, patchedMetadata } from "../gitops/argocd";
import { healthLua, renderActions } from "./kruise-lua";

/**
 * Health and actions of Kruise's `Rollout` objects in the hosted Argo CD, as keys of its ConfigMap `argocd-cm` that
 * nobody else has.
 *
 * - A canary that waits for a person is Suspended, and says what to type; a finished one and one that was rolled back
 *   are Healthy.
 * - The action `approve` in Argo CD's web UI and CLI goes on to the next step. It needs the right
 *   `action/rollouts.kruise.io/Rollout/approve` on the Application, and nobody needs access to the member cluster.
 *
 * Argo CD uses both within seconds, without a restart.
 *
 * @example
 * ```ts
 * new RolloutRules("rollout-rules", { provider: fleet.provider, dependsOn: member.attachment });
 * ```
 */
export class RolloutRules extends Component {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("ackone:rollouts:RolloutRules", name, opts);

    new ConfigMapPatch(
      `${name}-kruise`,
      {
        metadata: patchedMetadata("argocd-cm", "rollout-rules"),
        data: {
          "resource.customizations.health.rollouts.kruise.io_Rollout": healthLua,
          "resource.customizations.actions.rollouts.kruise.io_Rollout": renderActions(),
        },
      },
      explicitlyNamed(this, opts),
    );

    this.registerOutputs({});
  }
}

/** One entry of an Application's `spec.ignoreDifferences`. */
export interface IgnoredDifference {
  group: string;
  kind: string;
  jsonPointers: string[];
}

/**
 * What Kruise changes on a Deployment while it rolls it step by step. For charts that set these fields themselves:
 * without an entry they would be OutOfSync during a canary, and a sync in the middle of it would roll out everything.
 */
export const kruiseDifferences: IgnoredDifference[] = [
  { group: "apps", kind: "Deployment", jsonPointers: ["/spec/paused", "/spec/strategy"] },
];

/** The sync option with which a sync leaves ignored fields as they are, too. */
export const respectIgnoredDifferences = "RespectIgnoreDifferences=true";
