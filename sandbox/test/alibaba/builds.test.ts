import { expect } from "chai";
import { Harness } from "./harness";

describe("builds of the registry", () => {
  let harness: Harness;
  let id: string;
  let RepoId: string;
  before(async () => {
    harness = await Harness.start();
    id = await harness.instance();
    await harness.namespace(id);
  });
  after(() => harness.stop());
  let count = 0;
  beforeEach(async () => {
    RepoId = await harness.repository(id, `echo-${count++}`);
  });
  afterEach(() => {
    harness.emulator.faults.sourceAccountBound = true;
  });

  const cr = (action: string, parameters: Record<string, unknown> = {}) =>
    harness.client.cr(action, { InstanceId: id, RepoId, ...parameters });
  const code = async (action: string, parameters: Record<string, unknown> = {}) =>
    (await cr(action, parameters)).body["Code"];
  const source = { CodeRepoType: "GITHUB", CodeRepoNamespaceName: "acme", CodeRepoName: "echo-server" };
  const rule = { PushType: "GIT_TAG", PushName: "release-(?<imageTag>v[\\w.-]+)", ImageTag: "${imageTag}" };

  describe("a source binding", () => {
    it("is created, read with its booleans as text, and changed", async () => {
      const created = await cr("CreateRepoSourceCodeRepo", {
        ...source,
        AutoBuild: true,
        OverseaBuild: true,
      });
      expect(created.body).to.include({ Code: "success" });
      expect((await cr("GetRepoSourceCodeRepo")).body).to.include({
        CodeRepoNamespaceName: "acme",
        CodeRepoName: "echo-server",
        CodeRepoDomain: "https://github.com",
        AutoBuild: "true",
        OverseaBuild: "true",
        DisableCacheBuild: "false",
      });
      const changed = await cr("UpdateRepoSourceCodeRepo", { ...source, AutoBuild: "false" });
      expect(changed.body).to.include({ Code: "200", IsSuccess: true });
      expect((await cr("GetRepoSourceCodeRepo")).body).to.include({
        AutoBuild: "false",
        OverseaBuild: "true",
      });
    });

    it("is the only one of its repository", async () => {
      await cr("CreateRepoSourceCodeRepo", source);
      expect(await code("CreateRepoSourceCodeRepo", source)).to.equal("SOURCE_CODE_REPO_ALREADY_EXIST");
    });

    it("needs an account that somebody has bound in the console", async () => {
      harness.emulator.faults.sourceAccountBound = false;
      const refused = await cr("CreateRepoSourceCodeRepo", source);
      expect(refused).to.nested.include({
        status: 200,
        "body.Code": "SOURCE_ACCOUNT_NOT_BOUND",
        "body.IsSuccess": false,
      });
      harness.emulator.faults.sourceAccountBound = true;
      expect(await code("CreateRepoSourceCodeRepo", { ...source, CodeRepoType: "GITLAB" })).to.equal(
        "SOURCE_ACCOUNT_NOT_BOUND",
      );
      expect(await code("CreateRepoSourceCodeRepo", source)).to.equal("success");
    });

    it("needs a repository that exists", async () => {
      const missing = { ...source, CodeRepoName: "nothing" };
      expect(await code("CreateRepoSourceCodeRepo", missing)).to.equal("CODE_REPO_NOT_EXIST");
      expect(await code("CreateRepoSourceCodeRepo", { ...source, CodeRepoType: "SVN" })).to.equal(
        "InvalidParameter",
      );
    });

    it("can't be read or changed before it is there", async () => {
      expect(await code("GetRepoSourceCodeRepo")).to.equal("SOURCE_CODE_REPO_NOT_EXIST");
      expect(await code("UpdateRepoSourceCodeRepo", source)).to.equal("SOURCE_CODE_REPO_NOT_EXIST");
    });
  });

  describe("a build rule", () => {
    it("is created with defaults, changed in part, listed and deleted", async () => {
      await cr("CreateRepoSourceCodeRepo", source);
      const { body } = await cr("CreateRepoBuildRule", { ...rule, BuildArgs: ["A=1", "B=x=y"] });
      const BuildRuleId = String(body["BuildRuleId"]);
      expect(BuildRuleId).to.match(/^crbr-/);
      const expected = {
        BuildRuleId,
        ...rule,
        DockerfileLocation: "/",
        DockerfileName: "Dockerfile",
        Platforms: ["linux/amd64"],
        BuildArgs: ["A=1", "B=x=y"],
      };
      const rules = async () => (await cr("ListRepoBuildRule", { PageNo: 1, PageSize: 100 })).body;
      expect(await rules()).to.deep.include({ TotalCount: "1", BuildRules: [expected] });
      await cr("UpdateRepoBuildRule", { BuildRuleId, ImageTag: "latest", Platforms: ["linux/arm64"] });
      expect((await rules())["BuildRules"]).to.deep.equal([
        { ...expected, ImageTag: "latest", Platforms: ["linux/arm64"] },
      ]);
      expect(await code("DeleteRepoBuildRule", { BuildRuleId })).to.equal("success");
      expect(await code("DeleteRepoBuildRule", { BuildRuleId })).to.equal("BUILD_RULE_NOT_EXIST");
      expect(await code("UpdateRepoBuildRule", { BuildRuleId })).to.equal("BUILD_RULE_NOT_EXIST");
    });

    it("can be there twice", async () => {
      await cr("CreateRepoSourceCodeRepo", source);
      await cr("CreateRepoBuildRule", rule);
      await cr("CreateRepoBuildRule", rule);
      expect((await cr("ListRepoBuildRule")).body).to.include({ TotalCount: "2" });
    });

    it("needs a source binding and a pattern that can be read", async () => {
      expect(await code("CreateRepoBuildRule", rule)).to.equal("SOURCE_CODE_REPO_NOT_EXIST");
      await cr("CreateRepoSourceCodeRepo", source);
      expect(await code("CreateRepoBuildRule", { ...rule, PushName: "release-(" })).to.equal(
        "InvalidParameter",
      );
      expect(await code("CreateRepoBuildRule", { ...rule, PushType: "PUSH" })).to.equal("InvalidParameter");
      expect(await code("CreateRepoBuildRule", { ...rule, ImageTag: "" })).to.equal("MissingImageTag");
    });

    it("goes with its repository", async () => {
      await cr("CreateRepoSourceCodeRepo", source);
      await cr("CreateRepoBuildRule", rule);
      await cr("DeleteRepository");
      await harness.until(() => cr("GetRepository"), { Code: "REPO_NOT_EXIST" });
      expect(harness.emulator.dump().rules.filter(({ repository }) => repository.endsWith(`-${count - 1}`)))
        .to.be.empty;
    });
  });

  it("are wanted by a push that matches a rule of a bound repository", async () => {
    const bound = { ...source, CodeRepoName: "echo-web" };
    await cr("CreateRepoSourceCodeRepo", { ...bound, AutoBuild: true });
    await cr("CreateRepoBuildRule", rule);
    await cr("CreateRepoBuildRule", { PushType: "GIT_BRANCH", PushName: "main", ImageTag: "edge" });
    const tags = (type: "GIT_TAG" | "GIT_BRANCH", name: string) =>
      harness.emulator
        .buildsFor({ owner: "acme", repository: "echo-web", type, name })
        .map(({ imageTag }) => imageTag);
    expect(tags("GIT_TAG", "release-v1.2.3")).to.deep.equal(["v1.2.3"]);
    expect(tags("GIT_BRANCH", "main")).to.deep.equal(["edge"]);
    expect(tags("GIT_BRANCH", "release-v1.2.3")).to.be.empty;
    expect(tags("GIT_TAG", "my-release-v1.2.3")).to.be.empty;
    await cr("UpdateRepoSourceCodeRepo", { ...bound, AutoBuild: "false" });
    expect(tags("GIT_TAG", "release-v1.2.3")).to.be.empty;
  });
});
