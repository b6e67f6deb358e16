import { createHmac } from "node:crypto";
import { expect } from "chai";
import { botToken, client, type Json, receiver, World } from "./support";

describe("GitHub emulator: webhooks", () => {
  const world = new World();
  let target: Awaited<ReturnType<typeof receiver>>;
  before(async () => {
    await world.start();
    await world.sample("app");
    await world.fork("app");
  });
  beforeEach(async () => {
    target = await receiver();
  });
  afterEach(async () => {
    for (const { id } of (await hooks()).body) await world.call("DELETE", `/repos/acme/app/hooks/${id}`);
    await world.github.settled();
    await target.stop();
  });
  after(() => world.stop());

  const hooks = () => world.call("GET", "/repos/acme/app/hooks");
  const create = (config: object, more: object = {}) =>
    world.call("POST", "/repos/acme/app/hooks", {
      name: "web",
      config,
      events: ["push"],
      active: true,
      ...more,
    });
  const push = async (file: string) => {
    const folder = await world.clone("acme/app", `x-access-token:${botToken}`);
    const id = await world.commit(folder, file, `${Math.random()}\n`);
    await client(["-C", folder, "push", "--quiet", "origin", "main"]);
    await world.github.settled();
    return id;
  };

  it("are created, read without their secret, changed and deleted", async () => {
    const made = await create({ url: target.url, content_type: "json", insecure_ssl: "0", secret: "s3cret" });
    expect(made.status).to.equal(201);
    expect(made.body).to.deep.include({ name: "web", active: true, events: ["push"], type: "Repository" });
    expect(made.body.config).to.deep.equal({
      url: target.url,
      content_type: "json",
      insecure_ssl: "0",
      secret: "********",
    });
    const path = `/repos/acme/app/hooks/${made.body.id}`;
    const changed = await world.call("PATCH", path, {
      active: false,
      events: ["push", "create"],
      config: { url: target.url },
    });
    expect(changed.body).to.deep.include({ active: false, events: ["push", "create"] });
    expect(changed.body.config).to.deep.equal({ url: target.url, content_type: "form", insecure_ssl: "0" });
    expect((await world.call("GET", path)).body.active).to.equal(false);
    expect((await world.call("DELETE", path)).status).to.equal(204);
    expect((await world.call("GET", path)).status).to.equal(404);
  });

  it("get a ping when they are made", async () => {
    const made = await create({ url: target.url, content_type: "json" });
    await world.github.settled();
    expect(target.received).to.have.length(1);
    const [ping] = target.received;
    expect(ping?.headers["x-github-event"]).to.equal("ping");
    expect(JSON.parse(ping?.body ?? "")).to.deep.include({ hook_id: made.body.id });
    expect(JSON.stringify(ping)).not.to.include("s3cret");
  });

  it("get signed pushes with GitHub's payload", async () => {
    await create({ url: target.url, content_type: "json", secret: "s3cret" });
    await world.github.settled();
    const id = await push("hook.txt");
    const event = target.received[1];
    expect(event?.headers).to.include({ "x-github-event": "push", "content-type": "application/json" });
    expect(event?.headers["x-github-delivery"]).to.match(/^[0-9a-f-]{36}$/);
    expect(event?.headers["user-agent"]).to.match(/^GitHub-Hookshot\//);
    const signature = createHmac("sha256", "s3cret")
      .update(event?.body ?? "")
      .digest("hex");
    expect(event?.headers["x-hub-signature-256"]).to.equal(`sha256=${signature}`);
    const payload = JSON.parse(event?.body ?? "") as Json;
    expect(payload).to.include({
      ref: "refs/heads/main",
      after: id,
      created: false,
      deleted: false,
      forced: false,
    });
    expect(payload.repository).to.include({
      full_name: "acme/app",
      html_url: `${world.github.url}/acme/app`,
      clone_url: `${world.github.url}/acme/app.git`,
      default_branch: "main",
    });
    // Seconds, which strict receivers insist on; the time of the last change stays text.
    expect(payload.repository.created_at).to.be.closeTo(Date.now() / 1000, 60);
    expect(payload.repository.pushed_at).to.be.closeTo(Date.now() / 1000, 60);
    expect(payload.repository.updated_at).to.match(/^\d{4}-\d\d-\d\dT/);
    expect(payload.commits).to.have.length(1);
    expect(payload.commits[0]).to.deep.include({ id, added: ["hook.txt"], removed: [], modified: [] });
    expect(payload.head_commit.id).to.equal(id);
    expect(payload.pusher.name).to.equal("acme-bot");
  });

  it("get forms when they asked for forms, unsigned without a secret", async () => {
    await create({ url: target.url });
    await push("form.txt");
    const event = target.received[1];
    expect(event?.headers["content-type"]).to.equal("application/x-www-form-urlencoded");
    expect(event?.headers).not.to.have.property("x-hub-signature-256");
    const payload = new URLSearchParams(event?.body).get("payload") ?? "";
    expect(JSON.parse(payload).ref).to.equal("refs/heads/main");
  });

  it("hear of branches made through the API, and nothing while inactive or asked for other events", async () => {
    await create({ url: target.url, content_type: "json" });
    await create({ url: `${target.url}/off`, content_type: "json" }, { active: false });
    await create({ url: `${target.url}/other`, content_type: "json" }, { events: ["release"] });
    await world.github.settled();
    const pings = target.received.length;
    const sha = (await world.call("GET", "/repos/acme/app/git/ref/heads/main")).body.object.sha;
    await world.call("POST", "/repos/acme/app/git/refs", { ref: "refs/heads/by-api", sha });
    await world.call("DELETE", "/repos/acme/app/git/refs/heads/by-api");
    await world.github.settled();
    const events = target.received.slice(pings).map((one) => JSON.parse(one.body) as Json);
    const kinds = events.map(({ ref, created, deleted }) => [ref, created, deleted]);
    expect(kinds).to.have.deep.members([
      ["refs/heads/by-api", true, false],
      ["refs/heads/by-api", false, true],
    ]);
  });

  it("that can't be delivered don't hold up the push, and leave a record", async () => {
    const failing = await receiver(500);
    const dead = await receiver();
    await dead.stop();
    const first = await create({ url: failing.url, content_type: "json" });
    const second = await create({ url: dead.url, content_type: "json" });
    await push("undelivered.txt");
    await failing.stop();
    const deliveries = async (id: number) =>
      (await world.call("GET", `/repos/acme/app/hooks/${id}/deliveries`)).body as Json[];
    const [latest] = await deliveries(first.body.id);
    expect(latest).to.include({ event: "push", status_code: 500, status: "Invalid HTTP Response: 500" });
    expect((await deliveries(second.body.id)).map((one) => one.status_code)).to.deep.equal([0, 0]);
    const shown = await world.call("GET", `/repos/acme/app/hooks/${first.body.id}`);
    expect(shown.body.last_response).to.include({ code: 500 });
  });

  const refused: [what: string, body: object, message: RegExp][] = [
    ["no URL", { config: {} }, /missing_field/],
    ["a URL that is none", { config: { url: "argocd.example.com" } }, /not a valid http or https URL/],
    [
      "an unknown event",
      { config: { url: "http://127.0.0.1:1/" }, events: ["pushes"] },
      /unknown event: pushes/,
    ],
    ["no event", { config: { url: "http://127.0.0.1:1/" }, events: [] }, /at least one event/],
    [
      "an unknown format",
      { config: { url: "http://127.0.0.1:1/", content_type: "xml" } },
      /content_type must be one of/,
    ],
    ["another name", { name: "irc", config: { url: "http://127.0.0.1:1/" } }, /name must be 'web'/],
  ];
  for (const [what, body, message] of refused) {
    it(`are refused with ${what}`, async () => {
      const answer = await world.call("POST", "/repos/acme/app/hooks", body);
      expect(answer.status).to.equal(422);
      expect(answer.body.errors[0].message ?? answer.body.errors[0].code).to.match(message);
    });
  }

  it("are refused when the same one is there", async () => {
    await create({ url: target.url });
    const twin = await create({ url: target.url, content_type: "json" });
    expect(twin.status).to.equal(422);
    expect(twin.body.errors).to.deep.equal([
      { resource: "Hook", code: "custom", message: "Hook already exists on this repository" },
    ]);
  });
});
