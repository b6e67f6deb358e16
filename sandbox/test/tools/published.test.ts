import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { goProgram } from "../../tools/go-build";
import { pinnedFiles, publishedArchive, publishedProgram } from "../../tools/published";
import { type Tool, ToolError } from "../../tools/tool";
import { sumIn } from "../../tools/verified";
import {
  archiveOf,
  cleanUp,
  ensure,
  errorOf,
  fakeGo,
  sha256,
  startMirror,
  temporaryFolder,
} from "./surroundings";

const program = "#!/bin/sh\necho official\n";
const build = goProgram({
  module: "kubernetes",
  main: "example.com/apiserver",
  name: "apiserver",
  seconds: 1,
  bytes: 1,
});
const apiserver: Tool = {
  title: "API server",
  version: "1.2.3",
  download: publishedProgram("apiserver", {
    url: () => "https://dl.k8s.io/release/v1.2.3/apiserver",
    sums: () => "https://dl.k8s.io/release/v1.2.3/apiserver.sha256",
  }),
  build,
};

describe("a published program", () => {
  afterEach(cleanUp);

  it("is downloaded when its checksum is the published one", async () => {
    const go = await fakeGo();
    const mirror = await startMirror({
      "dl.k8s.io/release/v1.2.3/apiserver": program,
      "dl.k8s.io/release/v1.2.3/apiserver.sha256": sha256(program),
    });
    const { tools } = await ensure({ apiserver }, { env: go.env, downloads: mirror.url });
    expect(tools["apiserver"]).to.include({ version: "1.2.3", origin: "official" });
    expect((await execa(tools["apiserver"]!.path)).stdout).to.equal("official");
    expect(await go.builds()).to.equal(0);
  });

  it("is refused when its checksum is another one, and not built in its place", async () => {
    const go = await fakeGo();
    const cacheDir = await temporaryFolder();
    const mirror = await startMirror({
      "dl.k8s.io/release/v1.2.3/apiserver": "#!/bin/sh\necho evil\n",
      "dl.k8s.io/release/v1.2.3/apiserver.sha256": sha256(program),
    });
    const error = await errorOf(ensure({ apiserver }, { env: go.env, downloads: mirror.url, cacheDir }));
    expect(error).to.be.instanceOf(ToolError);
    expect(error.message).to.equal(
      `API server 1.2.3: ${mirror.url}/dl.k8s.io/release/v1.2.3/apiserver has the SHA-256 ${sha256("#!/bin/sh\necho evil\n")}, ` +
        `but ${mirror.url}/dl.k8s.io/release/v1.2.3/apiserver.sha256 says ${sha256(program)}. ` +
        "The file was deleted; something between its publisher and this machine changes it. " +
        "Try another network, or set ACKONE_TOOL_DOWNLOADS=off to do without downloads.",
    );
    expect(await go.builds()).to.equal(0);
    expect(await readdir(cacheDir)).to.deep.equal([]);
  });

  it("is not taken without a checksum, but built", async () => {
    const go = await fakeGo();
    const mirror = await startMirror({ "dl.k8s.io/release/v1.2.3/apiserver": program });
    const { tools, events } = await ensure({ apiserver }, { env: go.env, downloads: mirror.url });
    expect(tools["apiserver"]!.origin).to.equal("built");
    expect(events.filter((event) => event.kind === "note").map((event) => event.text)).to.deep.equal([
      `${mirror.url}/dl.k8s.io/release/v1.2.3/apiserver.sha256 has no checksum for apiserver; building it instead`,
    ]);
    expect(mirror.requests).not.to.include("GET /dl.k8s.io/release/v1.2.3/apiserver");
  });

  it("is taken out of its archive", async () => {
    const archive = await archiveOf({ "etcd-v1/etcd": program, "etcd-v1/etcdctl": "no" });
    const name = "etcd-v1.tar.gz";
    const etcd: Tool = {
      title: "etcd",
      version: "1",
      download: publishedArchive(() => "etcd-v1/etcd", {
        url: () => `https://github.com/etcd-io/etcd/${name}`,
        sums: () => "https://github.com/etcd-io/etcd/SHA256SUMS",
      }),
    };
    const mirror = await startMirror({
      [`github.com/etcd-io/etcd/${name}`]: archive,
      "github.com/etcd-io/etcd/SHA256SUMS": `${sha256("x")}  other.zip\n${sha256(archive)}  ${name}\n`,
    });
    const { tools } = await ensure({ etcd }, { env: {}, downloads: mirror.url });
    expect((await execa(tools["etcd"]!.path)).stdout).to.equal("official");
    expect((await readdir(join(tools["etcd"]!.path, ".."))).sort()).to.deep.equal(["etcd", "tool.json"]);
  });
});

describe("files with recorded checksums", () => {
  afterEach(cleanUp);

  const crds: Tool = {
    title: "CRDs",
    version: "1",
    download: pinnedFiles("https://raw.example.com/v1", {
      "crds/a.yaml": sha256("a"),
      "b.yaml": sha256("b"),
    }),
  };

  it("are a folder with the same paths", async () => {
    const mirror = await startMirror({
      "raw.example.com/v1/crds/a.yaml": "a",
      "raw.example.com/v1/b.yaml": "b",
    });
    const { tools } = await ensure({ crds }, { env: {}, downloads: mirror.url });
    expect(await readFile(join(tools["crds"]!.path, "crds", "a.yaml"), "utf8")).to.equal("a");
  });

  it("are refused when one of them is another one", async () => {
    const mirror = await startMirror({
      "raw.example.com/v1/crds/a.yaml": "a",
      "raw.example.com/v1/b.yaml": "x",
    });
    const error = await errorOf(ensure({ crds }, { env: {}, downloads: mirror.url }));
    expect(error.message).to.include(
      `b.yaml has the SHA-256 ${sha256("x")}, but this sandbox was tested with ${sha256("b")}`,
    );
  });
});

describe("a list of checksums", () => {
  const sum = sha256("x");

  it("may be nothing but the sum", () => {
    expect(sumIn(`${sum}\n`, "kubectl")).to.equal(sum);
  });

  it("is searched for the file's whole name", () => {
    const list = `${sha256("y")}  argocd-linux-amd64.sig\n${sum} *argocd-linux-amd64\n`;
    expect(sumIn(list, "argocd-linux-amd64")).to.equal(sum);
    expect(sumIn(list, "argocd-linux-arm64")).to.equal(undefined);
  });

  it("gives nothing when it is a page of a login portal", () => {
    expect(sumIn("<html>Welcome</html>", "kubectl")).to.equal(undefined);
  });
});
