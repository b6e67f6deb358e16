/** The two kinds of canary, told apart by their API group and read into one shape. */

export type Engine = "rollouts.kruise.io" | "argoproj.io";

export interface Canary {
  engine: Engine;
  name: string;
  /** Number of the step, from 1; undefined while there is none. */
  step: number | undefined;
  steps: number;
  /**
   * - `settled`: all pods are of one version.
   * - `moving`: goes on by itself.
   * - `waiting`: a person has to approve.
   * - `aborted`: went back to the old version, and stays there until that is deployed.
   */
  standing: "settled" | "moving" | "waiting" | "aborted";
}

interface Pause {
  duration?: unknown;
}

export interface RolloutObject {
  apiVersion: string;
  metadata: { name: string; generation?: number };
  spec: { strategy?: { canary?: { steps?: { pause?: Pause }[] } } };
  status?: {
    phase?: string;
    observedGeneration?: number | string;
    /** Kruise. */
    canaryStatus?: { currentStepIndex?: number; currentStepState?: string };
    /** Argo Rollouts; counts from 0. */
    currentStepIndex?: number;
    pauseConditions?: unknown[];
    abort?: boolean;
  };
}

export function readCanary(object: RolloutObject): Canary {
  const engine = object.apiVersion.split("/")[0] as Engine;
  const read = engine === "argoproj.io" ? readArgo : readKruise;
  const steps = object.spec.strategy?.canary?.steps ?? [];
  return { engine, name: object.metadata.name, steps: steps.length, ...read(object, steps) };
}

type Standing = Pick<Canary, "step" | "standing">;

/** Source: openkruise/rollouts, api/v1beta1. A finished or rolled back canary keeps the state of its last step. */
function readKruise({ metadata, status = {} }: RolloutObject, steps: { pause?: Pause }[]): Standing {
  const { phase, canaryStatus: canary } = status;
  const seen = Number(status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  if (seen && (phase === "Healthy" || phase === "Disabled")) return { step: undefined, standing: "settled" };
  const step = phase === "Progressing" ? canary?.currentStepIndex || undefined : undefined;
  const paused = canary?.currentStepState === "StepPaused" && phase === "Progressing";
  return { step, standing: paused && needsPerson(steps[(step ?? 0) - 1]) ? "waiting" : "moving" };
}

/** Source: argoproj/argo-rollouts, `RolloutStatus`. The index points behind the last step when all are done. */
function readArgo({ metadata, status = {} }: RolloutObject, steps: { pause?: Pause }[]): Standing {
  const index = status.currentStepIndex ?? 0;
  const step = steps.length > 0 && index < steps.length ? index + 1 : undefined;
  if (status.abort) return { step: undefined, standing: "aborted" };
  const seen = Number(status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  if (seen && status.phase === "Healthy") return { step: undefined, standing: "settled" };
  const paused = (status.pauseConditions?.length ?? 0) > 0;
  return { step, standing: paused && needsPerson(steps[index]) ? "waiting" : "moving" };
}

const needsPerson = (step: { pause?: Pause } | undefined) =>
  step?.pause !== undefined && step.pause.duration === undefined;

/** `step 1 of 3`. */
export function stepText({ step, steps }: Canary): string {
  return step === undefined ? "" : `step ${step} of ${steps}`;
}

/** What a person types to let a waiting canary go on: in Argo CD, and the same on the member cluster. */
export function approval(application: string, { engine, name }: Canary, member: Member) {
  const [action, patch] =
    engine === "argoproj.io"
      ? ["resume", { status: { pauseConditions: null } }]
      : ["approve", { status: { canaryStatus: { currentStepState: "StepReady" } } }];
  return {
    argocd: rolloutAction(application, action as string, { engine, name }),
    kubectl: [
      ...["kubectl", "--context", member.cluster, "--namespace", member.namespace],
      ...["patch", resourceOf(engine), name, "--subresource=status", "--type=merge"],
      ...["--patch", JSON.stringify(patch)],
    ],
  };
}

/** Where the pods of an environment run. */
export interface Member {
  cluster: string;
  namespace: string;
}

/** Runs one of Argo CD's actions on a Rollout. */
export function rolloutAction(
  application: string,
  action: string,
  canary: Pick<Canary, "engine" | "name">,
): string[] {
  return [
    ...["argocd", "app", "actions", "run", application, action],
    ...["--kind", "Rollout", "--group", canary.engine, "--resource-name", canary.name],
  ];
}

/** Both kinds are called Rollout; only the long name tells them apart. */
export const resourceOf = (engine: Engine) => `rollouts.${engine}`;
