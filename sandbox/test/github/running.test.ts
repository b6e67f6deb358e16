import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { waitFor } from "../../supervisor";
import { botToken, client, refusal, World } from "./support";

describe("GitHub emulator: running", () => {
  let world: World;
  beforeEach(async () => {
    world = await new World().start();
  });
  afterEach(() => world.stop());

  it("has everything after a restart, under the same address", async () => {
    await world.sample("app");
    await world.fork("app");
    const config = { url: "http://127.0.0.1:1/", content_type: "json", secret: "planted-secret" };
    await world.call("POST", "/repos/acme/app/hooks", { config });
    await world.call("PATCH", "/repos/acme/app", { archived: true });
    await world.github.settled();
    const before = await world.github.dump();
    const etag = (await world.call("GET", "/repos/acme/app")).headers.get("etag");
    const { port } = world.github;
    await world.github.stop();
    await world.start({ port });
    expect(world.github.port).to.equal(port);
    expect(await world.github.dump()).to.deep.equal(before);
    expect((await world.call("GET", "/repos/acme/app")).headers.get("etag")).to.equal(etag);
  });

  it("takes a further token of a user, until it is revoked", async () => {
    await world.sample("app");
    const read = () =>
      fetch(`${world.github.url}/api/v3/repos/samples/app`, {
        headers: { authorization: "Bearer ghp_second" },
      });
    expect((await read()).status).to.equal(401);
    world.github.addToken("ghp_second", "acme-bot");
    expect((await read()).status).to.equal(200);
    world.github.revokeToken("ghp_second");
    expect((await read()).status).to.equal(401);
    expect((await world.call("GET", "/repos/samples/app")).status).to.equal(200);
  });

  it("finishes after a restart the forks that it was still copying", async () => {
    await world.sample("app");
    await world.github.stop();
    await world.start({ forkDelay: 60_000 });
    await world.call("POST", "/repos/samples/app/forks", { organization: "acme", name: "app" });
    await world.github.stop();
    await world.start();
    await world.github.settled();
    expect((await world.call("GET", "/repos/acme/app/git/ref/heads/main")).status).to.equal(200);
  });

  it("starts again after a kill in the middle of a creation", async () => {
    await world.call("POST", "/orgs/acme/repos", { name: "half" });
    await world.github.stop();
    rmSync(join(world.home, "state", "repositories"), { recursive: true });
    await world.start();
    const branch = await world.call("GET", "/repos/acme/half/git/ref/heads/main");
    expect([branch.status, branch.body.message]).to.deep.equal([409, "Git Repository is empty."]);
  });

  it("shows what exists as tables", async () => {
    await world.sample("app");
    await world.fork("app");
    const hook = { config: { url: "http://127.0.0.1:1/", secret: "planted-secret" }, active: false };
    await world.call("POST", "/repos/acme/app/hooks", hook);
    const dump = await world.github.dump();
    const [fork, sample] = dump.repositories;
    expect(fork).to.include({
      name: "acme/app",
      forkOf: "samples/app",
      visibility: "public",
      archived: false,
    });
    expect(sample).to.include({ name: "samples/app", forkOf: "", defaultBranch: "main" });
    expect(dump.branches.map((one) => `${one.repository} ${one.branch}`)).to.deep.equal([
      "acme/app main",
      "samples/app main",
    ]);
    expect(dump.hooks).to.deep.equal([
      {
        repository: "acme/app",
        url: "http://127.0.0.1:1/",
        events: ["push"],
        active: false,
        secret: true,
        lastStatus: "",
      },
    ]);
    expect(JSON.stringify(dump)).not.to.include("planted-secret");
    expect(world.github.exists("acme", "app")).to.equal(true);
    expect(world.github.exists("acme", "nothing")).to.equal(false);
  });

  it("logs every call in order and no secret", async () => {
    await world.sample("app");
    await world.fork("app");
    const hook = { config: { url: "http://127.0.0.1:1/", secret: "planted-secret" } };
    await world.call("POST", "/repos/acme/app/hooks?access_token=planted-secret", hook);
    await world.clone("acme/app", `x-access-token:${botToken}`);
    const calls = world.github.calls();
    expect(calls.map((one) => `${one.method} ${one.path} ${one.status}`).slice(0, 3)).to.deep.equal([
      "POST /repos/samples/app/forks 202",
      "POST /repos/acme/app/hooks?access_token=******** 201",
      "GET /acme/app.git/info/refs?service=git-upload-pack 200",
    ]);
    expect(calls[1]).to.deep.include({
      login: "acme-bot",
      body: { config: { ...hook.config, secret: "********" } },
    });
    const file = readFileSync(join(world.home, "state", "calls.jsonl"), "utf8");
    expect(file.trim().split("\n")).to.have.length(calls.length);
    expect(file).not.to.include("planted-secret").and.not.to.include(botToken);
    expect(statSync(join(world.home, "state", "state.json")).mode & 0o077).to.equal(0);
  });

  it("says that its port is taken, and that its state is unreadable", async () => {
    const failure = async (start: Promise<unknown>) =>
      start.then(
        () => "it worked",
        (error: Error) => error.message,
      );
    const other = new World();
    expect(await failure(other.start({ port: world.github.port }))).to.match(/^port \d+ is in use/);
    writeFileSync(join(other.home, "state", "state.json"), "{half");
    expect(await failure(other.start())).to.match(
      /state.json is not JSON .*; delete it to start with no repositories/,
    );
    await other.start({ home: join(other.home, "second") });
    await other.stop();
  });

  describe("faults", () => {
    it("answer with an error so often as asked, for matching calls only", async () => {
      world.github.faults.add({
        method: "GET",
        path: "/orgs/*",
        status: 502,
        message: "Bad gateway",
        times: 2,
      });
      const statuses = [];
      for (const path of ["/user", "/orgs/acme", "/orgs/acme", "/orgs/acme"]) {
        statuses.push((await world.call("GET", path)).status);
      }
      expect(statuses).to.deep.equal([200, 502, 502, 200]);
    });

    it("refuse like GitHub's secondary rate limit", async () => {
      world.github.faults.add({ path: "/user", rateLimit: { status: 403, retryAfter: 7 }, times: 1 });
      const { status, headers, body } = await world.call("GET", "/user");
      expect([status, headers.get("retry-after")]).to.deep.equal([403, "7"]);
      expect(body.message).to.match(/secondary rate limit/);
      expect(body.documentation_url).to.match(/secondary-rate-limits$/);
    });

    it("lose the answer of a call that was carried out", async () => {
      world.github.faults.add({ method: "POST", path: "/orgs/acme/repos", lostReply: true, times: 1 });
      const lost = world.call("POST", "/orgs/acme/repos", { name: "made" });
      expect(
        await lost.then(
          () => "answered",
          () => "lost",
        ),
      ).to.equal("lost");
      expect((await world.call("GET", "/repos/acme/made")).status).to.equal(200);
      expect(world.github.calls().map((one) => one.status)).to.deep.equal([0, 200]);
    });

    it("answer late a call that was carried out", async () => {
      world.github.faults.add({ method: "POST", path: "/orgs/acme/repos", replyDelay: 60, times: 1 });
      const started = Date.now();
      expect((await world.call("POST", "/orgs/acme/repos", { name: "made" })).status).to.equal(201);
      expect(Date.now() - started).to.be.at.least(55);
    });

    it("delay, and hang until they are cleared", async () => {
      world.github.faults.add({ path: "/user", delay: 60, times: 1 });
      const started = Date.now();
      expect((await world.call("GET", "/user")).status).to.equal(200);
      expect(Date.now() - started).to.be.at.least(55);
      world.github.faults.add({ path: "/**", hang: true });
      const hanging = world.call("POST", "/orgs/acme/repos", { name: "never" }).then(
        () => "answered",
        () => "dropped",
      );
      const pause = new Promise((resolve) => setTimeout(() => resolve("waiting"), 50));
      expect(await Promise.race([hanging, pause])).to.equal("waiting");
      world.github.faults.clear();
      expect(await hanging).to.equal("dropped");
      expect((await world.call("GET", "/repos/acme/never")).status).to.equal(404);
    });

    it("hit git too: an error, a limit, and a push whose answer is lost", async () => {
      await world.sample("app");
      await world.fork("app");
      const folder = await world.clone("acme/app", `x-access-token:${botToken}`);
      world.github.faults.add({ path: "/acme/app.git/**", status: 503, times: 1 });
      expect(await refusal(["-C", folder, "fetch"])).to.match(/503/);
      world.github.faults.add({
        path: "/acme/app.git/**",
        rateLimit: { status: 429, retryAfter: 1 },
        times: 1,
      });
      expect(await refusal(["-C", folder, "fetch"])).to.match(/429/);
      const id = await world.commit(folder, "a.txt", "a\n");
      world.github.faults.add({ path: "/acme/app.git/git-receive-pack", lostReply: true, times: 1 });
      await refusal(["-C", folder, "push", "origin", "main"]);
      await world.github.settled();
      expect((await world.call("GET", "/repos/acme/app/git/ref/heads/main")).body.object.sha).to.equal(id);
      expect(await client(["-C", folder, "push", "origin", "main"])).to.equal("");
    });

    it("answer a push late: it has arrived while its client still waits, and the client may go", async () => {
      await world.sample("app");
      await world.fork("app");
      const folder = await world.clone("acme/app", `x-access-token:${botToken}`);
      const id = await world.commit(folder, "a.txt", "a\n");
      const push = "/acme/app.git/git-receive-pack";
      world.github.faults.add({ path: push, replyDelay: 600_000, times: 1 });
      const pushing = execa("git", ["-C", folder, "push", "origin", "main"], {
        reject: false,
        detached: true,
      });
      const tip = async () => (await world.call("GET", "/repos/acme/app/git/ref/heads/main")).body.object.sha;
      await waitFor("the push", async () => ((await tip()) === id ? undefined : "not yet"), {
        within: 10_000,
      });
      expect(pushing.exitCode).to.equal(null);
      // With git's own child, which is what waits.
      process.kill(-pushing.pid!, "SIGKILL");
      expect((await pushing).signal).to.equal("SIGKILL");

      const next = await world.commit(folder, "b.txt", "b\n");
      world.github.faults.add({ path: push, replyDelay: 60, times: 1 });
      const started = Date.now();
      expect(await client(["-C", folder, "push", "origin", "main"])).to.equal("");
      expect(Date.now() - started).to.be.at.least(55);
      expect(await tip()).to.equal(next);
    });

    it("need an effect", () => {
      expect(() => world.github.faults.add({ path: "/user" })).to.throw(/needs an effect/);
    });
  });
});
