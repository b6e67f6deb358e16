import type { KubeObject } from "../../../kubernetes/api/client";

/** A Deployment with one container, and what a test wants different. */
export function deployment(
  name: string,
  image: string,
  { namespace = "default", replicas = 1, ...spec }: Record<string, unknown> & { namespace?: string } = {},
): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "app", image }], ...spec } },
    },
  };
}

export interface PodView extends KubeObject {
  spec: { containers: { image: string }[] };
  status: {
    phase: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: {
      imageID: string;
      ready: boolean;
      restartCount: number;
      state: { waiting?: { reason: string; message?: string } };
    }[];
  };
}

export interface EventView extends KubeObject {
  involvedObject: { uid: string };
  type: string;
  reason: string;
  message: string;
  count: number;
}

/** Whether a Deployment's newest revision is all there is and available, as its controller says; else what it says. */
export function available(object: KubeObject | undefined): string | undefined {
  if (!object) return "it doesn't exist";
  const { spec, status = {} } = object as unknown as {
    spec: { replicas: number };
    status?: Record<string, number | undefined>;
  };
  const current = (status["observedGeneration"] ?? 0) >= (object.metadata.generation ?? 0);
  const counts = [status["replicas"], status["updatedReplicas"], status["availableReplicas"]];
  return current && counts.every((count) => count === spec.replicas) ? undefined : JSON.stringify(status);
}
