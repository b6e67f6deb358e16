import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { platformOf } from "../../tools/platform";
import { languageHostOf, pulumiInstaller, pulumiOnPath } from "../../tools/pulumi-cli";
import type { Tool } from "../../tools/tool";
import { archiveOf, cleanUp, ensure, script, startMirror, temporaryFolder } from "./surroundings";

const version = "3.256.0";
const cli = (said: string) => `#!/bin/sh\necho ${said}\n`;

describe("a pulumi on the PATH", () => {
  afterEach(cleanUp);

  async function machineWith(
    files: Record<string, string>,
  ): Promise<{ env: NodeJS.ProcessEnv; folder: string }> {
    const folder = await temporaryFolder();
    for (const [name, content] of Object.entries(files)) await script(join(folder, name), content);
    return { folder, env: { PATH: `${folder}:/usr/bin:/bin` } };
  }

  it("is taken when it is as new as ours and has its language host", async () => {
    const { env, folder } = await machineWith({ pulumi: cli("v3.300.1"), "pulumi-language-nodejs": cli("") });
    expect(await pulumiOnPath({ env, version })).to.deep.equal({
      path: join(folder, "pulumi"),
      version: "3.300.1",
      origin: "found",
    });
  });

  it("is taken when it is a link to a folder with the language host", async () => {
    const { folder } = await machineWith({ pulumi: cli(`v${version}`), "pulumi-language-nodejs": cli("") });
    const links = await temporaryFolder();
    await symlink(join(folder, "pulumi"), join(links, "pulumi"));
    const env = { PATH: `${links}:/usr/bin:/bin` };
    expect(await pulumiOnPath({ env, version })).to.include({ path: join(links, "pulumi") });
    expect(await languageHostOf(join(links, "pulumi"), env)).to.equal(join(folder, "pulumi-language-nodejs"));
  });

  it("is left alone when it is too old, has no language host, or says nonsense", async () => {
    const old = await machineWith({ pulumi: cli("v3.255.9"), "pulumi-language-nodejs": cli("") });
    expect(await pulumiOnPath({ env: old.env, version })).to.equal(
      `${old.folder}/pulumi is Pulumi 3.255.9, older than 3.256.0`,
    );
    const alone = await machineWith({ pulumi: cli("v3.300.0") });
    expect(await pulumiOnPath({ env: alone.env, version })).to.equal(
      `${alone.folder}/pulumi has no pulumi-language-nodejs beside it`,
    );
    const odd = await machineWith({ pulumi: cli("hello") });
    expect(await pulumiOnPath({ env: odd.env, version })).to.equal(
      `${odd.folder}/pulumi does not tell its version`,
    );
  });

  it("may be absent", async () => {
    expect(await pulumiOnPath({ env: { PATH: await temporaryFolder() }, version })).to.equal(undefined);
  });
});

describe("Pulumi's own installer", () => {
  afterEach(cleanUp);

  const { os, arch } = platformOf();
  const release = `github.com/pulumi/pulumi/releases/download/v${version}`;
  const archive = `pulumi-v${version}-${os}-${arch === "amd64" ? "x64" : "arm64"}.tar.gz`;
  /** The options of the real script, and its way: archive from GitHub, contents into `bin/` of the root. */
  const installScript = `#!/bin/sh
set -e
while [ $# -gt 0 ]; do
  case "$1" in
    --install-root) root=$2; shift ;;
    --version) version=$2; shift ;;
    --no-edit-path) ;;
    *) echo "unknown option $1" >&2; exit 1 ;;
  esac
  shift
done
tarball=$(mktemp)
curl --fail --silent --show-error -L -o "$tarball" "https://github.com/pulumi/pulumi/releases/download/v$version/${archive}"
mkdir -p "$root/bin"
tar -xzf "$tarball" -C "$root/bin" --strip-components=1
rm "$tarball"
`;
  const tool: Tool = { title: "Pulumi CLI", version, download: pulumiInstaller(version) };

  it("installs the CLI with its language host from a mirror", async function () {
    this.timeout(20_000);
    const mirror = await startMirror({
      "get.pulumi.com/install.sh": installScript,
      [`${release}/${archive}`]: await archiveOf({
        "pulumi/pulumi": cli(`v${version}`),
        "pulumi/pulumi-language-nodejs": cli("host"),
      }),
    });
    const { tools } = await ensure({ pulumi: tool }, { env: process.env, downloads: mirror.url });
    expect(tools["pulumi"]).to.include({ version, origin: "official" });
    expect((await execa(tools["pulumi"]!.path, ["version"])).stdout).to.equal(`v${version}`);
    expect(mirror.requests.filter((request) => request.startsWith("GET"))).to.deep.equal([
      "GET /get.pulumi.com/install.sh",
      `GET /${release}/${archive}`,
    ]);
    const host = await languageHostOf(tools["pulumi"]!.path, { PATH: "" });
    expect((await execa(host!)).stdout).to.equal("host");
  });

  it("is not believed when it installs another version", async function () {
    this.timeout(20_000);
    const built: Tool["build"] = {
      seconds: 1,
      bytes: 1,
      run: async ({ folder }) => {
        await script(join(folder, "pulumi"), cli("built"));
        return "pulumi";
      },
    };
    const mirror = await startMirror({
      "get.pulumi.com/install.sh": installScript,
      [`${release}/${archive}`]: await archiveOf({
        "pulumi/pulumi": cli("v3.1.0"),
        "pulumi/pulumi-language-nodejs": "",
      }),
    });
    const { tools, events } = await ensure(
      { pulumi: { ...tool, build: built } },
      { env: process.env, downloads: mirror.url },
    );
    expect(tools["pulumi"]!.origin).to.equal("built");
    const note = events.find((event) => event.kind === "note")!;
    expect(note.text).to.match(/^Pulumi's installer failed: .*3\.1\.0.*; building it instead$/s);
  });

  it("is not started where the release can't be reached", async () => {
    const mirror = await startMirror({ "get.pulumi.com/install.sh": installScript });
    const standIn: Tool = { ...tool, standIn: "/nowhere" };
    const { tools } = await ensure({ pulumi: standIn }, { env: process.env, downloads: mirror.url });
    expect(tools["pulumi"]!.origin).to.equal("stand-in");
    expect(mirror.requests.filter((request) => request.startsWith("GET"))).to.deep.equal([]);
  });
});
