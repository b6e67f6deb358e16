import type { Tool } from "../tool";
import { argocdTools } from "./argocd";
import { engineTools } from "./engine";
import { kubernetesTools } from "./kubernetes";
import { registryTools } from "./registry";
import { rolloutTools } from "./rollouts";

/** Everything the sandbox can obtain. A new tool is an entry in one of these tables, and its Go module under `go/`. */
export const catalog = {
  ...engineTools,
  ...kubernetesTools,
  ...argocdTools,
  ...registryTools,
  ...rolloutTools,
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof catalog;
