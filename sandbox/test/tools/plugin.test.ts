import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { platformOf } from "../../tools/platform";
import { enginePlugin } from "../../tools/plugin";
import { type Tool, ToolError } from "../../tools/tool";
import { cleanUp, ensure, errorOf, script, sha256, startMirror, temporaryFolder } from "./surroundings";

const { os, arch } = platformOf();
const release = "github.com/pulumi/pulumi-alicloud/releases/download/v3.108.0";
const archive = `pulumi-resource-alicloud-v3.108.0-${os}-${arch}.tar.gz`;

describe("a plugin of the engine", () => {
  afterEach(cleanUp);

  /** A `pulumi` that does as its argument says, and a catalog with a plugin that needs it. */
  async function catalogWith(pulumi: string): Promise<{ catalog: Record<string, Tool>; log: string }> {
    const folder = await temporaryFolder();
    const log = join(folder, "log");
    await script(join(folder, "pulumi"), `#!/bin/sh\necho "$@" >> '${log}'\n${pulumi}\n`);
    const path = join(folder, "pulumi");
    return {
      log,
      catalog: {
        pulumi: { title: "CLI", version: "3", find: async () => ({ path, version: "3", origin: "found" }) },
        "resource-alicloud": {
          title: "alicloud plugin",
          version: "3.108.0",
          needs: ["pulumi"],
          download: enginePlugin("alicloud", "3.108.0"),
          standIn: "/stand-in",
        },
      },
    };
  }

  const installs = `folder="$PULUMI_HOME/plugins/resource-alicloud-v3.108.0"
mkdir -p "$folder"; touch "$folder/pulumi-resource-alicloud" "$folder/LICENSE"`;
  const env = { PATH: "/usr/bin:/bin" };

  it("is verified and installed by the engine, all its files", async () => {
    const { catalog, log } = await catalogWith(installs);
    const mirror = await startMirror({
      [`${release}/${archive}`]: "archive",
      [`${release}/pulumi-alicloud_3.108.0_checksums.txt`]: `${sha256("archive")}  ${archive}\n`,
    });
    const { tools } = await ensure(catalog, { env, downloads: mirror.url });
    expect(tools["resource-alicloud"]).to.include({ version: "3.108.0", origin: "official" });
    expect(await readdir(dirname(tools["resource-alicloud"]!.path))).to.have.members([
      "LICENSE",
      "pulumi-resource-alicloud",
      "tool.json",
    ]);
    expect(await readFile(log, "utf8")).to.match(
      /^plugin install resource alicloud 3\.108\.0 --exact --non-interactive --color never --file \S+\.tar\.gz\n$/,
    );
  });

  it("is left to the engine when its release has no checksums", async () => {
    const { catalog, log } = await catalogWith(installs);
    const mirror = await startMirror({ [`${release}/${archive}`]: "archive" });
    const { tools } = await ensure(catalog, { env, downloads: mirror.url });
    expect(tools["resource-alicloud"]!.origin).to.equal("official");
    expect(await readFile(log, "utf8")).to.equal(
      "plugin install resource alicloud 3.108.0 --exact --non-interactive --color never " +
        `--server ${mirror.url}/${release}\n`,
    );
    expect(mirror.requests).not.to.include(`GET /${release}/${archive}`);
  });

  it("is refused, and never shown to the engine, when its checksum is another one", async () => {
    const { catalog, log } = await catalogWith(installs);
    const mirror = await startMirror({
      [`${release}/${archive}`]: "evil",
      [`${release}/pulumi-alicloud_3.108.0_checksums.txt`]: `${sha256("archive")}  ${archive}\n`,
    });
    const error = await errorOf(ensure(catalog, { env, downloads: mirror.url }));
    expect(error).to.be.instanceOf(ToolError);
    expect(error.message).to.include(
      `alicloud plugin 3.108.0: ${mirror.url}/${release}/${archive} has the SHA-256 ${sha256("evil")}, `,
    );
    expect(existsSync(log)).to.equal(false);
  });

  it("is done without when the engine can't get it", async () => {
    const { catalog } = await catalogWith("echo 'error: 503 HTTP error' >&2; exit 1");
    const mirror = await startMirror({ [`${release}/${archive}`]: "archive" });
    const { tools, events } = await ensure(catalog, { env, downloads: mirror.url });
    expect(tools["resource-alicloud"]!.origin).to.equal("stand-in");
    expect(events.find((event) => event.kind === "note")!.text).to.equal(
      "`pulumi plugin install` failed: error: 503 HTTP error; taking the stand-in",
    );
  });
});
