import type { Application } from "../../../argocd/client";
import type { KubeObject } from "../../../kubernetes/api/client";
import { destination } from "./support";

/** An Application on the member. */
export function application(
  name: string,
  source: { repoURL: string; path?: string; targetRevision?: string; [field: string]: unknown },
  { automated = false, namespace = "web" } = {},
): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: "argocd", finalizers: ["resources-finalizer.argocd.argoproj.io"] },
    spec: {
      project: "default",
      source: { path: ".", targetRevision: "main", ...source },
      destination: { name: destination, namespace },
      ...(automated && { syncPolicy: { automated: { prune: true, selfHeal: true } } }),
    },
  };
}

export const configMap = (name: string, data: Record<string, string>) =>
  `${JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data })}\n`;

/** Whether an Application has deployed this commit to the end. */
export const synced = (revision: string) => (app: Application) =>
  app.status?.sync?.status === "Synced" &&
  app.status.operationState?.phase === "Succeeded" &&
  app.status.operationState.syncResult?.revision === revision;
