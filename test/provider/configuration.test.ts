import { expect } from "chai";
import { endpointOf, protocolOf } from "../../provider/openapi/endpoint";
import { checkConfiguration } from "../../provider/plugin/configuration";
import { Secret } from "../../provider/plugin/values";
import { Cloud } from "./cloud";
import { useProvider } from "./fixture";
import { failureOf, Plugin } from "./plugin";

describe("provider configuration", () => {
  const fixture = useProvider();

  it("needs a region, from the configuration or from the environment", () => {
    const { failures } = checkConfiguration({}, {});
    expect(failures).to.deep.equal([
      {
        property: "region",
        reason: "is missing: give the provider a region, or set ALIBABA_CLOUD_REGION_ID",
      },
    ]);
    for (const name of ["ALIBABA_CLOUD_REGION_ID", "ALIBABA_CLOUD_REGION", "ALICLOUD_REGION"]) {
      expect(checkConfiguration({}, { [name]: "cn-hangzhou" }).inputs).to.deep.equal({
        region: "cn-hangzhou",
      });
    }
  });

  it("names what is wrong", async () => {
    const { failures } = await fixture.plugin.checkConfig({
      region: "Hangzhou",
      accessKey: "key",
      protocol: "http",
      endpoint: "x",
    });
    expect(failures).to.deep.equal([
      "endpoint: is not an input; the inputs are region, accessKey, secretKey, securityToken, protocol, endpoints",
      'region: "Hangzhou" is not a region id, such as cn-hangzhou',
      'protocol: "http" is not one of its values; use HTTP or HTTPS',
      "secretKey: is missing: accessKey and secretKey go together",
    ]);
  });

  it("makes credentials secret although nobody marked them", async () => {
    const { inputs, failures } = await fixture.plugin.checkConfig({
      region: "cn-hangzhou",
      accessKey: "key",
      secretKey: "secret",
    });
    expect(failures).to.deep.equal([]);
    expect(inputs["secretKey"]).to.deep.equal(new Secret("secret"));
    expect(inputs["accessKey"]).to.deep.equal(new Secret("key"));
  });

  it("reads endpoints from the JSON text of a stack file, whatever products they are for", async () => {
    const { inputs, failures } = await fixture.plugin.checkConfig({
      region: "cn-hangzhou",
      endpoints: '{"cr":"127.0.0.1:1","bssopenapi":"127.0.0.1:2"}',
    });
    expect(failures).to.deep.equal([]);
    expect(inputs["endpoints"]).to.deep.equal({ cr: "127.0.0.1:1", bssopenapi: "127.0.0.1:2" });
  });

  it("replaces what it manages when the region changes, and nothing when credentials change", async () => {
    const olds = { region: "cn-hangzhou", accessKey: "a", secretKey: "b" };
    const { plugin } = fixture;
    expect((await plugin.diffConfig(olds, { ...olds, region: "cn-beijing" })).replaces).to.deep.equal([
      "region",
    ]);
    const rotated = await plugin.diffConfig(olds, { ...olds, secretKey: "c" });
    expect([rotated.properties, rotated.replaces]).to.deep.equal([{ secretKey: "UPDATE" }, []]);
  });

  it("finds a host in the configuration, the environment, the region, in this order", () => {
    const env = {
      ALIBABA_CLOUD_ENDPOINT_ADCP: "one:1",
      ADCP_ENDPOINT: "two:2",
      CR_ENDPOINT: "https://three/",
    };
    const settings = { region: "cn-hangzhou", endpoints: { adcp: "zero:0" } };
    expect(endpointOf("adcp", settings, env)).to.equal("zero:0");
    expect(endpointOf("adcp", { region: "cn-hangzhou" }, env)).to.equal("one:1");
    expect(endpointOf("cr", settings, env)).to.equal("three");
    expect(endpointOf("cs", settings, env)).to.equal("cs.cn-hangzhou.aliyuncs.com");
  });

  it("calls cs over HTTPS only", () => {
    const settings = { region: "cn-hangzhou", protocol: "HTTP" } as const;
    expect([protocolOf("cr", settings), protocolOf("cs", settings)]).to.deep.equal(["HTTP", "HTTPS"]);
    expect(protocolOf("cr", { region: "cn-hangzhou" })).to.equal("HTTPS");
  });

  it("says which host doesn't answer, and what overrides it", async () => {
    const cloud = await Cloud.start();
    const plugin = await Plugin.start(cloud);
    await cloud.stop();
    const message = await failureOf(plugin.read("ackone:registry:BuildRule", "cri-a:crr-b:crbr-c"));
    expect(message).to.equal(
      `cr ListRepoBuildRule failed: ECONNREFUSED: connect ECONNREFUSED ${cloud.host}. No answer from ${cloud.host}. ` +
        "Check the region, the network and the proxy; ALIBABA_CLOUD_ENDPOINT_CR overrides the host. Tried 4 times.",
    );
    await plugin.stop();
  });

  it("says that the access key is wrong", async () => {
    const { cloud, plugin } = fixture;
    await plugin.configure({
      region: "cn-test",
      accessKey: new Secret("other"),
      secretKey: new Secret("other"),
      protocol: "HTTP",
      endpoints: { cr: cloud.host },
    });
    expect(await failureOf(plugin.invoke("ackone:registry:findInstance", { name: "acme" }))).to.equal(
      "cr ListInstance failed: InvalidAccessKeyId (HTTP 400, request id REQ-1). " +
        "Check the access key, its secret and, for temporary credentials, the security token.",
    );
    expect(cloud.count("ListInstance")).to.equal(1);
  });
});
