import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, truncate } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "chai";
import { execa } from "execa";
import { goProgram } from "../../tools/go-build";
import { publishedProgram } from "../../tools/published";
import type { Tool } from "../../tools/tool";
import {
  breaksOff,
  cleanUp,
  ensure,
  errorOf,
  fakeGo,
  sandboxFolder,
  script,
  sha256,
  startMirror,
  startSilentServer,
  temporaryFolder,
} from "./surroundings";

function tool(name: string, more: Partial<Tool> = {}): Tool {
  const url = `https://dl.example.com/${name}`;
  return {
    title: `the ${name}`,
    version: "1.0.0",
    download: publishedProgram(name, { url: () => url, sums: () => `${url}.sha256` }),
    build: goProgram({ module: "kubernetes", main: `example.com/${name}`, name, seconds: 60, bytes: 1e9 }),
    ...more,
  };
}

describe("tools that are there already", () => {
  afterEach(cleanUp);

  it("cost no request and no build the second time", async () => {
    const go = await fakeGo();
    const cacheDir = await temporaryFolder();
    const catalog = { a: tool("a"), b: tool("b") };
    const mirror = await startMirror({ "dl.example.com/a": "A", "dl.example.com/a.sha256": sha256("A") });
    const first = await ensure(catalog, { cacheDir, env: go.env, downloads: mirror.url });
    mirror.requests.length = 0;
    const second = await ensure(catalog, { cacheDir, env: go.env, downloads: mirror.url });
    expect(second.tools).to.deep.equal(first.tools);
    expect(Object.values(second.tools).map((each) => each.origin)).to.deep.equal(["official", "built"]);
    expect(second.events.map((event) => event.kind)).to.deep.equal(["ready", "ready"]);
    expect(mirror.requests).to.deep.equal([]);
    expect(await go.builds()).to.equal(1);
  });

  it("are made again when their file was cut short", async () => {
    const go = await fakeGo();
    const cacheDir = await temporaryFolder();
    const { tools } = await ensure({ a: tool("a") }, { cacheDir, env: go.env, downloads: "off" });
    await truncate(tools["a"]!.path, 3);
    await ensure({ a: tool("a") }, { cacheDir, env: go.env, downloads: "off" });
    expect((await execa(tools["a"]!.path)).stdout).to.equal("built");
    expect(await go.builds()).to.equal(2);
  });

  it("are made again for another version, beside the old one", async () => {
    const go = await fakeGo();
    const cacheDir = await temporaryFolder();
    const old = await ensure({ a: tool("a") }, { cacheDir, env: go.env, downloads: "off" });
    const fresh = await ensure(
      { a: tool("a", { version: "2.0.0" }) },
      { cacheDir, env: go.env, downloads: "off" },
    );
    expect(fresh.tools["a"]!.version).to.equal("2.0.0");
    expect(await readFile(old.tools["a"]!.path, "utf8")).to.include("built");
  });
});

