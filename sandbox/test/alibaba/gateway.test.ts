import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Client } from "./client";
import { credentials, Harness, purchase } from "./harness";

describe("the OpenAPI gateway", () => {
  let harness: Harness;
  before(async () => {
    harness = await Harness.start();
  });
  after(() => harness.stop());

  const list = () => harness.client.cr("ListInstance");
  const cr = "2018-12-01";

  describe("checks who calls", () => {
    it("accepts Alibaba's own client with parameters in the query and in the form", async () => {
      expect((await list()).body).to.include({ Code: "success", IsSuccess: true, TotalCount: 0 });
      const form = await harness.client.v3Form("2022-01-01", "DescribeUserPermissions", { UserId: "1" });
      expect(form).to.have.nested.property("body.Permissions").that.is.empty;
    });

    it("accepts the older signature of the Go clients, whatever characters a value has", async () => {
      const answer = await harness.client.v1(cr, "ListInstance", { InstanceName: "a b*(ü)+~'!&=" });
      expect(answer.body).to.include({ Code: "success", TotalCount: 0 });
    });

    it("signs long lists in the order of the parameter names", async () => {
      const tags = Object.fromEntries(
        Array.from({ length: 12 }, (_, i) => [`ResourceId.${i + 1}`, `cri-${i}`]),
      );
      const answer = await harness.client.v1(cr, "ListTagResources", {
        RegionId: "cn-hangzhou",
        ResourceType: "Instance",
        ...tags,
      });
      expect(answer.body).to.include({ Code: "success" });
    });

    it("does not know other access keys", async () => {
      const stranger = new Client(harness.emulator, { ...credentials, accessKeyId: "other" }, "");
      const answer = await stranger.v1(cr, "ListInstance", {});
      expect(answer.status).to.equal(404);
      expect(answer.body).to.include({ Code: "InvalidAccessKeyId.NotFound" });
    });

    it("refuses a wrong secret in both signatures", async () => {
      const wrong = new Client(harness.emulator, { ...credentials, accessKeySecret: "other" }, "");
      for (const answer of [await wrong.cr("ListInstance"), await wrong.v1(cr, "ListInstance", {})]) {
        expect(answer.status).to.equal(400);
        expect(answer.body).to.include({ Code: "SignatureDoesNotMatch" });
      }
    });

    it("refuses old requests, repeated nonces and security tokens that it didn't hand out", async () => {
      const code = async (query: Record<string, string>) =>
        (await harness.client.v1(cr, "ListInstance", {}, { query })).body["Code"];
      expect(await code({ Timestamp: "2020-01-01T00:00:00Z" })).to.equal("InvalidTimeStamp.Expired");
      expect(await code({ SignatureNonce: "once" })).to.equal("success");
      expect(await code({ SignatureNonce: "once" })).to.equal("SignatureNonceUsed");
      expect(await code({ SecurityToken: "sts" })).to.equal("InvalidSecurityToken.Malformed");
    });

    it("accepts temporary credentials with their token", async () => {
      await harness.restart({ credentials: { ...credentials, securityToken: "sts" } });
      const query = { SecurityToken: "sts" };
      const answer = await harness.client.v1(cr, "ListInstance", {}, { query });
      expect(answer.body).to.include({ Code: "success" });
      await harness.restart();
    });
  });

  describe("checks what is called", () => {
    it("does not know actions that the product doesn't have", async () => {
      const answer = await harness.client.cr("CreateHubCluster");
      expect(answer.status).to.equal(404);
      expect(answer.body).to.include({ Code: "InvalidAction.NotFound" });
      expect(answer.body).to.have.all.keys("RequestId", "HostId", "Code", "Message", "Recommend");
    });

    it("does not take members of an object for actions", async () => {
      expect((await harness.client.cr("toString")).body).to.include({ Code: "InvalidAction.NotFound" });
    });

    it("does not know other versions", async () => {
      const answer = await harness.client.v3("2018-12-02", "ListInstance", {});
      expect(answer.status).to.equal(400);
      expect(answer.body).to.include({ Code: "InvalidVersion" });
    });

    it("names the parameter that is missing, also when it is empty", async () => {
      for (const parameters of [{}, { InstanceId: "" }]) {
        const answer = await harness.client.cr("GetInstance", parameters);
        expect(answer.status).to.equal(400);
        expect(answer.body).to.include({
          Code: "MissingInstanceId",
          Message: "InstanceId is mandatory for this action.",
        });
      }
    });

    const wrong: [string, string, Record<string, unknown>, string][] = [
      [
        "an unknown parameter",
        "ListInstance",
        { InstanceNames: "x" },
        "InstanceNames is not valid: the action has no",
      ],
      [
        "a word for a number",
        "ListInstance",
        { PageNo: "one" },
        "PageNo is not valid: one is not an integer",
      ],
      [
        "a page that is too large",
        "ListInstance",
        { PageSize: 101 },
        "PageSize is not valid: 101 is out of range",
      ],
      [
        "a boolean that is none",
        "UpdateInstanceEndpointStatus",
        { InstanceId: "i", EndpointType: "internet", Enable: "yes" },
        "Enable is not valid: yes is not true or false",
      ],
      [
        "a value out of a list of words",
        "GetInstanceEndpoint",
        { InstanceId: "i", EndpointType: "vpc" },
        "EndpointType is not valid: vpc is none of internet",
      ],
      [
        "an unknown member of a list",
        "TagResources",
        { RegionId: "r", ResourceType: "Instance", ResourceId: ["i"], Tag: [{ Key: "a", Valu: "b" }] },
        "Valu is not valid: the action has no such parameter",
      ],
      [
        "broken JSON",
        "CreateNamespace",
        { InstanceId: "i", NamespaceName: "n", DefaultRepoConfiguration: "{" },
        "DefaultRepoConfiguration is not valid: it is not JSON",
      ],
    ];
    for (const [what, action, parameters, message] of wrong) {
      it(`refuses ${what}`, async () => {
        const answer = await harness.client.cr(action, parameters);
        expect(answer.status).to.equal(400);
        expect(answer.body).to.include({ Code: "InvalidParameter" });
        expect(answer.body["Message"]).to.include(message);
      });
    }

    it("refuses JSON that isn't an array of strings", async () => {
      const answer = await harness.client.adcp("AttachClusterToHub", {
        ClusterId: "c",
        ClusterIds: '{"a":1}',
      });
      expect(answer.body).to.include({ Code: "InvalidParameter" });
    });
  });

  it("writes down every call with secrets masked", async () => {
    await harness.client.cr("ResetLoginPassword", { InstanceId: "cri-x", Password: "Sup3r-secret" });
    await harness.client.bss("CreateInstance", purchase("a", "Basic", { ClientToken: "token-1" }));
    const calls = harness.emulator.calls();
    expect(calls.at(-2)).to.deep.include({
      product: "cr",
      action: "ResetLoginPassword",
      params: { InstanceId: "cri-x", Password: "***" },
      status: 200,
      code: "INSTANCE_NOT_EXIST",
    });
    expect(calls.at(-1)?.params).to.include({ ClientToken: "token-1" });
    const lines = readFileSync(join(harness.folder, "calls.jsonl"), "utf8").trim().split("\n");
    expect(JSON.parse(lines.at(-1) ?? "")).to.deep.equal(calls.at(-1));
    expect(lines.join("\n")).not.to.include("Sup3r-secret").and.not.to.include(credentials.accessKeySecret);
  });
});
