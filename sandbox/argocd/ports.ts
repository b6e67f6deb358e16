/** What the hosted Argo CD and the rest of the sandbox know of each other. Only types. */
import type { ProcessSpec } from "../supervisor";

/** Where the process of the Image Updater is to be at home. */
export interface UpdaterPlace {
  fleetId: string;
  /** A folder of its own. */
  home: string;
  kubeconfigFile: string;
  logFile: string;
  pidFile: string;
}

/** Describes the Image Updater, which ACK One runs as a second container in the pods of argocd-server. */
export type DescribeUpdater = (place: UpdaterPlace) => ProcessSpec | Promise<ProcessSpec>;

/** The processes of one hosted Argo CD, by the names of their Deployments. */
export const components = [
  "redis",
  "repo-server",
  "application-controller",
  "server",
  "applicationset-controller",
  "image-updater",
] as const;

export type Component = (typeof components)[number];