describe("a machine without official downloads", () => {
  afterEach(cleanUp);

  it("falls through within 10 seconds when servers take connections and say nothing, and says so", async function () {
    this.timeout(15_000);
    const go = await fakeGo();
    const downloads = await startSilentServer();
    const began = Date.now();
    const { tools, events } = await ensure({ a: tool("a"), b: tool("b") }, { env: go.env, downloads });
    expect(Date.now() - began).to.be.lessThan(10_000);
    expect(Object.values(tools).map((each) => each.origin)).to.deep.equal(["built", "built"]);
    const unreachable = events.find((event) => event.kind === "unreachable")!;
    expect(unreachable.reasons).to.deep.equal([`${new URL(downloads).host} did not answer`]);
  });

  it("falls through at once when nothing listens", async () => {
    const go = await fakeGo();
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    const { events } = await ensure({ a: tool("a") }, { env: go.env, downloads: `http://127.0.0.1:${port}` });
    // Not "did not answer", which is said when the limit is over.
    expect(events.find((event) => event.kind === "unreachable")!.reasons).to.deep.equal([
      `127.0.0.1:${port} refuses the connection`,
    ]);
  });

  it("falls through when the server does not have the file", async () => {
    const go = await fakeGo();
    const mirror = await startMirror({});
    const { tools, events } = await ensure({ a: tool("a") }, { env: go.env, downloads: mirror.url });
    expect(tools["a"]!.origin).to.equal("built");
    expect(events.map((event) => event.kind).filter((kind) => kind !== "progress")).to.deep.equal([
      "unreachable",
      "plan",
      "started",
      "ready",
    ]);
    expect(mirror.requests).to.deep.equal(["HEAD /dl.example.com/a"]);
  });

  it("falls through when a proxy forbids the download", async () => {
    const go = await fakeGo();
    const mirror = await startMirror({ "dl.example.com/a": 403 });
    const { events } = await ensure({ a: tool("a") }, { env: go.env, downloads: mirror.url });
    const { reasons } = events.find((event) => event.kind === "unreachable")!;
    expect(reasons).to.deep.equal([`${new URL(mirror.url).host} answers 403`]);
  });

  it("falls through when a download breaks off after the server had answered", async () => {
    const go = await fakeGo();
    const mirror = await startMirror({
      "dl.example.com/a": breaksOff,
      "dl.example.com/a.sha256": sha256("A"),
    });
    const { tools, events } = await ensure({ a: tool("a") }, { env: go.env, downloads: mirror.url });
    expect(tools["a"]!.origin).to.equal("built");
    const note = events.find((event) => event.kind === "note")!;
    expect(note.text).to.equal(`${new URL(mirror.url).host} closed the connection; building it instead`);
  });

  it("says what building will take before it begins", async () => {
    const go = await fakeGo();
    const { events } = await ensure({ a: tool("a"), b: tool("b") }, { env: go.env, downloads: "off" });
    const plan = events.find((event) => event.kind === "plan")!;
    expect(plan).to.deep.include({ downloads: [], builds: ["the a", "the b"], seconds: 120, bytes: 2e9 });
    expect(plan.freeBytes).to.be.greaterThan(0);
  });

  it("says what to install when there is no Go, before it downloads anything", async () => {
    const mirror = await startMirror({ "dl.example.com/a": "A", "dl.example.com/a.sha256": sha256("A") });
    const env = { PATH: await temporaryFolder() };
    const error = await errorOf(ensure({ a: tool("a"), b: tool("b") }, { env, downloads: mirror.url }));
    expect(error.message).to.equal(
      "the b can't be downloaded here and must be built from Go modules, and that needs Go, which is not on the PATH. " +
        "Install Go 1.25 or newer from https://go.dev/dl (macOS: brew install go) and start again; what is there already is kept.",
    );
    expect(mirror.requests.filter((request) => request.startsWith("GET"))).to.deep.equal([]);
  });

  it("says what to install when Go is too old to fetch a newer one", async () => {
    const folder = await temporaryFolder();
    await script(join(folder, "go"), "#!/bin/sh\necho go1.19.8\n");
    const env = { PATH: `${folder}:/usr/bin:/bin` };
    const error = await errorOf(ensure({ a: tool("a") }, { env, downloads: "off" }));
    expect(error.message).to.include(
      "needs Go 1.25 or newer; this is Go 1.19.8. Install one from https://go.dev/dl",
    );
  });

  it("takes the stand-in, and asks again for the real thing only when another source is set", async () => {
    const cacheDir = await temporaryFolder();
    const standIn = tool("plugin", { build: undefined, standIn: "/stand-in/plugin" });
    const empty = await startMirror({});
    const first = await ensure({ plugin: standIn }, { cacheDir, env: {}, downloads: empty.url });
    expect(first.tools["plugin"]).to.deep.equal({
      path: "/stand-in/plugin",
      version: "1.0.0",
      origin: "stand-in",
    });
    empty.requests.length = 0;
    await ensure({ plugin: standIn }, { cacheDir, env: {}, downloads: empty.url });
    expect(empty.requests).to.deep.equal([]);
    const full = await startMirror({
      "dl.example.com/plugin": "P",
      "dl.example.com/plugin.sha256": sha256("P"),
    });
    const second = await ensure({ plugin: standIn }, { cacheDir, env: {}, downloads: full.url });
    expect(second.tools["plugin"]!.origin).to.equal("official");
  });
});

