import { goProgram } from "../go-build";
import type { Platform } from "../platform";
import { publishedArchive, publishedProgram } from "../published";
import type { Download, Tool } from "../tool";
import { versions } from "../versions";

/** A control plane: servers are published for Linux alone, clients for macOS too. */
export const kubernetesTools = {
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
} satisfies Record<string, Tool>;

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
