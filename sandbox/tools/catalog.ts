import { copyFile, mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { goFiles, goProgram } from "./go-build";
import type { Platform } from "./platform";
import { enginePlugin } from "./plugin";
import { pinnedFiles, publishedArchive, publishedProgram } from "./published";
import { languageHostOf, pulumiInstaller, pulumiOnPath } from "./pulumi-cli";
import type { Download, Tool } from "./tool";
import { versions } from "./versions";

const standIns = join(dirname(fileURLToPath(import.meta.url)), "..", "kubernetes", "plugin");

/** Everything the sandbox can obtain. A new tool is a new entry here, and its Go module under `go/`. */
export const catalog = {
  pulumi: {
    title: "Pulumi CLI",
    version: versions.pulumi,
    find: pulumiOnPath,
    download: pulumiInstaller(versions.pulumi),
    build: goProgram({
      module: "pulumi",
      main: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      name: "pulumi",
      stamps: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${versions.pulumi}` },
      seconds: 220,
      bytes: 2.8e9,
    }),
  },
  "pulumi-language-nodejs": {
    title: "Pulumi's language host of Node.js",
    version: versions.languageNodejs,
    needs: ["pulumi"],
    async cameWith({ pulumi }, { env }) {
      const path = pulumi!.origin === "built" ? undefined : await languageHostOf(pulumi!.path, env);
      return path ? { ...pulumi!, path } : undefined;
    },
    build: goProgram({
      module: "language-nodejs",
      main: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      name: "pulumi-language-nodejs",
      seconds: 45,
      bytes: 0.3e9,
    }),
  },
  "resource-alicloud": {
    title: "alicloud plugin",
    version: versions.alicloud,
    needs: ["pulumi"],
    download: enginePlugin("alicloud", versions.alicloud),
    build: goProgram({ module: "alicloud", name: "pulumi-resource-alicloud", seconds: 420, bytes: 4e9 }),
  },
  "resource-github": {
    title: "github plugin",
    version: versions.github,
    needs: ["pulumi"],
    download: enginePlugin("github", versions.github),
    build: goProgram({ module: "github", name: "pulumi-resource-github", seconds: 45, bytes: 0.4e9 }),
  },
  "resource-kubernetes": {
    title: "kubernetes plugin",
    version: versions.kubernetesPlugin,
    needs: ["pulumi"],
    download: enginePlugin("kubernetes", versions.kubernetesPlugin),
    standIn: join(standIns, "pulumi-resource-kubernetes"),
  },
  etcd: {
    title: "etcd",
    version: versions.etcd,
    download: publishedArchive(({ os, arch }) => `etcd-v${versions.etcd}-${os}-${arch}/etcd`, {
      url: ({ os, arch }) => etcdRelease(`etcd-v${versions.etcd}-${os}-${arch}.tar.gz`),
      sums: () => etcdRelease("SHA256SUMS"),
      platforms: ["linux"],
    }),
    build: goProgram({
      module: "kubernetes",
      main: "go.etcd.io/etcd/server/v3",
      name: "etcd",
      seconds: 40,
      bytes: 0.4e9,
    }),
  },
  "kube-apiserver": kubernetesProgram("kube-apiserver", 200, ["linux"]),
  "kube-controller-manager": kubernetesProgram("kube-controller-manager", 60, ["linux"]),
  kubectl: kubernetesProgram("kubectl", 30),
  argocd: {
    title: "Argo CD",
    version: versions.argocd,
    download: publishedProgram("argocd", {
      url: ({ os, arch }) => argocdRelease(`argocd-${os}-${arch}`),
      sums: () => argocdRelease("cli_checksums.txt"),
    }),
    build: goProgram({
      module: "kubernetes",
      main: "github.com/argoproj/argo-cd/v3/cmd",
      name: "argocd",
      stamps: { "github.com/argoproj/argo-cd/v3/common.version": versions.argocd },
      seconds: 90,
      bytes: 1.5e9,
    }),
  },
  /** The folder `manifests` of Argo CD's sources, as far as a hosted Argo CD is made of it. */
  "argocd-manifests": {
    title: "Argo CD's manifests",
    version: versions.argocd,
    // The release publishes no checksums of its manifests; these are those of the Go module of that version.
    download: pinnedFiles(
      `https://raw.githubusercontent.com/argoproj/argo-cd/v${versions.argocd}/manifests`,
      {
        "crds/application-crd.yaml": "277acfc67f7d5646c398be72105a80fb8b9ee79706eb08b7d985ffc713b1e2f8",
        "crds/applicationset-crd.yaml": "f30e683857912b5293d862e0fddddc09c56bfd5c3b29bb723a249d8162c80e8c",
        "crds/appproject-crd.yaml": "d3b1e7d1c88146d6476d6458c824fea85aac56c1129f7d9c97acca14d98f76ad",
        "base/config/argocd-cm.yaml": "f59df69938c049b3908ee8bdfb7361d21fb0f3550f7d91755fd37b6fb1f1ba78",
        "base/config/argocd-cmd-params-cm.yaml":
          "b8dda3f185030c4fec4d52f6e141cae2e81908ad878d234240c142182851eb7b",
        "base/config/argocd-gpg-keys-cm.yaml":
          "9ee52afbc8cea3dd7830fce191ba555242589348f940ee48ea5a3e3330f47b6d",
        "base/config/argocd-rbac-cm.yaml": "41e22fcaf3e8e7e2dc8f37797ed95eea00f1ce46030ecc2d613e132e5e4ceaff",
        "base/config/argocd-secret.yaml": "6120aed59c5aec8fb72e55010f0922fc9cc8faafae120899410111133e40be9c",
        "base/config/argocd-ssh-known-hosts-cm.yaml":
          "2d847df9969035545ee23e7016638d6c0b26828435c690bb4daba25fdeae045a",
        "base/config/argocd-tls-certs-cm.yaml":
          "4594d9cd4f74ceaec8aa6ce8f91f2a29dfd0489e3433f218726343f96d02bf29",
      },
    ),
    build: goFiles("kubernetes", "github.com/argoproj/argo-cd/v3", copyManifests),
  },
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof catalog;

/** Server programs are published for Linux alone, clients for macOS too. */
function kubernetesProgram(
  name: string,
  seconds: number,
  platforms?: readonly Platform["os"][],
): Tool & { download: Download } {
  const [major, minor] = versions.kubernetes.split(".");
  const url = ({ os, arch }: Platform) =>
    `https://dl.k8s.io/release/v${versions.kubernetes}/bin/${os}/${arch}/${name}`;
  return {
    title: name,
    version: versions.kubernetes,
    download: publishedProgram(name, { url, sums: (platform) => `${url(platform)}.sha256`, platforms }),
    build: goProgram({
      module: "kubernetes",
      main: `k8s.io/kubernetes/cmd/${name}`,
      name,
      // Clients refuse or misjudge a server that doesn't know its version.
      stamps: {
        "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}`,
        "k8s.io/component-base/version.gitMajor": major!,
        "k8s.io/component-base/version.gitMinor": minor!,
        "k8s.io/component-base/version.gitCommit": "0",
        "k8s.io/component-base/version.gitTreeState": "clean",
        "k8s.io/component-base/version.buildDate": "2025-05-15T00:00:00Z",
        "k8s.io/client-go/pkg/version.gitVersion": `v${versions.kubernetes}`,
      },
      seconds,
      bytes: 2e9,
    }),
  };
}

function etcdRelease(file: string): string {
  return `https://github.com/etcd-io/etcd/releases/download/v${versions.etcd}/${file}`;
}

function argocdRelease(file: string): string {
  return `https://github.com/argoproj/argo-cd/releases/download/v${versions.argocd}/${file}`;
}

async function copyManifests(module: string, to: string): Promise<string> {
  for (const part of ["crds", "base/config"]) {
    await mkdir(join(to, part), { recursive: true });
    const files = (await readdir(join(module, "manifests", part))).filter(
      (name) => name !== "kustomization.yaml",
    );
    for (const file of files) await copyFile(join(module, "manifests", part, file), join(to, part, file));
  }
  return ".";
}
