/**
 * Which pushes to the deployment repository concern an Application (Argo CD: "Manifest paths annotation").
 *
 * Image Updater commits once for every Application, and Argo CD drops a refresh that is asked for while another one of
 * the same Application is under way. Without this annotation every commit refreshes every Application of the
 * repository, so that of several commits within seconds the last one may go unseen until a poll minutes later.
 * Here an Application sees every file but the overrides of the others.
 */
import type { DeploySource } from "./application-source";

export const refreshPathsAnnotation = "argocd.argoproj.io/manifest-generate-paths";

/** Folders below folders that are looked into; a pattern of Argo CD covers one depth. */
const depth = 8;

/**
 * Every file whose name doesn't begin with `.a` (overrides are called `.argocd-source-<application>.yaml`), and the
 * Application's own override. Paths from the root of the repository, separated by semicolons.
 */
export function refreshPaths(application: string, deploy: DeploySource): string {
  const folder = "helm" in deploy ? deploy.helm : deploy.kustomize;
  const others = Array.from({ length: depth }, (_, level) => "/*".repeat(level)).flatMap((folders) => [
    `${folders}/[^.]*`,
    `${folders}/.[^a]*`,
  ]);
  return [`/${folder}/.argocd-source-${application}.yaml`, ...others].join(";");
}
