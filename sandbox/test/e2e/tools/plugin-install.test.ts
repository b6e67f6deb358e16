import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { ensureTools } from "../../../tools/index";
import { platformOf } from "../../../tools/platform";
import { enginePlugin } from "../../../tools/plugin";
import { layOutPulumiHome } from "../../../tools/pulumi-home";
import { type EnsuredTool, type Tool, ToolError } from "../../../tools/tool";
import { toolCache } from "../../../world/home";
import {
  archiveOf,
  cleanUp,
  ensure,
  errorOf,
  sha256,
  startMirror,
  temporaryFolder,
} from "../../tools/surroundings";

describe("the real engine", () => {
  let pulumi: EnsuredTool;
  const { os, arch } = platformOf();
  const release = "github.com/pulumi/pulumi-kubernetes/releases/download/v4.34.2";
  const name = `pulumi-resource-kubernetes-v4.34.2-${os}-${arch}.tar.gz`;
  const sums = `${release}/pulumi-kubernetes_4.34.2_checksums.txt`;

  before(async function () {
    this.timeout(1_200_000);
    const tools = await ensureTools(["pulumi"], { cacheDir: toolCache() });
    pulumi = tools.pulumi;
  });
  afterEach(cleanUp);

  function catalog(): Record<string, Tool> {
    return {
      pulumi: { title: "Pulumi CLI", version: pulumi.version, find: async () => pulumi },
      "resource-kubernetes": {
        title: "kubernetes plugin",
        version: "4.34.2",
        needs: ["pulumi"],
        download: enginePlugin("kubernetes", "4.34.2"),
        standIn: "/stand-in",
      },
    };
  }

  for (const published of [true, false]) {
    it(`installs a plugin from a mirror of its releases with${published ? "" : "out"} checksums`, async () => {
      const archive = await archiveOf({ "pulumi-resource-kubernetes": "#!/bin/sh\necho plugin\n" });
      const list = `${sha256(archive)}  ${name}\n`;
      const mirror = await startMirror({
        [`${release}/${name}`]: archive,
        ...(published ? { [sums]: list } : {}),
      });
      const { tools } = await ensure(catalog(), { env: process.env, downloads: mirror.url });
      expect(tools["resource-kubernetes"]).to.include({ version: "4.34.2", origin: "official" });
      expect((await execa(tools["resource-kubernetes"]!.path)).stdout).to.equal("plugin");
    });
  }

  it("lists the plugins of the home that was laid out for it", async () => {
    const archive = await archiveOf({ "pulumi-resource-kubernetes": "#!/bin/sh\necho plugin\n" });
    const mirror = await startMirror({ [`${release}/${name}`]: archive });
    const { tools } = await ensure(catalog(), { env: process.env, downloads: mirror.url });
    expect(tools["resource-kubernetes"]!.origin).to.equal("official");
    const { bin, environment } = await layOutPulumiHome(join(await temporaryFolder(), "home"), tools);
    const listed = await execa(join(bin, "pulumi"), ["plugin", "ls", "--json"], { env: environment });
    expect(JSON.parse(listed.stdout)).to.have.lengthOf(1);
    expect(JSON.parse(listed.stdout)[0]).to.include({
      name: "kubernetes",
      kind: "resource",
      version: "4.34.2",
    });
  });

  it("refuses a plugin with another checksum than the published one", async () => {
    const archive = await archiveOf({ "pulumi-resource-kubernetes": "#!/bin/sh\necho evil\n" });
    const mirror = await startMirror({
      [`${release}/${name}`]: archive,
      [sums]: `${sha256("x")}  ${name}\n`,
    });
    const error = await errorOf(ensure(catalog(), { env: process.env, downloads: mirror.url }));
    expect(error).to.be.instanceOf(ToolError);
    expect(error.message).to.include(`has the SHA-256 ${sha256(archive)}, but`);
  });
});
