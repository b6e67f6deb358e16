import { expect } from "chai";
import { Harness, members } from "./harness";

describe("Container Service", () => {
  let harness: Harness;
  before(async () => {
    harness = await Harness.start();
  });
  after(() => harness.stop());
  const id = members[0]?.id ?? "";

  it("describes the clusters of the account over HTTPS", async () => {
    const one = await harness.client.cs("DescribeClusterDetail", `/clusters/${id}`);
    expect(one.body).to.include({ cluster_id: id, name: "one", state: "running", vpc_id: "vpc-bp1test" });
    const all = await harness.client.cs("DescribeClustersV1", "/api/v1/clusters", { page_size: "1" });
    expect(all.body).to.have.nested.property("page_info.total_count", 2);
    expect(all.body["clusters"]).to.have.length(1);
  });

  it("gives out kubeconfigs, for three years or temporary", async () => {
    const get = (query: Record<string, string> = {}) =>
      harness.client.cs("DescribeClusterUserKubeconfig", `/k8s/${id}/user_config`, query);
    expect((await get()).body).to.include({ expiration: "2030-01-01T00:00:00Z" });
    await get({ TemporaryDurationMinutes: "60", PrivateIpAddress: "false" });
    expect(harness.clusters.asked.filter((call) => call.startsWith("kubeconfig"))).to.deep.equal([
      `kubeconfig ${id} cluster-admin ${3 * 365 * 24 * 60 * 60}`,
      `kubeconfig ${id} cluster-admin 3600`,
    ]);
    expect(await get({ TemporaryDurationMinutes: "5" })).to.nested.include({
      status: 400,
      "body.code": "InvalidParameter",
    });
  });

  it("answers errors in its own form", async () => {
    const missing = await harness.client.cs("DescribeClusterDetail", "/clusters/c0");
    expect(missing).to.nested.include({ status: 404, "body.code": "ErrorClusterNotFound" });
    expect(missing.body).to.have.all.keys("status", "code", "message", "requestId");
    expect(await harness.client.cs("Nothing", "/nothing")).to.have.property("status", 404);
  });
});

describe("Location", () => {
  let harness: Harness;
  before(async () => {
    harness = await Harness.start();
  });
  after(() => harness.stop());

  it("sends clients to where the emulator listens", async () => {
    const find = async (ServiceCode: string) =>
      (
        await harness.client.location("DescribeEndpoints", {
          Id: "cn-hangzhou",
          ServiceCode,
          Type: "openAPI",
        })
      ).body;
    expect(await find("acr")).to.nested.include({
      "Endpoints.Endpoint[0].Endpoint": `127.0.0.1:${harness.emulator.httpPort}`,
      "Endpoints.Endpoint[0].Type": "openAPI",
    });
    expect(await find("cs")).to.nested.include({
      "Endpoints.Endpoint[0].Endpoint": `127.0.0.1:${harness.emulator.httpsPort}`,
    });
    expect(await find("ecs")).to.include({ Code: "InvalidServiceCode" });
  });
});
