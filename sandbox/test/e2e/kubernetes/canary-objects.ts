import type { KubeObject } from "../../../kubernetes/api/client";

const labels = { app: "web" };
const pods = (image: string) => ({
  metadata: { labels },
  spec: { containers: [{ name: "web", image }] },
});

/** Stops after a quarter of the pods until somebody approves, then half of them, then all. */
export const kruiseRollout: KubeObject = {
  apiVersion: "rollouts.kruise.io/v1beta1",
  kind: "Rollout",
  metadata: { name: "web", namespace: "kruise" },
  spec: {
    workloadRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    strategy: {
      canary: {
        enableExtraWorkloadForCanary: false,
        steps: [
          { replicas: "25%", pause: {} },
          { replicas: "50%", pause: { duration: 1 } },
          { replicas: "100%", pause: { duration: 0 } },
        ],
      },
    },
  },
};

export const web = (image: string): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "kruise" },
  spec: { replicas: 4, selector: { matchLabels: labels }, template: pods(image) },
});

export const argoRollout = (image: string): KubeObject => ({
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  metadata: { name: "web", namespace: "argo" },
  spec: {
    replicas: 4,
    selector: { matchLabels: labels },
    template: pods(image),
    strategy: {
      canary: { steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: { duration: "1s" } }] },
    },
  },
});
