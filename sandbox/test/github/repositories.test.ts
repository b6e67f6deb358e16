import { expect } from "chai";
import { strangerToken, World } from "./support";

describe("GitHub emulator: repositories", () => {
  const world = new World();
  before(() => world.start());
  after(() => world.stop());

  it("tells organisations from users", async () => {
    expect((await world.call("GET", "/orgs/acme")).body).to.include({ login: "acme", type: "Organization" });
    expect((await world.call("GET", "/orgs/acme-bot")).status).to.equal(404);
    expect((await world.call("GET", "/users/acme-bot")).body).to.include({ login: "acme-bot", type: "User" });
    expect((await world.call("GET", "/user")).body.login).to.equal("acme-bot");
  });

  it("creates, reads, changes and deletes a repository", async () => {
    const made = await world.call("POST", "/orgs/acme/repos", {
      name: "one",
      description: "first",
      visibility: "private",
      has_wiki: false,
    });
    expect(made.status).to.equal(201);
    expect(made.body).to.include({
      full_name: "acme/one",
      description: "first",
      private: true,
      visibility: "private",
      has_wiki: false,
      has_issues: true,
      default_branch: "main",
      archived: false,
      fork: false,
      clone_url: `${world.github.url}/acme/one.git`,
      html_url: `${world.github.url}/acme/one`,
    });
    const changes = { description: "second", visibility: "public", delete_branch_on_merge: true };
    const changed = await world.call("PATCH", "/repos/acme/one", changes);
    expect(changed.body).to.include({ ...changes, private: false });
    expect((await world.call("GET", "/repos/ACME/One")).body).to.include(changes);
    expect((await world.call("DELETE", "/repos/acme/one")).status).to.equal(204);
    expect((await world.call("GET", "/repos/acme/one")).status).to.equal(404);
  });

  it("renames a repository and keeps its content", async () => {
    await world.call("POST", "/orgs/acme/repos", { name: "before", auto_init: true });
    const renamed = await world.call("PATCH", "/repos/acme/before", { name: "after" });
    expect(renamed.body.full_name).to.equal("acme/after");
    expect((await world.call("GET", "/repos/acme/after/git/ref/heads/main")).status).to.equal(200);
  });

  it("replaces topics and refuses bad ones", async () => {
    await world.call("POST", "/orgs/acme/repos", { name: "topics" });
    const answer = await world.call("PUT", "/repos/acme/topics/topics", { names: ["b", "a"] });
    expect(answer.body).to.deep.equal({ names: ["a", "b"] });
    expect((await world.call("GET", "/repos/acme/topics")).body.topics).to.deep.equal(["a", "b"]);
    expect((await world.call("PUT", "/repos/acme/topics/topics", { names: ["Not good"] })).status).to.equal(
      422,
    );
  });

  it("switches vulnerability alerts", async () => {
    await world.call("POST", "/orgs/acme/repos", { name: "alerts" });
    const path = "/repos/acme/alerts/vulnerability-alerts";
    expect((await world.call("GET", path)).status).to.equal(404);
    expect((await world.call("PUT", path)).status).to.equal(204);
    expect((await world.call("GET", path)).status).to.equal(204);
    expect((await world.call("DELETE", path)).status).to.equal(204);
    expect((await world.call("GET", path)).status).to.equal(404);
  });

  it("refuses a name that is taken, whatever its case", async () => {
    await world.call("POST", "/orgs/acme/repos", { name: "taken" });
    const { status, body } = await world.call("POST", "/orgs/acme/repos", { name: "Taken" });
    expect(status).to.equal(422);
    expect(body.message).to.equal("Repository creation failed.");
    expect(body.errors).to.deep.equal([
      {
        resource: "Repository",
        code: "custom",
        field: "name",
        message: "name already exists on this account",
      },
    ]);
  });

  const badBodies: [what: string, body: unknown, message: string | RegExp][] = [
    ["no name", {}, "missing_field"],
    ["a name with a space", { name: "a b" }, /ASCII letters, digits/],
    ["a name of 101 characters", { name: "x".repeat(101) }, /maximum is 100 characters/],
    ["a name that ends in .git", { name: "x.git" }, /reserved/],
    ["an unknown property", { name: "x", colour: "red" }, '"colour" is not a permitted key.'],
    ["a text for a switch", { name: "x", has_wiki: "yes" }, "has_wiki must be a boolean"],
    ["an unknown visibility", { name: "x", visibility: "secret" }, /visibility must be one of/],
    [
      "internal visibility",
      { name: "x", visibility: "internal" },
      /Only organizations associated with an enterprise/,
    ],
    [
      "an unknown merge title",
      { name: "x", merge_commit_title: "BLANK" },
      /merge_commit_title must be one of/,
    ],
  ];
  for (const [what, body, message] of badBodies) {
    it(`refuses to create a repository with ${what}`, async () => {
      const answer = await world.call("POST", "/orgs/acme/repos", body);
      expect(answer.status).to.equal(422);
      const [error] = answer.body.errors;
      expect(error.message ?? error.code).to.match(
        message instanceof RegExp ? message : new RegExp(`^${message}$`),
      );
    });
  }

  it("refuses bodies that aren't JSON objects", async () => {
    expect((await world.call("POST", "/orgs/acme/repos", "{nonsense")).body.message).to.equal(
      "Problems parsing JSON",
    );
    const list = await world.call("POST", "/orgs/acme/repos", []);
    expect([list.status, list.body.message]).to.deep.equal([400, "Body should be a JSON object"]);
  });

  it("sets a default branch only to a branch that is there", async () => {
    await world.call("POST", "/orgs/acme/repos", { name: "branches", auto_init: true });
    const missing = await world.call("PATCH", "/repos/acme/branches", { default_branch: "dev" });
    expect(missing.body.errors[0].message).to.match(/^The branch dev was not found/);
    await world.call("POST", "/orgs/acme/repos", { name: "empty" });
    const empty = await world.call("PATCH", "/repos/acme/empty", { default_branch: "dev" });
    expect(empty.body.errors[0].message).to.match(/^Cannot update default branch for an empty repository/);
  });

  it("keeps an archived repository read-only until it is unarchived", async () => {
    await world.call("POST", "/orgs/acme/repos", { name: "old", auto_init: true });
    expect((await world.call("PATCH", "/repos/acme/old", { archived: true })).body.archived).to.equal(true);
    const refused = [
      await world.call("PATCH", "/repos/acme/old", { description: "new" }),
      await world.call("PUT", "/repos/acme/old/topics", { names: [] }),
      await world.call("POST", "/repos/acme/old/hooks", { config: { url: "http://127.0.0.1:1/" } }),
      await world.call("DELETE", "/repos/acme/old/git/refs/heads/dev"),
    ];
    for (const { status, body } of refused) {
      expect([status, body.message]).to.deep.equal([403, "Repository was archived so is read-only."]);
    }
    const back = await world.call("PATCH", "/repos/acme/old", { archived: false, description: "new" });
    expect(back.body).to.include({ archived: false, description: "new" });
    await world.call("PATCH", "/repos/acme/old", { archived: true });
    expect((await world.call("DELETE", "/repos/acme/old")).status).to.equal(204);
  });

  describe("access", () => {
    before(async () => {
      await world.call("POST", "/orgs/acme/repos", { name: "open" });
      await world.call("POST", "/orgs/acme/repos", { name: "closed", visibility: "private" });
    });

    it("refuses an unknown token everywhere", async () => {
      const { status, body } = await world.call("GET", "/repos/acme/open", undefined, "ghp_wrong");
      expect([status, body.message]).to.deep.equal([401, "Bad credentials"]);
    });

    it("shows public repositories to everybody and hides private ones", async () => {
      expect((await world.call("GET", "/repos/acme/open", undefined, "")).status).to.equal(200);
      expect((await world.call("GET", "/repos/acme/closed", undefined, "")).status).to.equal(404);
      expect((await world.call("GET", "/repos/acme/closed", undefined, strangerToken)).status).to.equal(404);
      expect((await world.call("DELETE", "/repos/acme/closed", undefined, strangerToken)).status).to.equal(
        404,
      );
    });

    it("lets only the owner's people change things", async () => {
      const stranger = await world.call("PATCH", "/repos/acme/open", { description: "mine" }, strangerToken);
      expect([stranger.status, stranger.body.message]).to.deep.equal([
        403,
        "Must have admin rights to Repository.",
      ]);
      expect((await world.call("DELETE", "/repos/acme/open", undefined, "")).status).to.equal(401);
      expect((await world.call("GET", "/repos/acme/open/hooks", undefined, strangerToken)).status).to.equal(
        403,
      );
      expect((await world.call("POST", "/orgs/acme/repos", { name: "x" }, strangerToken)).status).to.equal(
        403,
      );
      expect((await world.call("POST", "/orgs/nobody/repos", { name: "x" })).status).to.equal(404);
    });

    it("gives every user an account of his own", async () => {
      const made = await world.call("POST", "/user/repos", { name: "own" }, strangerToken);
      expect(made.body.full_name).to.equal("stranger/own");
      expect((await world.call("DELETE", "/repos/stranger/own")).status).to.equal(403);
    });
  });

  describe("answers", () => {
    it("say where an unknown path is documented", async () => {
      const { status, body } = await world.call("GET", "/repos/acme/open/actions/secrets");
      expect(status).to.equal(404);
      expect(body).to.deep.equal({
        message: "Not Found",
        documentation_url: "https://docs.github.com/rest",
        status: "404",
      });
    });

    it("carry a request id and the rate limit", async () => {
      const { headers } = await world.call("GET", "/user");
      const next = await world.call("GET", "/user");
      expect(headers.get("x-github-request-id")).to.match(/^[0-9A-F]{4}:[0-9A-F]{6}:[0-9A-F]+$/);
      expect(headers.get("x-ratelimit-limit")).to.equal("5000");
      const left = (from: Headers) => Number(from.get("x-ratelimit-remaining"));
      expect(left(headers) - left(next.headers)).to.equal(1);
    });

    it("are 304 as long as nothing has changed", async () => {
      await world.call("POST", "/orgs/acme/repos", { name: "etag" });
      const etag = (await world.call("GET", "/repos/acme/etag")).headers.get("etag") ?? "";
      const again = () =>
        world.call("GET", "/repos/acme/etag", undefined, undefined, { "if-none-match": etag });
      expect((await again()).status).to.equal(304);
      await world.call("PATCH", "/repos/acme/etag", { description: "changed" });
      expect((await again()).status).to.equal(200);
    });
  });
});
