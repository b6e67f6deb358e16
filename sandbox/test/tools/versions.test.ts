import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import { catalog } from "../../tools/catalog";
import { goEnvironment } from "../../tools/go-build";
import { platformOf } from "../../tools/platform";
import { versions } from "../../tools/versions";
import { errorOf, sandboxFolder } from "./surroundings";

describe("the versions of the tools", () => {
  const required = async (module: string, path: string) => {
    const file = await readFile(join(sandboxFolder, "tools", "go", module, "go.mod"), "utf8");
    return new RegExp(`^\\s*(?:require )?${path.replaceAll(".", "\\.")} v(\\S+)`, "m").exec(file)?.[1];
  };

  it("are those that the Go modules require", async () => {
    expect(await required("pulumi", "github.com/pulumi/pulumi/pkg/v3")).to.equal(versions.pulumi);
    expect(await required("language-nodejs", "github.com/pulumi/pulumi/sdk/v3")).to.equal(
      versions.languageNodejs,
    );
    expect(await required("kubernetes", "k8s.io/kubernetes")).to.equal(versions.kubernetes);
    expect(await required("kubernetes", "go.etcd.io/etcd/server/v3")).to.equal(versions.etcd);
    expect(await required("kubernetes", "github.com/argoproj/argo-cd/v3")).to.equal(versions.argocd);
    expect(await required("kustomize", "sigs.k8s.io/kustomize/kustomize/v5")).to.equal(versions.kustomize);
    expect(await required("helm", "helm.sh/helm/v3")).to.equal(versions.helm);
    expect(await required("miniredis", "github.com/alicebob/miniredis/v2")).to.equal(versions.miniredis);
    expect(await required("registry", "github.com/distribution/distribution/v3")).to.equal(versions.registry);
    expect(await required("argo-rollouts", "github.com/argoproj/argo-rollouts")).to.equal(
      versions.argoRollouts,
    );
    expect(await required("kruise-rollout", "github.com/openkruise/rollouts")).to.equal(
      versions.kruiseRollout,
    );
  });

  it("are those under which the built plugins present themselves", async () => {
    for (const name of ["alicloud", "github"] as const) {
      const main = await readFile(join(sandboxFolder, "tools", "go", name, "main.go"), "utf8");
      expect(/const version = "(.*)"/.exec(main)?.[1], name).to.equal(versions[name]);
    }
  });

  it("are those that the npm packages ask the engine for", () => {
    const manifest = (name: string) =>
      createRequire(import.meta.url)(`@pulumi/${name}/package.json`) as { version: string };
    expect(manifest("alicloud").version).to.equal(versions.alicloud);
    expect(manifest("github").version).to.equal(versions.github);
    expect(manifest("kubernetes").version).to.equal(versions.kubernetesPlugin);
  });

  it("are checked against go.sum in every Go module", async () => {
    const folder = join(sandboxFolder, "tools", "go");
    for (const module of await readdir(folder)) {
      expect(await readdir(join(folder, module)), module).to.include.members(["go.mod", "go.sum"]);
    }
  });

  it("have official addresses for Linux and, but for servers, macOS", () => {
    const offered = (os: string) =>
      Object.entries(catalog)
        .filter(
          ([, tool]) => "download" in tool && tool.download.addresses(platformOf(os, "arm64")).length > 0,
        )
        .map(([name]) => name);
    const everywhere = [
      "pulumi",
      "resource-alicloud",
      "resource-github",
      "resource-kubernetes",
      "kubectl",
      "argocd",
      "kustomize",
      "helm",
    ];
    expect(offered("darwin")).to.have.members([...everywhere, "argocd-manifests"]);
    expect(offered("linux")).to.have.members([
      ...offered("darwin"),
      "etcd",
      "kube-apiserver",
      "kube-controller-manager",
      "registry",
    ]);
  });
});

describe("a machine", () => {
  it("that the tools are not made for is told so", async () => {
    expect((await errorOf(Promise.resolve().then(() => platformOf("win32", "x64")))).message).to.equal(
      "The sandbox runs on Linux and macOS, on x86-64 and arm64 processors; this is win32 on x64. On Windows use WSL 2.",
    );
    expect(() => platformOf("linux", "ppc64")).to.throw("this is linux on ppc64.");
  });

  it("keeps its own Go settings where they concern the network, and loses those that change the result", () => {
    const caller = {
      GOPROXY: "https://goproxy.example",
      GOFLAGS: "-tags=x -mod=vendor",
      GOOS: "windows",
      GOWORK: "/x",
    };
    const env = goEnvironment({ ...caller, GOEXPERIMENT: "x" }, { os: "linux", arch: "arm64" }, "/scratch");
    expect(env).to.deep.equal({
      GOPROXY: "https://goproxy.example",
      GOFLAGS: "-mod=readonly -buildvcs=false",
      GO111MODULE: "on",
      GOWORK: "off",
      CGO_ENABLED: "0",
      GOOS: "linux",
      GOARCH: "arm64",
      GOTMPDIR: "/scratch",
    });
  });
});
