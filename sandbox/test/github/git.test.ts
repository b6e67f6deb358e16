import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { expect } from "chai";
import type { PushEvent } from "../../emulators/github/index";
import { botToken, client, refusal, strangerToken, World } from "./support";

describe("GitHub emulator: git over HTTP", () => {
  const world = new World();
  const events: PushEvent[] = [];
  const bot = `x-access-token:${botToken}`;
  before(async () => {
    await world.start({ onPush: (event) => void events.push(event) });
    await world.sample("app");
    await world.fork("app");
    await world.call("POST", "/orgs/acme/repos", { name: "secret", visibility: "private", auto_init: true });
  });
  beforeEach(() => events.splice(0));
  after(() => world.stop());

  it("clones a public repository without a token", async () => {
    const folder = await world.clone("samples/app");
    expect(readFileSync(join(folder, "README.md"), "utf8")).to.equal("# app\n");
  });

  it("clones without .git in the address too, and with protocol version 2", async () => {
    const folder = world.folder();
    await client(["-c", "protocol.version=2", "clone", "--quiet", `${world.github.url}/samples/app`, folder]);
    expect(existsSync(join(folder, "README.md"))).to.equal(true);
  });

  it("asks for a token before it shows a private repository", async () => {
    expect(await refusal(["ls-remote", world.url("acme/secret")])).to.match(/could not read Username/);
    expect(await refusal(["ls-remote", world.url("acme/secret", "me:ghp_wrong")])).to.match(
      /Authentication failed/,
    );
    expect(await refusal(["ls-remote", world.url("acme/secret", `me:${strangerToken}`)])).to.match(
      /not found/,
    );
    expect(await client(["ls-remote", world.url("acme/secret", bot)])).to.match(/refs\/heads\/main/);
  });

  it("takes the token as password of any user, or as user name alone", async () => {
    for (const credentials of [`acme-bot:${botToken}`, `whoever:${botToken}`, `${botToken}:x-oauth-basic`]) {
      expect(await client(["ls-remote", world.url("acme/secret", credentials)])).to.match(
        /refs\/heads\/main/,
      );
    }
  });

  it("doesn't tell strangers apart what is missing and what is hidden", async () => {
    expect(await refusal(["ls-remote", world.url("acme/nothing")])).to.match(/could not read Username/);
    expect(await refusal(["ls-remote", world.url("acme/nothing", bot)])).to.match(/not found/);
  });

  it("pushes, fetches and reports what changed", async () => {
    const folder = await world.clone("acme/app", bot);
    const other = await world.clone("acme/app");
    const before = (await client(["-C", folder, "rev-parse", "HEAD"])).trim();
    const after = await world.commit(folder, "new.txt", "new\n");
    await client(["-C", folder, "push", "--quiet", "origin", "main"]);
    await world.github.settled();
    await client(["-C", other, "pull", "--quiet"]);
    expect(existsSync(join(other, "new.txt"))).to.equal(true);
    expect(events).to.have.length(1);
    const [event] = events;
    expect(event).to.include({
      owner: "acme",
      name: "app",
      login: "acme-bot",
      ref: "refs/heads/main",
      before,
      after,
      created: false,
      deleted: false,
      forced: false,
    });
    expect(event?.commits).to.have.length(1);
    expect(event?.commits[0]).to.deep.include({ id: after, message: "Change new.txt", added: ["new.txt"] });
    expect(event?.headCommit?.id).to.equal(after);
    expect((await client(["-C", event?.gitFolder ?? "", "rev-parse", "main"])).trim()).to.equal(after);
  });

  it("takes a push larger than git's buffer, which comes in chunks", async () => {
    const folder = await world.clone("acme/app", bot);
    const noise = Array.from({ length: 2 ** 17 }, () => Math.random().toString(36)).join("");
    const id = await world.commit(folder, "big.txt", deflateSync(noise).toString("base64"));
    await client(["-C", folder, "-c", "http.postBuffer=65536", "push", "--quiet", "origin", "main"]);
    const head = await world.call("GET", "/repos/acme/app/git/ref/heads/main");
    expect(head.body.object.sha).to.equal(id);
  });

  it("reports tags, new branches, forced pushes and deletions", async () => {
    const folder = await world.clone("acme/app", bot);
    const push = async (...args: string[]) => {
      events.splice(0);
      await client(["-C", folder, "push", "--quiet", "origin", ...args]);
      await world.github.settled();
      return events;
    };
    const head = (await client(["-C", folder, "rev-parse", "HEAD"])).trim();
    await client(["-C", folder, "tag", "release-v1.0.0"]);
    const [light] = await push("release-v1.0.0");
    expect(light).to.include({ ref: "refs/tags/release-v1.0.0", created: true, after: head });
    expect(light?.commits).to.deep.equal([]);
    expect(light?.headCommit?.id).to.equal(head);

    await client(["-C", folder, "tag", "--annotate", "-m", "two", "release-v2.0.0"]);
    const [annotated] = await push("release-v2.0.0");
    expect(annotated?.after).not.to.equal(head);
    expect(annotated?.headCommit?.id).to.equal(head);

    await client(["-C", folder, "switch", "--quiet", "--create", "dev"]);
    const first = await world.commit(folder, "dev.txt", "1\n");
    const [created] = await push("dev");
    expect(created).to.include({ created: true, forced: false });
    expect(created?.commits.map((one) => one.id)).to.deep.equal([first]);

    await client(["-C", folder, "reset", "--quiet", "--hard", head]);
    await world.commit(folder, "dev.txt", "2\n");
    const [forced] = await push("--force", "dev");
    expect(forced).to.include({ forced: true, before: first });

    const [deleted] = await push("--delete", "dev");
    expect(deleted).to.include({ deleted: true, after: "0".repeat(40) });
    expect(deleted?.headCommit).to.equal(null);
  });

  it("reports no tags at all when more than three come at once, as GitHub does", async () => {
    const folder = await world.clone("acme/app", bot);
    for (const tag of ["t1", "t2", "t3", "t4"]) await client(["-C", folder, "tag", tag]);
    await client(["-C", folder, "push", "--quiet", "origin", "t1", "t2", "t3", "t4"]);
    await world.github.settled();
    expect(events).to.deep.equal([]);
  });

  it("refuses pushes without the right to write", async () => {
    const folder = await world.clone("acme/app");
    await world.commit(folder, "x.txt", "x\n");
    const push = (url: string) => refusal(["-C", folder, "push", url, "main"]);
    expect(await push(world.url("acme/app"))).to.match(/could not read Username/);
    expect(await push(world.url("acme/app", "me:ghp_wrong"))).to.match(/Authentication failed/);
    expect(await push(world.url("acme/app", `me:${strangerToken}`))).to.match(
      /Permission to acme\/app.git denied to stranger/,
    );
    expect(await push(world.url("samples/app", bot))).to.match(
      /Permission to samples\/app.git denied to acme-bot/,
    );
    await world.github.settled();
    expect(events).to.deep.equal([]);
  });

  it("refuses pushes that aren't fast-forward, and the deletion of the default branch", async () => {
    const folder = await world.clone("acme/app", bot);
    await client(["-C", folder, "commit", "--quiet", "--amend", "-m", "rewritten"]);
    expect(await refusal(["-C", folder, "push", "origin", "main"])).to.match(/non-fast-forward|fetch first/);
    expect(await refusal(["-C", folder, "push", "origin", "--delete", "main"])).to.match(
      /refusing to delete/,
    );
  });

  it("makes the first branch of an empty repository its default branch", async () => {
    await world.call("POST", "/orgs/acme/repos", { name: "fresh" });
    const folder = world.folder();
    await client(["init", "--quiet", "--initial-branch=trunk", folder]);
    await world.commit(folder, "a.txt", "a\n");
    await client(["-C", folder, "push", "--quiet", world.url("acme/fresh", bot), "trunk"]);
    await world.github.settled();
    expect((await world.call("GET", "/repos/acme/fresh")).body.default_branch).to.equal("trunk");
    expect(existsSync(join(await world.clone("acme/fresh"), "a.txt"))).to.equal(true);
  });

  it("lets nobody push to an archived repository", async () => {
    await world.call("POST", "/orgs/acme/repos", { name: "old", auto_init: true });
    const folder = await world.clone("acme/old", bot);
    await world.call("PATCH", "/repos/acme/old", { archived: true });
    await world.commit(folder, "x.txt", "x\n");
    expect(await refusal(["-C", folder, "push", "origin", "main"])).to.match(/archived so it is read-only/);
    await client(["-C", folder, "fetch", "--quiet"]);
  });

  it("serves nothing else", async () => {
    const status = async (path: string) => (await fetch(`${world.github.url}${path}`)).status;
    expect(await status("/samples/app.git/info/refs")).to.equal(403);
    expect(await status("/samples/app.git/HEAD")).to.equal(404);
    expect(await status("/samples/..%2f..%2fstate.json/info/refs?service=git-upload-pack")).to.equal(401);
    expect(await status("/")).to.equal(404);
  });
});
