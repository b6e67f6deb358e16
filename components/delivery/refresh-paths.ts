/**
 * Which pushes to the deployment repository concern an Application (Argo CD: "Manifest paths annotation").
 *
 * Image Updater commits once for every Application, and Argo CD drops a refresh that is asked for while another one of
 * the same Application is under way. Without this annotation every commit refreshes every Application of the
 * repository, so that of several commits within seconds the last one may go unseen until a poll minutes later.
 * Here an Application sees every file but the overrides of the others.
 *
 * The patterns need Argo CD 2.12. Older ones take them for names of files: they would take a commit for one that doesn't
 * concern the Application, and go on with the manifests of the commit before.
 */
import type { DeploySource } from "./application-source";

export const refreshPathsAnnotation = "argocd.argoproj.io/manifest-generate-paths";

/** Folders below folders that are looked into; a pattern of Argo CD covers one depth. Deeper files are not seen. */
const depth = 8;

/**
 * Every file whose name doesn't begin with `.a` (overrides are called `.argocd-source-<application>.yaml`), and the
 * Application's own overrides. Paths from the root of the repository, separated by semicolons.
 */
export function refreshPaths(application: string, deploy: DeploySource): string {
  const folder = "helm" in deploy ? deploy.helm : deploy.kustomize;
  const others = Array.from({ length: depth }, (_, level) => "/*".repeat(level)).flatMap((folders) => [
    `${folders}/[^.]*`,
    `${folders}/.[^a]*`,
  ]);
  const own = [`.argocd-source-${application}.yaml`, ".argocd-source.yaml"];
  return [...own.map((file) => (folder === "." ? `/${file}` : `/${folder}/${file}`)), ...others].join(";");
}
