import { lstat, readdir, readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { layOutPulumiHome } from "../../tools/pulumi-home";
import type { EnsuredTool, Origin } from "../../tools/tool";
import { cleanUp, script, temporaryFolder } from "./surroundings";

async function toolAt(path: string, version: string, origin: Origin): Promise<EnsuredTool> {
  await script(path, '#!/bin/sh\necho "$0" "$@"\n');
  return { path, version, origin };
}

describe("the home of an engine", () => {
  afterEach(cleanUp);

  it("has a built CLI as a file beside its language host, where the engine looks for it", async () => {
    const cache = await temporaryFolder();
    const home = join(await temporaryFolder(), "home");
    const tools = {
      pulumi: await toolAt(join(cache, "a", "pulumi"), "3.256.0", "built"),
      "pulumi-language-nodejs": await toolAt(join(cache, "b", "pulumi-language-nodejs"), "3.50.0", "built"),
    };
    const { bin, environment } = await layOutPulumiHome(home, tools);
    expect(bin).to.equal(join(home, "bin"));
    expect((await readdir(bin)).sort()).to.deep.equal(["pulumi", "pulumi-language-nodejs"]);
    expect(await realpath(join(bin, "pulumi"))).to.equal(join(await realpath(home), "bin", "pulumi"));
    expect((await stat(join(bin, "pulumi"))).ino).to.equal((await stat(tools.pulumi.path)).ino);
    expect(environment).to.deep.equal({ PULUMI_HOME: home, PULUMI_IGNORE_AMBIENT_PLUGINS: "true" });
  });

  it("links to a CLI that brings its own language host", async () => {
    const installation = await temporaryFolder();
    const home = await temporaryFolder();
    const tools = {
      pulumi: await toolAt(join(installation, "pulumi"), "3.300.0", "found"),
      "pulumi-language-nodejs": await toolAt(
        join(installation, "pulumi-language-nodejs"),
        "3.300.0",
        "found",
      ),
    };
    const { bin } = await layOutPulumiHome(home, tools);
    expect(await realpath(join(bin, "pulumi"))).to.equal(await realpath(tools.pulumi.path));
    expect(await realpath(join(bin, "pulumi-language-nodejs"))).to.equal(
      await realpath(tools["pulumi-language-nodejs"].path),
    );
  });

  it("has plugins in real folders named after the version", async () => {
    const cache = await temporaryFolder();
    const home = await temporaryFolder();
    const tools = {
      "resource-alicloud": await toolAt(join(cache, "pulumi-resource-alicloud"), "3.108.0", "built"),
      etcd: await toolAt(join(cache, "etcd"), "3.5.21", "built"),
    };
    await layOutPulumiHome(home, tools);
    expect(await readdir(join(home, "plugins"))).to.deep.equal(["resource-alicloud-v3.108.0"]);
    const folder = join(home, "plugins", "resource-alicloud-v3.108.0");
    expect((await lstat(folder)).isDirectory()).to.equal(true);
    expect(await readdir(folder)).to.deep.equal(["pulumi-resource-alicloud"]);
    expect((await execa(join(folder, "pulumi-resource-alicloud"), ["x"])).stdout).to.match(/ x$/);
  });

  it("starts a stand-in under its own path, so that it finds what lies beside it", async () => {
    const folder = join(await temporaryFolder(), "it's here");
    const home = await temporaryFolder();
    const standIn = await toolAt(join(folder, "pulumi-resource-kubernetes"), "4.34.2", "stand-in");
    await layOutPulumiHome(home, { "resource-kubernetes": standIn });
    const path = join(home, "plugins", "resource-kubernetes-v4.34.2", "pulumi-resource-kubernetes");
    expect((await execa(path, ["127.0.0.1:1"])).stdout).to.equal(`${standIn.path} 127.0.0.1:1`);
  });

  it("can be laid out again, with other tools", async () => {
    const cache = await temporaryFolder();
    const home = await temporaryFolder();
    const old = await toolAt(join(cache, "old", "pulumi"), "3.256.0", "built");
    const fresh = await toolAt(join(cache, "new", "pulumi"), "3.300.0", "found");
    await layOutPulumiHome(home, { pulumi: old });
    await layOutPulumiHome(home, { pulumi: old });
    const { bin } = await layOutPulumiHome(home, { pulumi: fresh });
    expect(await readdir(bin)).to.deep.equal(["pulumi"]);
    expect(await realpath(join(bin, "pulumi"))).to.equal(await realpath(fresh.path));
    expect(await readFile(old.path, "utf8")).to.include("echo");
  });
});
