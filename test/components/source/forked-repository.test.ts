import { expect } from "chai";
import { ForkedRepository, type ForkedRepositoryArgs } from "../../../components/source/forked-repository";
import { branchRule, fullNameRule } from "../../../components/source/names";
import { failureOf, outputOf, record } from "../../support/mocks";

const type = "github:index/repository:Repository";
const fork: ForkedRepositoryArgs = { source: "ackone-samples/echo-server", owner: "acme" };
const lookup = "github:index/getRepository:getRepository";

describe("source/ForkedRepository", () => {
  it("forks under the source's name and archives instead of deleting", async () => {
    const graph = await record(() => new ForkedRepository("echo", fork));
    expect(graph.shape()).to.deep.equal(["ackone:source:ForkedRepository echo", `${type} echo-repository`]);
    expect(graph.one(type).parent).to.equal("echo");
    expect(graph.one(type).inputs).to.deep.equal({
      name: "echo-server",
      fork: "true",
      sourceOwner: "ackone-samples",
      sourceRepo: "echo-server",
      visibility: "public",
      description: "Fork of ackone-samples/echo-server",
      archiveOnDestroy: true,
    });
  });

  it("tells owner, name and addresses once the fork exists", async () => {
    const { result } = await record(
      () => new ForkedRepository("echo", { ...fork, name: "echo-fork", branch: "stable" }),
    );
    expect((await outputOf(result.fullName)).value).to.equal("acme/echo-fork");
    expect((await outputOf(result.owner)).value).to.equal("acme");
    expect((await outputOf(result.name)).value).to.equal("echo-fork");
    expect((await outputOf(result.httpsUrl)).value).to.equal("https://github.com/acme/echo-fork.git");
    expect((await outputOf(result.sshUrl)).value).to.equal("git@github.com:acme/echo-fork.git");
    expect((await outputOf(result.branch)).value).to.equal("stable");
  });

  it("doesn't claim to know a fork in its first preview", async () => {
    const graph = await record(() => new ForkedRepository("echo", fork), { preview: true });
    expect((await outputOf(graph.result.fullName)).known).to.equal(false);
    expect((await outputOf(graph.result.name)).known).to.equal(false);
    expect(graph.shape()).to.deep.equal((await record(() => new ForkedRepository("echo", fork))).shape());
    expect(graph.lookups).to.deep.equal([]);
  });

  it("passes visibility, description, protection and archiving on", async () => {
    const args = { ...fork, visibility: "internal", description: "Ours", archiveOnDestroy: false } as const;
    const graph = await record(() => new ForkedRepository("echo", args, { protect: true }));
    expect(graph.one(type).inputs).to.include({
      visibility: "internal",
      description: "Ours",
      archiveOnDestroy: false,
    });
    expect(graph.one(type).protect).to.equal(true);
  });

  it("uses a repository that exists without owning it", async () => {
    const graph = await record(() => new ForkedRepository("deploy", { existing: "acme/echo-deploy" }), {
      preview: true,
      calls: {
        [lookup]: ({ fullName }) => ({
          repoId: 7,
          fullName,
          httpCloneUrl: `https://git.example/${fullName}.git`,
          sshCloneUrl: `git@git.example:${fullName}.git`,
        }),
      },
    });
    expect(graph.shape()).to.deep.equal(["ackone:source:ForkedRepository deploy"]);
    expect((await outputOf(graph.result.httpsUrl)).value).to.equal(
      "https://git.example/acme/echo-deploy.git",
    );
    expect((await outputOf(graph.result.owner)).value).to.equal("acme");
    expect(graph.result.repository).to.equal(undefined);
  });

  it("says when the existing repository can't be seen, in the preview already", async () => {
    const make = () => new ForkedRepository("deploy", { existing: "acme/echo-deply" });
    expect(await failureOf(make, { preview: true })).to.equal(
      "deploy.existing: \"acme/echo-deply\" isn't there, or the GitHub token may not see it; check the name and the token's access",
    );
  });

  it("never replaces a fork, with what was committed to it, for news of its source", async () => {
    const graph = await record(() => new ForkedRepository("echo", fork));
    const { ignoreChanges } = graph.named("echo-repository");
    expect(ignoreChanges).to.deep.equal(["fork", "sourceOwner", "sourceRepo"]);
  });

  const refusals: [string, ForkedRepositoryArgs, string][] = [
    ["neither source nor repository", {}, "echo: give either a source to fork or an existing repository"],
    [
      "both",
      { ...fork, existing: "acme/echo" },
      "echo: give either a source to fork or an existing repository",
    ],
    [
      "a fork without owner",
      { source: "a/b" },
      "echo.owner: it is missing; say which user or organisation gets the fork",
    ],
    [
      "a URL",
      { ...fork, source: "https://github.com/ackone-samples/echo-server" },
      'echo.source: "https://github.com/ackone-samples/echo-server" is not a GitHub repository; write "owner/name", not a URL',
    ],
    [
      "an owner with a dot",
      { ...fork, owner: "acme.com" },
      'echo.owner: "acme.com" is not the name of a GitHub user or organisation; use 1 to 39 letters, digits and single hyphens',
    ],
    [
      "a fork in the account of its source",
      { ...fork, owner: "Ackone-Samples" },
      'echo.owner: "Ackone-Samples" owns ackone-samples/echo-server itself, so there is nothing to fork; use it as an existing repository',
    ],
    [
      "a name with .git",
      { ...fork, name: "echo.git" },
      'echo.name: "echo.git" is not the name of a GitHub repository; use 1 to 100 letters, digits, dots, underscores and hyphens, without .git',
    ],
    [
      "an unknown visibility",
      { ...fork, visibility: "secret" as "private" },
      'echo.visibility: "secret" is not a visibility of a GitHub repository; use public, private or internal',
    ],
    [
      "a branch with a space",
      { ...fork, branch: "my branch" },
      'echo.branch: "my branch" is not the name of a branch; use a name like "main" or "release/1.x"',
    ],
  ];
  for (const [what, args, sentence] of refusals) {
    it(`refuses ${what}`, async () =>
      expect(await failureOf(() => new ForkedRepository("echo", args))).to.equal(sentence));
  }

  it("knows which names Git and GitHub take", () => {
    expect(["main", "release/1.x", "feature-1"].map(branchRule)).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
    expect(
      ["-x", "a..b", "a.lock", "/a", "a/", "a//b", "a@{b", "a~1", ""].filter((name) => !branchRule(name)),
    ).to.deep.equal([]);
    expect(["a/b", "acme-prod/echo_server.x"].map(fullNameRule)).to.deep.equal([undefined, undefined]);
    expect(
      ["a", "a/b/c", "-a/b", "a--b/c", "a/..", `${"a".repeat(40)}/b`].filter((name) => !fullNameRule(name)),
    ).to.deep.equal([]);
  });
});
