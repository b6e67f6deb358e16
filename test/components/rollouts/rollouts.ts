/** Kruise `Rollout` objects as Kruise Rollout 0.6.2 left them, reduced to the fields that matter. */

interface Progress {
  currentStepIndex: number;
  currentStepState: string;
  nextStepIndex: number;
  canaryReplicas?: number;
  canaryReadyReplicas?: number;
}

export interface Rollout {
  metadata: { name: string; generation: number; labels?: Record<string, string> };
  spec: { strategy: Record<string, { steps: { replicas: string; pause?: { duration?: number } }[] }> };
  status?: {
    observedGeneration?: number;
    phase?: string;
    message?: string;
    canaryStatus?: Progress;
    blueGreenStatus?: Progress;
  };
}

const steps = [
  { replicas: "20%", pause: {} },
  { replicas: "50%", pause: { duration: 5 } },
  { replicas: "100%", pause: {} },
];

function rollout(phase: string, message: string, canaryStatus?: Progress): Rollout {
  return {
    metadata: {
      name: "echo-server",
      generation: 3,
      labels: { "app.kubernetes.io/instance": "echo-staging" },
    },
    spec: { strategy: { canary: { steps } } },
    status: { observedGeneration: 3, phase, message, ...(canaryStatus ? { canaryStatus } : {}) },
  };
}

const at = (step: number, currentStepState: string, replicas = 1, ready = replicas): Progress => ({
  currentStepIndex: step,
  currentStepState,
  nextStepIndex: step < steps.length ? step + 1 : -1,
  canaryReplicas: replicas,
  canaryReadyReplicas: ready,
});

const paused = rollout(
  "Progressing",
  "Rollout is in step(1/3), and you need manually confirm to enter the next step",
  at(1, "StepPaused"),
);

export const rollouts = {
  unseen: { ...paused, status: undefined },
  changed: { ...paused, metadata: { ...paused.metadata, generation: 4 } },
  complete: rollout("Healthy", "workload deployment is completed", at(3, "Completed", 0)),
  /** What is known of the canary stays as it was when the old version came back. */
  rolledBack: rollout("Healthy", "Rollout progressing has been cancelled", at(1, "StepPaused")),
  paused,
  timed: rollout(
    "Progressing",
    "Rollout is in step(2/3), and wait duration(5 seconds) to enter the next step",
    at(2, "StepPaused", 2),
  ),
  stuck: rollout(
    "Progressing",
    "Rollout is in step(1/3), and upgrade workload to new version",
    at(1, "StepUpgrade", 1, 0),
  ),
  disabled: rollout("Disabled", "Rollout is disabled", at(1, "StepPaused")),
  initial: rollout("Initial", "Workload Not Found"),
  terminating: rollout("Terminating", "Rollout is being deleted", at(1, "StepPaused")),
  blueGreen: {
    ...paused,
    spec: { strategy: { blueGreen: { steps } } },
    status: { observedGeneration: 3, phase: "Progressing", blueGreenStatus: at(1, "StepPaused") },
  },
} satisfies Record<string, Rollout>;
