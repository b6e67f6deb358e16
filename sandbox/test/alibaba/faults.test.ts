import { expect } from "chai";
import { Harness, vpc, waitFor } from "./harness";

describe("a fault", () => {
  let harness: Harness;
  before(async () => {
    harness = await Harness.start();
  });
  after(() => harness.stop());
  afterEach(() => harness.emulator.faults.clear());

  const list = () => harness.client.cr("ListInstance");
  const code = async (action: string) => (await harness.client.cr(action)).body["Code"];
  const failure = async (call: Promise<unknown>) =>
    call.then(
      () => expect.fail("the call was answered"),
      (error: Error) => error,
    );

  it("throttles as often as asked", async () => {
    harness.emulator.faults.set({ action: "ListInstance", kind: "throttle", times: 2 });
    for (let i = 0; i < 2; i++) {
      const answer = await list();
      expect(answer.status).to.equal(400);
      expect(answer.body).to.include({ Code: "Throttling.User" });
    }
    expect((await list()).body).to.include({ Code: "success" });
    expect(harness.emulator.calls().at(-2)?.faults).to.deep.equal(["throttle"]);
  });

  it("answers an error of any status and code", async () => {
    harness.emulator.faults.set({ action: "ListInstance", kind: "error", times: 1 });
    expect(await list()).to.have.property("status", 500);
    harness.emulator.faults.set({
      action: "ListInstance",
      kind: "error",
      status: 503,
      code: "ServiceUnavailable",
    });
    const answer = await list();
    expect(answer.status).to.equal(503);
    expect(answer.body).to.include({ Code: "ServiceUnavailable" });
  });

  it("answers a refusal of cr when the status is 200", async () => {
    harness.emulator.faults.set({
      action: "ListInstance",
      kind: "error",
      status: 200,
      code: "SLB_SERVICE_ERROR",
    });
    const answer = await list();
    expect(answer.status).to.equal(200);
    expect(answer.body).to.include({ Code: "SLB_SERVICE_ERROR", IsSuccess: false });
  });

  it("denies as each product does", async () => {
    harness.emulator.faults.deny("ListInstance");
    harness.emulator.faults.deny("adcp:DescribeHubClusters");
    harness.emulator.faults.deny("QueryAvailableInstances");
    harness.emulator.faults.deny("DescribeClusterDetail");
    harness.emulator.faults.deny("DescribeEndpoints");
    const { client } = harness;
    expect(await list())
      .to.deep.include({ status: 403 })
      .and.nested.include({ "body.Code": "NoPrivilege" });
    const fleet = await client.adcp("DescribeHubClusters");
    expect(fleet).to.nested.include({
      status: 403,
      "body.Code": "Forbidden.RAM",
      "body.AccessDeniedDetail.AuthAction": "adcp:DescribeHubClusters",
    });
    expect(await client.bss("QueryAvailableInstances")).to.nested.include({
      status: 403,
      "body.Code": "NotAuthorized",
    });
    expect(await client.cs("DescribeClusterDetail", "/clusters/c1")).to.nested.include({
      status: 403,
      "body.code": "Forbidden.RAM",
    });
    expect(await client.location("DescribeEndpoints")).to.nested.include({ status: 403 });
  });

  it("delays", async () => {
    harness.emulator.faults.set({ action: "*", kind: "delay", ms: 60 });
    expect((await list()).body).to.include({ Code: "success" });
    expect(harness.emulator.calls().at(-1)?.ms).to.be.at.least(55);
  });

  it("loses the reply after the work is done", async () => {
    const id = await harness.instance();
    harness.emulator.faults.set({ action: "CreateNamespace", kind: "lostReply", times: 1 });
    const create = { InstanceId: id, NamespaceName: "echo-dev" };
    expect(await failure(harness.client.cr("CreateNamespace", create))).to.be.an("error");
    expect(harness.emulator.dump().namespaces).to.have.length(1);
    expect((await harness.client.cr("CreateNamespace", create)).body).to.include({
      Code: "NAMESPACE_ALREADY_EXIST",
    });
  });

  it("answers late, after the work is done", async () => {
    const id = await harness.instance("acme-late");
    harness.emulator.faults.set({ action: "CreateNamespace", kind: "lateReply", ms: 60, times: 1 });
    const started = Date.now();
    const create = harness.client.cr("CreateNamespace", { InstanceId: id, NamespaceName: "echo-dev" });
    await waitFor(() => ({ ok: harness.emulator.dump().namespaces.length === 1, seen: "no namespace" }));
    expect((await create).body).to.include({ Code: "success" });
    expect(Date.now() - started).to.be.at.least(55);
  });

  it("hangs without doing anything", async () => {
    harness.emulator.faults.set({ action: "CreateHubCluster", kind: "hang", ms: 30, times: 1 });
    const request = { RegionId: "cn-hangzhou", VpcId: vpc.id, VSwitches: '["vsw-bp1a"]' };
    expect(await failure(harness.client.adcp("CreateHubCluster", request))).to.be.an("error");
    expect(harness.emulator.dump().fleets).to.be.empty;
  });

  it("that hangs for ever doesn't keep the emulator from stopping", async () => {
    harness.emulator.faults.set({ action: "ListInstance", kind: "hang" });
    const lost = failure(list());
    await harness.restart();
    expect(await lost).to.be.an("error");
    expect(await code("ListInstance")).to.equal("success");
  });

  it("is for one action, and cleared by its name", async () => {
    harness.emulator.faults.set({ action: "ListInstance", kind: "throttle" });
    harness.emulator.faults.set({ action: "GetInstance", kind: "throttle" });
    harness.emulator.faults.clear("ListInstance");
    expect(await code("ListInstance")).to.equal("success");
    expect(await code("GetInstance")).to.equal("Throttling.User");
    expect(harness.emulator.faults.list()).to.deep.equal([{ action: "GetInstance", kind: "throttle" }]);
  });
});
