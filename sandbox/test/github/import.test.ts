import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { client, World } from "./support";

const samples = fileURLToPath(new URL("../../samples", import.meta.url));

describe("GitHub emulator: repositories from outside", () => {
  const world = new World();
  before(() => world.start());
  after(() => world.stop());

  const add = (name: string, source: string, limit?: number) =>
    world.github.addRepository(name, source, { limit });
  const failure = async (work: Promise<unknown>) => {
    try {
      await work;
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("it worked");
  };

  it("makes one commit of a plain folder, without what its .gitignore names", async () => {
    const folder = world.folder({ "a.txt": "a\n", "noise.log": "x\n", ".gitignore": "*.log\n" });
    expect(await add("acme/plain", folder)).to.deep.equal({ defaultBranch: "main" });
    expect(existsSync(join(folder, ".git"))).to.equal(false);
    const clone = await world.clone("acme/plain");
    expect(readdirSync(clone).sort()).to.deep.equal([".git", ".gitignore", "a.txt"]);
    expect(await client(["-C", clone, "rev-list", "--count", "HEAD"])).to.equal("1\n");
  });

  it("puts a plain folder under a name, at a tag", async () => {
    const layout = { under: "manifests", tag: "v1.8.3" };
    await world.github.addRepository("acme/upstream", world.folder({ "a.yaml": "a\n" }), layout);
    const clone = await world.clone("acme/upstream");
    expect(readdirSync(join(clone, "manifests"))).to.deep.equal(["a.yaml"]);
    expect(await client(["-C", clone, "describe", "--tags"])).to.equal("v1.8.3\n");
  });

  it("gives equal folders equal commits", async () => {
    await add("acme/equal-1", world.folder({ "a.txt": "same\n" }));
    await add("acme/equal-2", world.folder({ "a.txt": "same\n" }));
    const head = async (name: string) =>
      (await world.call("GET", `/repos/${name}/git/ref/heads/main`)).body.object.sha;
    expect(await head("acme/equal-1")).to.equal(await head("acme/equal-2"));
  });

  it("takes every sample", async () => {
    for (const name of readdirSync(samples)) {
      await world.github.addRepository(`samples/${name}`, join(samples, name));
      expect(existsSync(join(await world.clone(`samples/${name}`), "README.md"))).to.equal(true);
    }
  });

  it("mirrors a Git repository on disk with its branches and tags", async () => {
    const folder = world.folder();
    await client(["init", "--quiet", "--initial-branch=trunk", folder]);
    await world.commit(folder, "a.txt", "a\n");
    await client(["-C", folder, "tag", "v1"]);
    await client(["-C", folder, "branch", "dev"]);
    writeFileSync(join(folder, "uncommitted.txt"), "x\n");
    expect(await add("acme/mirrored", folder)).to.deep.equal({ defaultBranch: "trunk" });
    const { branches, tags } = await world.github.dump();
    const of = <T extends { repository: string }>(rows: T[]) =>
      rows.filter((one) => one.repository === "acme/mirrored");
    expect(of(branches).map((one) => one.branch)).to.deep.equal(["dev", "trunk"]);
    expect(of(tags).map((one) => one.tag)).to.deep.equal(["v1"]);
    expect(existsSync(join(await world.clone("acme/mirrored"), "uncommitted.txt"))).to.equal(false);
  });

  it("mirrors from a URL and forgets where it came from", async () => {
    await world.sample("remote");
    const secret = "me:hidden-password";
    await add("acme/from-url", world.url("samples/remote").replace("samples/remote", "samples/remote"));
    await failure(add("acme/never", world.url("samples/nothing", secret)));
    const configs = readdirSync(join(world.home, "state", "repositories")).map((name) =>
      readFileSync(join(world.home, "state", "repositories", name, "config"), "utf8"),
    );
    expect(configs.join("\n")).not.to.match(/remote|hidden-password/);
    expect(world.github.exists("acme", "from-url")).to.equal(true);
  });

  const empty = () => {
    const folder = world.folder();
    mkdirSync(join(folder, "sub"));
    return join(folder, "sub");
  };
  const refused: [what: string, name: string, source: () => string, message: RegExp][] = [
    [
      "a folder that isn't there",
      "acme/x",
      () => "/no/such/folder",
      /^acme\/x: there is no folder "\/no\/such\/folder"$/,
    ],
    ["an empty folder", "acme/x", empty, /^acme\/x: the folder ".*" is empty$/],
    ["a file", "acme/x", () => join(world.folder({ f: "" }), "f"), /is a file; give a folder or the URL/],
    [
      "an unknown account",
      "nobody/x",
      () => samples,
      /there is no account "nobody"; use one of samples, acme, acme-bot, stranger$/,
    ],
    ["a name without owner", "x", () => samples, /^"x" is not owner\/name, such as acme\/echo-server$/],
    ["a bad name", "acme/a b", () => samples, /name can only contain ASCII letters/],
    [
      "a URL without a repository",
      "acme/x",
      () => world.url("samples/nothing", "me:hidden"),
      /samples\/nothing.git can't be cloned: /,
    ],
    [
      "a host that doesn't answer",
      "acme/x",
      () => "http://127.0.0.1:1/x.git",
      /can't be cloned: .*(refused|connect)/i,
    ],
  ];
  for (const [what, name, source, message] of refused) {
    it(`says what is wrong with ${what}, and leaves nothing behind`, async () => {
      const before = readdirSync(join(world.home, "state", "repositories"));
      const said = await failure(add(name, source()));
      expect(said).to.match(message);
      expect(said).not.to.include("hidden");
      expect(readdirSync(join(world.home, "state", "repositories"))).to.deep.equal(before);
      expect(world.github.exists("acme", "x")).to.equal(false);
    });
  }

  it("refuses a name that is there", async () => {
    await add("acme/there", world.folder({ a: "" }));
    expect(await failure(add("acme/there", world.folder({ a: "" })))).to.match(
      /name already exists on this account/,
    );
  });

  it("gives up on a URL that takes too long", async () => {
    const sockets = new Set<{ destroy(): void }>();
    const silent = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    const said = await failure(add("acme/slow", `http://127.0.0.1:${port}/x.git`, 300));
    expect(said).to.equal(`acme/slow: cloning http://127.0.0.1:${port}/x.git took longer than 0.3 s`);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });
});
