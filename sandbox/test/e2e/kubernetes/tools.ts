import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensureTools } from "../../../tools/index";
import { toolCache } from "../../../world/home";

/** Where the programs are that these tests need. */
export interface KubernetesTools {
  bin: { etcd: string; kubeApiserver: string; kubeControllerManager: string };
  argocdManifests: string;
}

/**
 * The folder in SANDBOX_BIN with the programs, and SANDBOX_ARGOCD_MANIFESTS with Argo CD's manifests, when both are
 * given; else what the sandbox's own tools provide.
 */
export async function kubernetesTools(): Promise<KubernetesTools> {
  const [etcd, kubeApiserver, kubeControllerManager, argocdManifests] = await paths(
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "argocd-manifests",
  );
  return { bin: { etcd, kubeApiserver, kubeControllerManager }, argocdManifests };
}

/** What canary releases need besides: {@link kubernetesTools} with the controllers, and Argo Rollouts' manifests. */
export async function canaryTools() {
  const { bin, argocdManifests } = await kubernetesTools();
  const [kustomize, argoRollouts, argoRolloutsManifests, kruiseRollout, kruiseConfig] = await paths(
    "kustomize",
    "argo-rollouts",
    "argo-rollouts-manifests",
    "kruise-rollout",
    "kruise-rollout-config",
  );
  const all = { ...bin, kustomize, argoRollouts, kruiseRollout };
  return { host: { bin: all, argocdManifests, kruiseConfig }, argoRolloutsManifests };
}

/**
 * The engine: a folder for PATH with the language host, and a root as the Automation API wants it
 * (`<root>/bin/pulumi`), made in `scratch`.
 */
export async function pulumiCli(scratch: string): Promise<{ path: string[]; root: string }> {
  const [pulumi, host] = await paths("pulumi", "pulumi-language-nodejs");
  const root = join(scratch, "cli");
  mkdirSync(join(root, "bin"), { recursive: true });
  symlinkSync(pulumi, join(root, "bin", "pulumi"));
  return { path: [join(root, "bin"), dirname(host)], root };
}

type Tool = Parameters<typeof ensureTools>[0][number];

async function paths<Names extends readonly Tool[]>(
  ...names: Names
): Promise<{ [Index in keyof Names]: string }> {
  const { SANDBOX_BIN: folder, SANDBOX_ARGOCD_MANIFESTS: manifests } = process.env;
  if (folder && manifests) {
    const found = names.map((name) => (name === "argocd-manifests" ? manifests : join(folder, name)));
    for (const file of found) if (!existsSync(file)) throw new Error(`no ${file}`);
    return found as { [Index in keyof Names]: string };
  }
  const tools: Record<string, { path: string }> = await ensureTools([...names], {
    cacheDir: toolCache(),
    report: () => {},
  });
  return names.map((name) => tools[name]?.path) as { [Index in keyof Names]: string };
}