describe("building", () => {
  afterEach(cleanUp);

  it("shows how many packages are done", async () => {
    const go = await fakeGo("sleep 1.3");
    const { events } = await ensure({ a: tool("a") }, { env: go.env, downloads: "off" });
    const all = events.filter((event) => event.kind === "progress");
    const progress = all.find(({ text }) => text.includes("packages, now"))!;
    expect(progress).to.include({
      step: "build",
      text: "1 of 2 packages, now example.com/one",
      expectedSeconds: 60,
    });
    expect(progress.fraction).to.be.closeTo(1 / 3, 0.001);
  });

  it("is done once by two runs at the same time, and the second says whom it waits for", async () => {
    const go = await fakeGo("sleep 0.5");
    const cacheDir = await temporaryFolder();
    const run = () => ensure({ a: tool("a") }, { cacheDir, env: go.env, downloads: "off" });
    const [one, two] = await Promise.all([run(), run()]);
    expect(one!.tools).to.deep.equal(two!.tools);
    expect(await go.builds()).to.equal(1);
    const notes = [...one!.events, ...two!.events].filter((event) => event.kind === "note");
    expect(notes.map((note) => note.text)).to.deep.equal([
      `process ${process.pid} is getting it already; waiting for it`,
    ]);
  });

  it("that was killed is done again, and leaves nothing behind", async () => {
    const cacheDir = await temporaryFolder();
    const begun = join(await temporaryFolder(), "begun");
    const hanging = await fakeGo(`echo half > "$out"; touch '${begun}'; exec sleep 600`);
    const main = join(sandboxFolder, "test", "tools", "build-until-killed.ts");
    const args = ["--import", "tsx", main, cacheDir, hanging.env["PATH"]!];
    const child = spawn(process.execPath, args, { cwd: sandboxFolder, detached: true, stdio: "inherit" });
    await waitFor(async () => (await readFile(begun).catch(() => undefined)) !== undefined);
    // The whole group: nobody is left to clean up.
    process.kill(-child.pid!, "SIGKILL");
    await once(child, "exit");
    expect(await readdir(cacheDir)).to.have.lengthOf(2);

    const go = await fakeGo();
    const { tools } = await ensure({ a: tool("a") }, { cacheDir, env: go.env, downloads: "off" });
    expect((await execa(tools["a"]!.path)).stdout).to.equal("built");
    const place = tools["a"]!.path.split("/").at(-2)!;
    expect(await readdir(cacheDir)).to.deep.equal([place]);
  });

  it("stops when its caller stops it, and clears away what it had", async () => {
    const cacheDir = await temporaryFolder();
    const go = await fakeGo("exec sleep 600");
    const stop = new AbortController();
    const run = errorOf(
      ensure({ a: tool("a") }, { cacheDir, env: go.env, downloads: "off", signal: stop.signal }),
    );
    await waitFor(async () => (await go.builds()) === 1);
    stop.abort();
    expect((await run).name).to.equal("AbortError");
    expect(await readdir(cacheDir)).to.deep.equal([]);
  });

  it("that fails shows the end of Go's output and stops the others", async () => {
    const go = await fakeGo('echo "x.go:1:1: syntax error: oh no" >&2; exit 1');
    const catalog = { a: tool("a"), b: tool("b"), c: tool("c") };
    const error = await errorOf(ensure(catalog, { env: go.env, downloads: "off" }));
    expect(error.message).to.match(
      /^the [abc] 1\.0\.0 could not be built: `go build` failed\.\nx\.go:1:1: syntax error: oh no$/,
    );
    expect(await go.builds()).to.equal(1);
  });

  for (const [output, sentence] of [
    [
      "write /tmp/x: no space left on device",
      "the disk is full. Go's caches are where `go env GOCACHE GOMODCACHE` says.",
    ],
    [
      "compile: signal: killed",
      "the machine ran out of memory. Building takes up to 5 GB; close something and start again.",
    ],
    [
      'Get "https://modules.example.com/x": dial tcp: lookup modules.example.com: no such host',
      "Go modules can't be downloaded from https://modules.example.com. Check the network and GOPROXY (`go env GOPROXY`).",
    ],
  ] as const) {
    it(`explains "${output}"`, async () => {
      const go = await fakeGo(`echo '${output}' >&2; exit 1`);
      const error = await errorOf(ensure({ a: tool("a") }, { env: go.env, downloads: "off" }));
      expect(error.message).to.equal(`the a 1.0.0 could not be built: ${sentence}`);
    });
  }

  it("takes one turn after the other", async () => {
    const folder = await temporaryFolder();
    const go = await fakeGo(`mkdir '${folder}/busy' && sleep 0.2 && rmdir '${folder}/busy' || exit 1`);
    const { tools } = await ensure(
      { a: tool("a"), b: tool("b"), c: tool("c") },
      { env: go.env, downloads: "off" },
    );
    expect(Object.keys(tools)).to.deep.equal(["a", "b", "c"]);
  });
});

