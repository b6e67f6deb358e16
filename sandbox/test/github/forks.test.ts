import { expect } from "chai";
import { strangerToken, World } from "./support";

describe("GitHub emulator: forks", () => {
  const world = new World();
  before(() => world.start());
  after(() => world.stop());

  const fork = (name: string, body: unknown, token?: string) =>
    world.call("POST", `/repos/samples/${name}/forks`, body, token);

  it("answers at once and brings the content a moment later", async () => {
    await world.sample("late");
    const source = (await world.call("GET", "/repos/samples/late/git/ref/heads/main")).body.object.sha;
    const answer = await fork("late", { organization: "acme", name: "copy" });
    expect(answer.status).to.equal(202);
    expect(answer.body).to.include({
      full_name: "acme/copy",
      fork: true,
      has_issues: false,
      visibility: "public",
    });
    expect(answer.body.parent.full_name).to.equal("samples/late");
    expect(answer.body.source.full_name).to.equal("samples/late");
    const early = await world.call("GET", "/repos/acme/copy/git/ref/heads/main");
    expect([early.status, early.body.message]).to.deep.equal([409, "Git Repository is empty."]);
    await world.github.settled();
    const now = await world.call("GET", "/repos/acme/copy/git/ref/heads/main");
    expect(now.body.object.sha).to.equal(source);
  });

  it("gives the same fork back when it is asked for twice", async () => {
    await world.sample("twice");
    const first = await fork("twice", { organization: "acme", name: "twice" });
    const second = await fork("twice", { organization: "acme", name: "twice" });
    expect(second.status).to.equal(202);
    expect(second.body.id).to.equal(first.body.id);
  });

  it("lets an organisation have a second fork under another name, a user only one", async () => {
    await world.sample("many");
    const names = async (body: object, token?: string) => (await fork("many", body, token)).body.full_name;
    expect(await names({ organization: "acme", name: "many" })).to.equal("acme/many");
    expect(await names({ organization: "acme", name: "more" })).to.equal("acme/more");
    expect(await names({ name: "many" }, strangerToken)).to.equal("stranger/many");
    expect(await names({ name: "more" }, strangerToken)).to.equal("stranger/many");
  });

  it("appends a number where the name belongs to something else", async () => {
    await world.sample("clash");
    await world.call("POST", "/orgs/acme/repos", { name: "clash" });
    expect((await fork("clash", { organization: "acme", name: "clash" })).body.full_name).to.equal(
      "acme/clash-1",
    );
  });

  it("remembers the root of a chain of forks", async () => {
    await world.sample("chain");
    await world.fork("chain");
    const second = await world.call("POST", "/repos/acme/chain/forks", {}, strangerToken);
    expect(second.body.parent.full_name).to.equal("acme/chain");
    expect(second.body.source.full_name).to.equal("samples/chain");
  });

  it("copies only the default branch on request", async () => {
    await world.sample("thin");
    await world.fork("thin");
    const sha = (await world.call("GET", "/repos/acme/thin/git/ref/heads/main")).body.object.sha;
    await world.call("POST", "/repos/acme/thin/git/refs", { ref: "refs/heads/dev", sha });
    await world.call("POST", "/repos/acme/thin/forks", { default_branch_only: true }, strangerToken);
    await world.call("POST", "/repos/acme/thin/forks", { organization: "acme", name: "thick" });
    await world.github.settled();
    const { branches } = await world.github.dump();
    const of = (name: string) => branches.filter((one) => one.repository === name).map((one) => one.branch);
    expect(of("stranger/thin")).to.deep.equal(["main"]);
    expect(of("acme/thick")).to.deep.equal(["dev", "main"]);
  });

  it("stays a fork when its parent is deleted", async () => {
    await world.sample("orphan");
    await world.fork("orphan");
    await world.call("POST", "/repos/acme/orphan/forks", {}, strangerToken);
    await world.github.settled();
    await world.call("DELETE", "/repos/acme/orphan");
    const { body } = await world.call("GET", "/repos/stranger/orphan", undefined, strangerToken);
    expect(body.fork).to.equal(true);
    expect(body).not.to.have.property("parent");
  });

  it("can't change its visibility", async () => {
    await world.sample("visible");
    await world.fork("visible");
    const { status, body } = await world.call("PATCH", "/repos/acme/visible", { visibility: "private" });
    expect(status).to.equal(422);
    expect(body.errors[0].message).to.equal(
      "For security reasons, you cannot change the visibility of a fork.",
    );
    expect((await world.call("PATCH", "/repos/acme/visible", { visibility: "public" })).status).to.equal(200);
  });

  it("is refused where there is nothing to fork, or no right to", async () => {
    await world.sample("refused");
    await world.call("POST", "/orgs/acme/repos", { name: "void" });
    const empty = await world.call("POST", "/repos/acme/void/forks", {}, strangerToken);
    expect([empty.status, empty.body.message]).to.deep.equal([
      403,
      "The repository exists, but it contains no Git content. Empty repositories cannot be forked.",
    ]);
    expect((await fork("nothing", { organization: "acme" })).status).to.equal(404);
    expect((await fork("refused", { organization: "acme" }, strangerToken)).status).to.equal(403);
    expect((await fork("refused", { organization: "nobody" })).status).to.equal(404);
    expect((await fork("refused", {}, "")).status).to.equal(401);
    expect((await fork("refused", { organization: "acme", branch: "x" })).status).to.equal(422);
    const user = await fork("refused", { organization: "stranger" });
    expect([user.status, user.body.message]).to.deep.equal([
      422,
      "'stranger' is the login for a user account. You must pass the login for an organization account.",
    ]);
    await world.fork("refused");
    const same = await world.call("POST", "/repos/acme/refused/forks", {
      organization: "acme",
      name: "refused",
    });
    expect(same.status).to.equal(403);
  });
});
