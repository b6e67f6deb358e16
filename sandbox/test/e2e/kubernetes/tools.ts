import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The programs for these tests: the folder in SANDBOX_BIN with etcd and kube-apiserver, and SANDBOX_ARGOCD_MANIFESTS
 * with Argo CD's manifests; both default to what the sandbox's own tools provide.
 */
export async function kubernetesTools(): Promise<{
  bin: { etcd: string; kubeApiserver: string };
  argocdManifests: string;
}> {
  const folder = process.env["SANDBOX_BIN"];
  const manifests = process.env["SANDBOX_ARGOCD_MANIFESTS"];
  if (folder && manifests) {
    const bin = { etcd: join(folder, "etcd"), kubeApiserver: join(folder, "kube-apiserver") };
    for (const file of [...Object.values(bin), manifests])
      if (!existsSync(file)) throw new Error(`no ${file}`);
    return { bin, argocdManifests: manifests };
  }
  const [{ ensureTools }, { toolCache }] = await Promise.all([
    import("../../../tools/index"),
    import("../../../world/home"),
  ]);
  const tools = await ensureTools(["etcd", "kube-apiserver", "argocd-manifests"], {
    cacheDir: toolCache(),
    report: () => {},
  });
  return {
    bin: { etcd: tools["etcd"].path, kubeApiserver: tools["kube-apiserver"].path },
    argocdManifests: tools["argocd-manifests"].path,
  };
}
