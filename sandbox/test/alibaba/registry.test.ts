import { expect } from "chai";
import { Harness, vpc } from "./harness";

describe("the registry", () => {
  let harness: Harness;
  let id: string;
  before(async () => {
    harness = await Harness.start();
    id = await harness.instance();
  });
  after(() => harness.stop());

  const cr = (action: string, parameters: Record<string, unknown> = {}) =>
    harness.client.cr(action, { InstanceId: id, ...parameters });
  const code = async (action: string, parameters: Record<string, unknown> = {}) =>
    (await cr(action, parameters)).body["Code"];
  const rows = () => harness.emulator.dump();

  describe("namespaces", () => {
    const create = (NamespaceName: string) => code("CreateNamespace", { NamespaceName });

    it("are created, changed, listed and, asynchronously, deleted", async () => {
      expect(await create("team-a")).to.equal("success");
      const change = { NamespaceName: "team-a", AutoCreateRepo: true, DefaultRepoType: "PUBLIC" };
      expect(await code("UpdateNamespace", change)).to.equal("success");
      expect((await cr("GetNamespace", { NamespaceName: "team-a" })).body).to.include({
        NamespaceName: "team-a",
        AutoCreateRepo: true,
        DefaultRepoType: "PUBLIC",
      });
      const listed = await cr("ListNamespace", { NamespaceName: "team-a" });
      expect(listed.body).to.include({ TotalCount: "1" });
      expect(await code("DeleteNamespace", { NamespaceName: "team-a" })).to.equal("success");
      await harness.until(() => cr("GetNamespace", { NamespaceName: "team-a" }), {
        Code: "NAMESPACE_NOT_EXIST",
        IsSuccess: false,
      });
    });

    it("are unique in an instance", async () => {
      await create("unique");
      expect(await create("unique")).to.equal("NAMESPACE_ALREADY_EXIST");
      const other = await harness.instance("another");
      const there = await harness.client.cr("CreateNamespace", {
        InstanceId: other,
        NamespaceName: "unique",
      });
      expect(there.body).to.include({ Code: "success" });
    });

    for (const name of ["a", "a".repeat(121), "Team", "team-", "-team", "team_", "te am", "te/am"]) {
      it(`can't be called ${name.slice(0, 20)}`, async () => {
        expect(await create(name)).to.equal("InvalidParameter");
      });
    }

    it("are as many as the edition allows", async () => {
      const small = await harness.instance("small");
      const answers: unknown[] = [];
      for (let i = 0; i < 16; i++) {
        answers.push(
          (await harness.client.cr("CreateNamespace", { InstanceId: small, NamespaceName: `ns-${i}` })).body,
        );
      }
      expect(answers[14]).to.include({ Code: "success" });
      expect(answers[15]).to.include({ Code: "NAMESPACE_QUOTA_EXCEEDED" });
    });

    it("stay while they have repositories", async () => {
      await create("full");
      const repository = await harness.repository(id, "app", "full");
      expect(await code("DeleteNamespace", { NamespaceName: "full" })).to.equal("NAMESPACE_NOT_EMPTY");
      await cr("DeleteRepository", { RepoId: repository });
      expect(await code("DeleteNamespace", { NamespaceName: "full" })).to.equal("success");
    });
  });

  describe("repositories", () => {
    before(() => harness.namespace(id));
    const repository = (more: Record<string, unknown>) => ({
      RepoNamespaceName: "echo-dev",
      RepoName: "one",
      RepoType: "PRIVATE",
      Summary: "One",
      ...more,
    });

    it("are created, changed, read by id and by name, and deleted asynchronously", async () => {
      const { body } = await cr("CreateRepository", repository({ TagImmutability: true, Detail: "long" }));
      const RepoId = String(body["RepoId"]);
      expect(RepoId).to.match(/^crr-[a-z0-9]{16}$/);
      const change = { RepoId, RepoType: "PUBLIC", Summary: "Two", TagImmutability: false };
      expect(await code("UpdateRepository", change)).to.equal("success");
      const byName = await cr("GetRepository", { RepoNamespaceName: "echo-dev", RepoName: "one" });
      expect(byName.body).to.include({
        RepoId,
        RepoType: "PUBLIC",
        Summary: "Two",
        Detail: "long",
        TagImmutability: false,
      });
      expect((await cr("GetRepository", { RepoId })).body).to.include({ RepoName: "one" });
      const listed = await cr("ListRepository", { RepoNamespaceName: "echo-dev", RepoStatus: "ALL" });
      expect(listed.body).to.include({ TotalCount: "1" });
      expect((await cr("ListRepoTag", { RepoId })).body).to.deep.include({ TotalCount: "0", Images: [] });
      expect(await code("DeleteRepository", { RepoId })).to.equal("success");
      await harness.until(() => cr("GetRepository", { RepoId }), {
        Code: "REPO_NOT_EXIST",
        IsSuccess: false,
      });
      expect(await code("DeleteRepository", { RepoId })).to.equal("REPO_NOT_EXIST");
    });

    it("are unique in a namespace and need one", async () => {
      await cr("CreateRepository", repository({ RepoName: "unique" }));
      expect(await code("CreateRepository", repository({ RepoName: "unique" }))).to.equal(
        "REPO_ALREADY_EXIST",
      );
      expect(await code("CreateRepository", repository({ RepoNamespaceName: "none" }))).to.equal(
        "NAMESPACE_NOT_EXIST",
      );
    });

    for (const [what, more] of [
      ["a name of one character", { RepoName: "a" }],
      ["a name of 65 characters", { RepoName: "a".repeat(65) }],
      ["an upper-case name", { RepoName: "Echo" }],
      ["an unknown visibility", { RepoType: "SECRET" }],
      ["a summary of 101 characters", { Summary: "s".repeat(101) }],
    ] as const) {
      it(`are refused with ${what}`, async () => {
        expect(await code("CreateRepository", repository(more))).to.equal("InvalidParameter");
      });
    }

    it("are not created without a summary", async () => {
      expect(await code("CreateRepository", repository({ Summary: "" }))).to.equal("MissingSummary");
    });
  });

  describe("the internet endpoint", () => {
    const endpoint = { EndpointType: "Internet", ModuleName: "Registry" };
    const get = () => cr("GetInstanceEndpoint", endpoint);
    const entry = { ...endpoint, Entry: "198.51.100.0/24", Comment: "office" };

    it("has no allow-list before it is on", async () => {
      expect((await get()).body)
        .to.include({ Enable: false })
        .and.not.have.property("Status");
      expect(await code("CreateInstanceEndpointAclPolicy", entry)).to.equal("INSTANCE_ENDPOINT_NOT_EXIST");
    });

    it("is switched on, opened for entries, closed again and switched off", async () => {
      await harness.restart({ settings: { delays: { endpoint: 100 } } });
      expect(await code("UpdateInstanceEndpointStatus", { ...endpoint, Enable: true })).to.equal("success");
      expect((await get()).body).to.include({ Enable: true, Status: "CREATING" });
      expect(await code("CreateInstanceEndpointAclPolicy", entry)).to.equal("SLB_SERVICE_ERROR");
      const running = await harness.until(get, { Status: "RUNNING" });
      expect(running.body).to.deep.include({
        AclEnable: true,
        AclEntries: [{ Entry: "127.0.0.1/32", Comment: "default" }],
        Domains: [{ Type: "SYSTEM", Domain: "acme-dev-registry.cn-hangzhou.cr.aliyuncs.com" }],
      });
      expect(await code("UpdateInstanceEndpointStatus", { ...endpoint, Enable: true })).to.equal("success");
      expect((await get()).body).to.include({ Status: "RUNNING" });

      expect(await code("CreateInstanceEndpointAclPolicy", entry)).to.equal("success");
      expect(await code("CreateInstanceEndpointAclPolicy", entry)).to.equal("ACL_ENTRY_ALREADY_EXIST");
      const more = { ...endpoint, Entries: [{ Entry: "203.0.113.7/32", Comment: "ci" }] };
      expect(await code("CreateInstanceEndpointAclPolicy", more)).to.equal("success");
      expect(rows().aclEntries.map((each) => each.entry)).to.deep.equal([
        "127.0.0.1/32",
        "198.51.100.0/24",
        "203.0.113.7/32",
      ]);
      for (const Entry of ["198.51.100.0", "198.51.100.0/33", "host/24", "::1/128"]) {
        expect(await code("CreateInstanceEndpointAclPolicy", { ...endpoint, Entry })).to.equal(
          "InvalidParameter",
        );
      }
      const { Comment: _, ...gone } = entry;
      expect(await code("DeleteInstanceEndpointAclPolicy", gone)).to.equal("success");
      expect(await code("DeleteInstanceEndpointAclPolicy", gone)).to.equal("ACL_ENTRY_NOT_EXIST");

      const listed = await cr("ListInstanceEndpoint");
      expect(listed.body["Endpoints"]).to.have.nested.property("[0].EndpointType", "internet");
      expect(await code("UpdateInstanceEndpointStatus", { ...endpoint, Enable: false })).to.equal("success");
      expect((await get()).body).to.include({ Enable: false, Status: "DELETING" });
      await harness.until(get, { Status: undefined });
      expect(rows().endpoints).to.be.empty;
      await harness.restart();
    });
  });

  describe("VPC links", () => {
    const link = { VpcId: vpc.id, VswitchId: "vsw-bp1a", ModuleName: "Registry" };
    const get = () => cr("GetInstanceVpcEndpoint", { ModuleName: "Registry" });

    it("are created, listed and deleted", async () => {
      expect((await get()).body).to.deep.include({ Enable: true, LinkedVpcs: [] });
      const created = await cr("CreateInstanceVpcEndpointLinkedVpc", {
        ...link,
        EnableCreateDNSRecordInPvzt: true,
      });
      expect(created.body).to.include({ Code: "success" });
      await harness.until(async () => ({ status: 200, body: rows().vpcLinks[0] ?? {} }), {
        status: "RUNNING",
      });
      expect((await get()).body)
        .to.have.nested.property("LinkedVpcs[0]")
        .that.includes({
          VpcId: vpc.id,
          VswitchId: "vsw-bp1a",
          Status: "RUNNING",
        });
      expect(await code("CreateInstanceVpcEndpointLinkedVpc", link)).to.equal(
        "INSTANCE_ACCESS_ALREADY_EXIST",
      );
      expect(await code("DeleteInstanceVpcEndpointLinkedVpc", link)).to.equal("success");
      await harness.until(get, { LinkedVpcs: [] });
      expect(await code("DeleteInstanceVpcEndpointLinkedVpc", link)).to.equal("INSTANCE_ACCESS_NOT_EXIST");
    });

    it("need a network of the account", async () => {
      const create = (more: Record<string, unknown>) =>
        code("CreateInstanceVpcEndpointLinkedVpc", { ...link, ...more });
      expect(await create({ VpcId: "vpc-other" })).to.equal("InvalidVpcId.NotFound");
      expect(await create({ VswitchId: "vsw-other" })).to.equal("InvalidVSwitchId.NotFound");
    });
  });

  it("knows no instance that isn't there, whatever is asked", async () => {
    for (const [action, parameters] of [
      ["GetInstance", {}],
      ["GetInstanceUsage", {}],
      ["ListNamespace", {}],
      ["ListRepository", {}],
      ["ListInstanceEndpoint", {}],
      ["GetInstanceVpcEndpoint", {}],
      ["GetAuthorizationToken", {}],
      ["GetRepository", { RepoId: "crr-none" }],
    ] as const) {
      const answer = await harness.client.cr(action, { InstanceId: "cri-none", ...parameters });
      expect(answer, action).to.nested.include({ status: 200, "body.Code": "INSTANCE_NOT_EXIST" });
    }
  });
});
