import { expect } from "chai";
import { Harness, purchase } from "./harness";

describe("instances of the registry", () => {
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

  const buy = (name: string, edition = "Basic", more: Record<string, unknown> = {}) =>
    harness.client.bss("CreateInstance", purchase(name, edition, more));
  const release = (instanceId: string) =>
    harness.client.bss("RefundInstance", {
      ProductCode: "acr",
      ProductType: "acr_ee_public_cn",
      InstanceId: instanceId,
      ImmediatelyRelease: "1",
    });

  it("are bought, start, and are released with everything in them", async () => {
    await harness.restart({ settings: { delays: { instance: 100 } } });
    const bought = await buy("short-lived", "Advanced");
    expect(bought.body).to.include({ Code: "Success", Success: true });
    const instanceId = (bought.body["Data"] as { InstanceId: string }).InstanceId;
    const get = () => harness.client.cr("GetInstance", { InstanceId: instanceId });
    expect((await get()).body).to.include({
      InstanceName: "short-lived",
      InstanceSpecification: "Enterprise_Advanced",
      InstanceStatus: "PENDING",
    });
    expect((await harness.client.cr("ListNamespace", { InstanceId: instanceId })).body).to.include({
      Code: "INSTANCE_STATUS_NOT_SUPPORT",
    });
    await harness.until(get, { InstanceStatus: "STARTING" });
    await harness.until(get, { InstanceStatus: "RUNNING" });
    await harness.namespace(instanceId);
    await harness.repository(instanceId);
    expect((await release(instanceId)).body).to.include({ Code: "Success" });
    expect((await get()).body).to.include({ InstanceStatus: "DELETING" });
    const gone = await harness.until(get, { Code: "INSTANCE_NOT_EXIST" });
    expect(gone).to.nested.include({ status: 200, "body.IsSuccess": false });
    expect(rows().repositories).to.be.empty;
    expect(rows().namespaces).to.be.empty;
    expect((await release(instanceId)).body).to.include({ Code: "ResourceNotExists" });
    await harness.restart();
  });

  it("are bought once per ClientToken", async () => {
    const first = await buy("tokened", "Basic", { ClientToken: "same" });
    const second = await buy("tokened", "Basic", { ClientToken: "same" });
    const instanceId = (answer: typeof first) => (answer.body["Data"] as { InstanceId: string }).InstanceId;
    expect(instanceId(second)).to.equal(instanceId(first));
    expect(rows().instances.filter(({ name }) => name === "tokened")).to.have.length(1);
  });

  it("keep the terms of their subscription", async () => {
    await buy("auto", "Standard", { Period: 12, RenewalStatus: "AutoRenewal", RenewPeriod: 3 });
    await buy("flexible", "Economy", { SubscriptionType: "PayAsYouGo", Period: undefined });
    const query = async (name: string) => {
      const ids = rows().instances.find((each) => each.name === name)?.id;
      const answer = await harness.client.bss("QueryAvailableInstances", {
        ProductCode: "acr",
        ProductType: "acr_ee_public_cn",
        InstanceIDs: ids,
        Region: "cn-hangzhou",
      });
      return (answer.body["Data"] as { InstanceList: Record<string, unknown>[] }).InstanceList[0];
    };
    expect(await query("auto")).to.include({
      SubscriptionType: "Subscription",
      RenewStatus: "AutoRenewal",
      RenewalDuration: 3,
      Region: "cn-hangzhou",
    });
    expect(await query("flexible")).to.include({ SubscriptionType: "PayAsYouGo" });
    const manual = await query("acme-dev");
    expect(manual).to.include({ RenewStatus: "ManualRenewal" }).and.not.have.property("RenewalDuration");
    const years =
      Number(String((await query("auto"))?.["EndTime"]).slice(0, 4)) - new Date().getUTCFullYear();
    expect(years).to.equal(1);
  });

  const refused: [string, Record<string, unknown>, string, string][] = [
    ["no period", { Period: undefined }, "MissingPeriod", "Period"],
    ["a period that isn't sold", { Period: 11 }, "InvalidParameter", "11 is none of"],
    ["automatic renewal without a period", { RenewalStatus: "AutoRenewal" }, "MissingRenewPeriod", ""],
    ["another product", { ProductCode: "ecs" }, "InvalidParameter", "ecs is none of acr"],
    [
      "an unknown attribute",
      { Parameter: [{ Code: "Color", Value: "red" }] },
      "InvalidParameter",
      "acr has no attribute Color",
    ],
  ];
  for (const [what, more, expected, message] of refused) {
    it(`are not sold with ${what}`, async () => {
      const answer = await buy("refused", "Basic", more);
      expect(answer).to.nested.include({ status: 400, "body.Code": expected });
      expect(answer.body["Message"]).to.include(message);
    });
  }
  for (const [name, edition, message] of [
    ["ab", "Basic", "needs 3 to 30"],
    ["Acme", "Basic", "needs 3 to 30"],
    ["-acme", "Basic", "needs 3 to 30"],
    ["a".repeat(31), "Basic", "needs 3 to 30"],
    ["acme-dev", "Basic", "acme-dev is in use"],
    ["acme-gold", "Gold", "Gold is none of Economy, Basic, Standard, Advanced"],
  ] as const) {
    it(`are not sold as ${edition} under the name ${name}`, async () => {
      expect((await buy(name, edition)).body["Message"]).to.include(message);
    });
  }

  it("are found by name, in pages", async () => {
    const named = await harness.client.cr("ListInstance", { InstanceName: "acme-dev" });
    expect(named.body).to.include({ TotalCount: 1 });
    expect(named.body["Instances"]).to.have.nested.property("[0].InstanceId", id);
    const paged = await harness.client.cr("ListInstance", { PageNo: 2, PageSize: 1 });
    expect(paged.body).to.include({ PageNo: 2, PageSize: 1, TotalCount: rows().instances.length });
    expect(paged.body["Instances"]).to.have.length(1);
  });

  it("take a password that is strong enough, and keep no plaintext of it", async () => {
    expect(await code("ResetLoginPassword", { Password: "Passw0rd-1" })).to.equal("success");
    for (const Password of ["short1", "onlyletters", `Aa1-${"x".repeat(29)}`]) {
      expect(await code("ResetLoginPassword", { Password })).to.equal("InvalidParameter");
    }
    expect(rows().instances.find((each) => each.id === id)).to.include({ passwordSet: true });
  });

  it("have tags, a resource group, a usage and temporary logins", async () => {
    const tagged = {
      RegionId: "cn-hangzhou",
      ResourceType: "Instance",
      ResourceId: [id],
      InstanceId: undefined,
    };
    await cr("TagResources", {
      ...tagged,
      Tag: [
        { Key: "team", Value: "a" },
        { Key: "env", Value: "dev" },
      ],
    });
    await cr("UntagResources", { ...tagged, TagKey: ["env"] });
    const tags = await cr("ListTagResources", tagged);
    expect(tags.body["TagResources"]).to.deep.equal([
      { ResourceId: id, ResourceType: "Instance", TagKey: "team", TagValue: "a" },
    ]);
    await harness.client.cr("ChangeResourceGroup", {
      ResourceId: id,
      ResourceRegionId: "cn-hangzhou",
      ResourceGroupId: "rg-1",
    });
    expect((await cr("GetInstance")).body).to.deep.include({
      ResourceGroupId: "rg-1",
      Tags: [{ TagKey: "team", TagValue: "a" }],
    });
    expect((await cr("GetInstanceUsage")).body).to.include({ NamespaceQuota: "15", NamespaceUsage: "0" });
    const login = await cr("GetAuthorizationToken", { ExpiresInHours: 2 });
    expect(login.body).to.include({ TempUsername: "cr_temp_user" });
    expect(Number(login.body["ExpireTime"])).to.be.greaterThan(Date.now() + 7_100_000);
  });
});
