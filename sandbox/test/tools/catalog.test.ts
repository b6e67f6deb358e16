import { expect } from "chai";
import { execa } from "execa";
import { catalog, type ToolName } from "../../tools/catalog";
import { platformOf } from "../../tools/platform";
import { sandboxTools } from "../../world/tools";
import { archiveOf, cleanUp, ensure, fakeGo, sha256, startMirror } from "./surroundings";

const { os, arch } = platformOf();
const program = "#!/bin/sh\necho official\n";

interface Release {
  /** Where the project publishes its archive. */
  archive: string;
  sums: string;
  /** What the published list of sums looks like for this archive. */
  list: (sum: string) => string;
  /** What is in the archive. */
  members: string[];
}

const releases = {
  kustomize: {
    archive: `github.com/kubernetes-sigs/kustomize/releases/download/kustomize%2Fv5.8.1/kustomize_v5.8.1_${os}_${arch}.tar.gz`,
    sums: "github.com/kubernetes-sigs/kustomize/releases/download/kustomize%2Fv5.8.1/checksums.txt",
    list: (sum) =>
      `${sha256("x")}  kustomize_v5.8.1_plan9.tar.gz\n${sum}  kustomize_v5.8.1_${os}_${arch}.tar.gz\n`,
    members: ["kustomize"],
  },
  helm: {
    archive: `get.helm.sh/helm-v3.21.4-${os}-${arch}.tar.gz`,
    sums: `get.helm.sh/helm-v3.21.4-${os}-${arch}.tar.gz.sha256sum`,
    list: (sum) => `${sum}  helm-v3.21.4-${os}-${arch}.tar.gz\n`,
    members: [`${os}-${arch}/LICENSE`, `${os}-${arch}/helm`],
  },
  registry: {
    archive: `github.com/distribution/distribution/releases/download/v3.1.1/registry_3.1.1_${os}_${arch}.tar.gz`,
    sums: `github.com/distribution/distribution/releases/download/v3.1.1/registry_3.1.1_${os}_${arch}.tar.gz.sha256`,
    list: (sum) => `${sum}\n`,
    members: ["LICENSE", "README.md", "registry"],
  },
} satisfies Partial<Record<ToolName, Release>>;

describe("the catalog", () => {
  afterEach(cleanUp);

  for (const [name, release] of Object.entries(releases) as [keyof typeof releases, Release][]) {
    it(`takes ${name} out of the archive of its release`, async function () {
      if (name === "registry" && os !== "linux") return this.skip();
      const archive = await archiveOf(Object.fromEntries(release.members.map((member) => [member, program])));
      const mirror = await startMirror({
        [release.archive]: archive,
        [release.sums]: release.list(sha256(archive)),
      });
      const { tools } = await ensure({ [name]: catalog[name] }, { env: {}, downloads: mirror.url });
      expect(tools[name]).to.deep.include({ version: catalog[name].version, origin: "official" });
      expect((await execa(tools[name]!.path)).stdout).to.equal("official");
    });
  }

  it("builds what its projects publish as images alone, whatever can be downloaded", async () => {
    const go = await fakeGo();
    const names = ["miniredis", "argo-rollouts", "kruise-rollout"] as const;
    const mirror = await startMirror({});
    const built = Object.fromEntries(names.map((name) => [name, catalog[name]]));
    const { tools } = await ensure(built, { env: go.env, downloads: mirror.url });
    expect(Object.values(tools).map((tool) => tool.origin)).to.deep.equal(["built", "built", "built"]);
    expect(mirror.requests).to.deep.equal([]);
  });

  it("has nothing that a sandbox does not use", () => {
    expect([...sandboxTools]).to.have.members(Object.keys(catalog));
  });
});
