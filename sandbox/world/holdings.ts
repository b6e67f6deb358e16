import type { Alibaba, Dump } from "../emulators/alibaba";
import type { Github, GithubDump } from "../emulators/github";
import type { ClusterHostProcess } from "../kubernetes";
import type { KubeObject } from "../kubernetes/api/client";

/** Objects of one cluster, as `<kind> <namespace>/<name>` with what distinguishes them. No secret values. */
export interface ClusterHoldings {
  id: string;
  kind: "fleet" | "member";
  applications: { name: string; project: string; destination: string; sync: "automatic" | "manual" }[];
  projects: string[];
  /** Names and keys of the Secrets in `argocd`. */
  secrets: { name: string; keys: string[] }[];
  /** Names and keys of the ConfigMaps in `argocd`. */
  configMaps: { name: string; keys: string[] }[];
  clusterRoleBindings: string[];
}

/** Everything that exists in the sandbox's clouds. */
export interface Holdings {
  alibaba: Dump;
  github: GithubDump;
  clusters: ClusterHoldings[];
}

export async function readHoldings(
  alibaba: Alibaba,
  github: Github,
  host: ClusterHostProcess,
): Promise<Holdings> {
  const clusters = await Promise.all(host.clusters().map((cluster) => readCluster(host, cluster)));
  return { alibaba: alibaba.dump(), github: await github.dump(), clusters };
}

interface ApplicationSpec {
  project: string;
  destination: { name: string; namespace: string };
  syncPolicy?: { automated?: unknown };
}

async function readCluster(
  host: ClusterHostProcess,
  { id, kind }: { id: string; kind: "fleet" | "member" },
): Promise<ClusterHoldings> {
  const objects = await host.objects(id);
  const list = async (apiVersion: string, kindName: string, namespace?: string) =>
    (await objects.type(apiVersion, kindName)) ? objects.list(apiVersion, kindName, namespace) : [];
  const argo = "argoproj.io/v1alpha1";
  const names = (found: { metadata: { name: string } }[]) =>
    found.map(({ metadata }) => metadata.name).sort();
  const withKeys = (found: KubeObject[]) =>
    found.map((each) => ({ name: each.metadata.name, keys: Object.keys(each["data"] ?? {}).sort() }));
  const applications = await list(argo, "Application", "argocd");
  const bindings = await list("rbac.authorization.k8s.io/v1", "ClusterRoleBinding");
  return {
    id,
    kind,
    applications: applications.map((each) => {
      const spec = each["spec"] as unknown as ApplicationSpec;
      return {
        name: each.metadata.name,
        project: spec.project,
        destination: `${spec.destination.name}/${spec.destination.namespace}`,
        sync: spec.syncPolicy?.automated ? "automatic" : "manual",
      };
    }),
    projects: names(await list(argo, "AppProject", "argocd")),
    secrets: withKeys(await list("v1", "Secret", "argocd")),
    configMaps: withKeys(await list("v1", "ConfigMap", "argocd")),
    clusterRoleBindings: names(bindings).filter((name) => !/^(system:|cluster-admin$)/.test(name)),
  };
}