describe("what a tool needs", () => {
  afterEach(cleanUp);

  it("is obtained before it, though nobody asked for it", async () => {
    const go = await fakeGo();
    const seen: string[] = [];
    const build = {
      ...tool("b").build!,
      run: async (...[place]: Parameters<NonNullable<Tool["build"]>["run"]>) => {
        seen.push(place.tools["a"]!.origin);
        return tool("b").build!.run(place);
      },
    };
    const catalog = { b: tool("b", { needs: ["a"], build }), a: tool("a") };
    const { tools } = await ensure(catalog, { env: go.env, downloads: "off" }, ["b"]);
    expect(Object.keys(tools)).to.deep.equal(["b"]);
    expect(seen).to.deep.equal(["built"]);
  });

  it("is not obtained for a tool that is there", async () => {
    const go = await fakeGo();
    const cacheDir = await temporaryFolder();
    await ensure({ b: tool("b") }, { cacheDir, env: go.env, downloads: "off" });
    await ensure(
      { b: tool("b", { needs: ["a"] }), a: tool("a") },
      { cacheDir, env: go.env, downloads: "off" },
      ["b"],
    );
    expect(await go.builds()).to.equal(1);
  });

  it("is taken in its place when it brings the tool along", async () => {
    const go = await fakeGo();
    const cli = tool("cli", {
      find: async () => ({ path: "/usr/bin/cli", version: "1.5.0", origin: "found" }),
    });
    const host = tool("host", {
      needs: ["cli"],
      cameWith: async ({ cli }) => ({ ...cli!, path: `${cli!.path}-host` }),
    });
    const { tools } = await ensure({ host, cli }, { env: go.env, downloads: "off" });
    expect(tools["host"]).to.deep.equal({ path: "/usr/bin/cli-host", version: "1.5.0", origin: "found" });
    expect(await go.builds()).to.equal(0);
  });

  it("has to be in the catalog", async () => {
    const error = await errorOf(ensure({ a: tool("a") }, { env: {}, downloads: "off" }, ["z"]));
    expect(error.message).to.equal("z is not a tool of the sandbox; there are a.");
  });
});

async function waitFor(condition: () => Promise<boolean>, limit = 10_000): Promise<void> {
  const end = Date.now() + limit;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not true within ${limit / 1000} s: ${condition}`);
    await wait(20);
  }
}
