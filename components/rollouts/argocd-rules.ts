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
 * - The actions `approve` (next step) and `promote-full` (last step) in Argo CD's web UI and CLI go on with it. They need
 *   the right `action/rollouts.kruise.io/Rollout/<action>` on the Application; nobody needs access to the member cluster.
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
  jsonPointers?: string[];
  jqPathExpressions?: string[];
}

/**
 * What Kruise changes on objects that Argo CD deploys, for charts that set these fields themselves:
 *
 * - A Deployment in the middle of a canary is paused and has the strategy Recreate. Kruise gives both back at the end.
 * - Kruise writes a `Rollout` anew and leaves out what is false.
 *
 * Without the option RespectIgnoreDifferences: with it, Argo CD would never deploy another strategy from Git. A sync in
 * the middle of a canary does no harm, because Kruise's webhook keeps the two fields as they are.
 */
export const kruiseDifferences: IgnoredDifference[] = [
  { group: "apps", kind: "Deployment", jsonPointers: ["/spec/paused", "/spec/strategy"] },
  {
    group: "rollouts.kruise.io",
    kind: "Rollout",
    jqPathExpressions: [
      ".spec.strategy.canary | select(.enableExtraWorkloadForCanary == false) | .enableExtraWorkloadForCanary",
    ],
  },
];
