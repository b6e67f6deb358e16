import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { goFiles, goProgram } from "../go-build";
import { pinnedFiles, publishedArchive, publishedProgram } from "../published";
import type { Tool } from "../tool";
import { versions } from "../versions";

/** Argo CD and what it stands on: its manifests, the programs that render for it, its cache. */
export const argocdTools = {
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
  kustomize: {
    title: "Kustomize",
    version: versions.kustomize,
    download: publishedArchive(() => "kustomize", {
      url: ({ os, arch }) => kustomizeRelease(`kustomize_v${versions.kustomize}_${os}_${arch}.tar.gz`),
      sums: () => kustomizeRelease("checksums.txt"),
    }),
    build: goProgram({
      module: "kustomize",
      main: "sigs.k8s.io/kustomize/kustomize/v5",
      name: "kustomize",
      stamps: { "sigs.k8s.io/kustomize/api/provenance.version": `v${versions.kustomize}` },
      seconds: 15,
      bytes: 0.2e9,
    }),
  },
  helm: {
    title: "Helm",
    version: versions.helm,
    download: publishedArchive(({ os, arch }) => `${os}-${arch}/helm`, {
      url: ({ os, arch }) => `https://get.helm.sh/helm-v${versions.helm}-${os}-${arch}.tar.gz`,
      sums: ({ os, arch }) => `https://get.helm.sh/helm-v${versions.helm}-${os}-${arch}.tar.gz.sha256sum`,
    }),
    build: goProgram({
      module: "helm",
      main: "helm.sh/helm/v3/cmd/helm",
      name: "helm",
      stamps: {
        "helm.sh/helm/v3/internal/version.version": `v${versions.helm}`,
        "helm.sh/helm/v3/internal/version.gitTreeState": "clean",
      },
      seconds: 70,
      bytes: 1.2e9,
    }),
  },
  /**
   * Argo CD's cache: a Redis server without disk. It reads its password from `MINIREDIS_PASSWORD` and takes
   * `--address <loopback address>:<port>`. Redis itself is published as a source alone.
   */
  miniredis: {
    title: "miniredis",
    version: versions.miniredis,
    build: goProgram({ module: "miniredis", name: "miniredis", seconds: 20, bytes: 0.1e9 }),
  },
} satisfies Record<string, Tool>;

function argocdRelease(file: string): string {
  return `https://github.com/argoproj/argo-cd/releases/download/v${versions.argocd}/${file}`;
}

/** Its tag has a slash. */
function kustomizeRelease(file: string): string {
  const tag = encodeURIComponent(`kustomize/v${versions.kustomize}`);
  return `https://github.com/kubernetes-sigs/kustomize/releases/download/${tag}/${file}`;
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
