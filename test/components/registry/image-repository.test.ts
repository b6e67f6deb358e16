import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { ImageRepository, type ImageRepositoryArgs } from "../../../components/registry/image-repository";
import { ForkedRepository } from "../../../components/source/forked-repository";
import { failureOf, outputOf, record } from "../../support/mocks";

const types = {
  repository: "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo",
  binding: "ackone:registry:SourceBinding",
  rule: "ackone:registry:BuildRule",
};

const base: ImageRepositoryArgs = {
  instanceId: "cri-1",
  namespaceName: "echo-dev",
  name: "echo-server",
  source: { owner: "acme", repository: "echo-server" },
};

const build = (args: Partial<ImageRepositoryArgs> = {}) => new ImageRepository("echo", { ...base, ...args });

describe("registry/ImageRepository", () => {
  it("is a repository, its source and one rule for releases", async () => {
    const graph = await record(() => build());
    expect(graph.shape()).to.deep.equal([
      `${types.rule} echo-rule-tag`,
      "ackone:registry:ImageRepository echo",
      `${types.binding} echo-source`,
      `${types.repository} echo-repository`,
    ]);
    expect(graph.one(types.repository).inputs).to.deep.equal({
      instanceId: "cri-1",
      namespace: "echo-dev",
      name: "echo-server",
      summary: "Images of echo-server",
      repoType: "PRIVATE",
      tagImmutability: false,
    });
    expect(graph.one(types.binding).inputs).to.deep.equal({
      instanceId: "cri-1",
      repoId: "crr-echo-server",
      codeRepoType: "GITHUB",
      codeRepoNamespace: "acme",
      codeRepoName: "echo-server",
      autoBuild: true,
      overseaBuild: true,
      disableCacheBuild: false,
    });
    expect(graph.one(types.rule).inputs).to.deep.equal({
      instanceId: "cri-1",
      repoId: "crr-echo-server",
      pushType: "GIT_TAG",
      pushName: "release-(?<imageTag>v[\\w.-]+)",
      imageTag: "${imageTag}",
      dockerfileLocation: "/",
      dockerfileName: "Dockerfile",
      platforms: ["linux/amd64"],
      buildArgs: {},
    });
    for (const resource of graph.resources) {
      expect(resource.parent, resource.name).to.equal(resource.name === "echo" ? undefined : "echo");
    }
  });

  it("makes rules after the source is bound", async () => {
    const graph = await record(() =>
      build({ rules: [{}, { on: "branch", pattern: "main", imageTag: "main" }] }),
    );
    for (const rule of graph.of(types.rule)) {
      expect(rule.dependencies, rule.name).to.deep.equal(["echo-repository", "echo-source"]);
    }
    expect(Object.keys(graph.result.rules)).to.deep.equal(["tag", "branch"]);
  });

  it("binds only to a fork that exists, and doesn't wait for it otherwise", async () => {
    const graph = await record(() => {
      const fork = new ForkedRepository("fork", { source: "ackone-samples/echo-server", owner: "acme" });
      return build({ source: { owner: fork.owner, repository: fork.name } });
    });
    expect(graph.named("echo-source").dependencies).to.deep.equal(["echo-repository", "fork-repository"]);
    expect(graph.named("echo-repository").dependencies).to.deep.equal([]);
  });

  it("builds inside the mainland when the source is there", async () => {
    const source = { owner: "acme", repository: "echo", type: "CODEUP" } as const;
    const graph = await record(() => build({ source }));
    expect(graph.one(types.binding).inputs).to.include({ codeRepoType: "CODEUP", overseaBuild: false });
  });

  it("passes the switches on", async () => {
    const graph = await record(() =>
      build({ build: { overseas: false, cache: false }, visibility: "PUBLIC", tagImmutability: true }),
    );
    expect(graph.one(types.binding).inputs).to.include({ overseaBuild: false, disableCacheBuild: true });
    expect(graph.one(types.repository).inputs).to.include({ repoType: "PUBLIC", tagImmutability: true });
  });

  it("knows its path in a preview", async () => {
    const graph = await record(() => build(), { preview: true });
    expect(await outputOf(graph.result.path)).to.include({ value: "echo-dev/echo-server", known: true });
  });

  it("registers the same in a preview", async () => {
    const make = () =>
      build({ instanceId: pulumi.output("cri-1"), rules: [{ name: "release" }, { name: "again" }] });
    const preview = await record(make, { preview: true });
    expect(preview.shape()).to.deep.equal((await record(make)).shape());
  });

  const refusals: [string, Partial<ImageRepositoryArgs>, string][] = [
    [
      "a name with a slash",
      { name: "echo/server" },
      'echo.name: "echo/server" is not a name for an image repository; use 2 to 64 lower-case letters, digits and ., _ and -, letters or digits at both ends',
    ],
    [
      "a source that ACR can't build from",
      { source: { owner: "acme", repository: "echo", type: "BITBUCKET" as "GITHUB" } },
      'echo.source.type: "BITBUCKET" is not a source that ACR can build from; use GITHUB, GITLAB, GITEE, CODE or CODEUP',
    ],
    [
      "two rules of one name",
      { rules: [{}, { pattern: "release-(?<imageTag>.*)" }] },
      'echo.rules[1].name: "tag" is the name of two rules; give each a name of its own',
    ],
    [
      "a glob",
      { rules: [{ pattern: "release-*" }] },
      'echo.rules[0].pattern: "release-*" is a glob, but ACR takes a regular expression; write "release-(?<imageTag>[\\w.-]+)"',
    ],
    [
      "a constant tag that may be pushed once",
      { tagImmutability: true, rules: [{ imageTag: "latest" }] },
      'echo.rules[0].imageTag: "latest" is the same for every build, and tagImmutability lets a tag be pushed once; use a group of the pattern',
    ],
    [
      "a long summary",
      { summary: "x".repeat(101) },
      `echo.summary: ${JSON.stringify("x".repeat(101))} has 101 characters; a repository's summary has 1 to 100`,
    ],
  ];
  for (const [what, args, sentence] of refusals) {
    it(`refuses ${what}`, async () => expect(await failureOf(() => build(args))).to.equal(sentence));
  }
});
