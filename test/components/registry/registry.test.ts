import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Registry, type RegistryArgs } from "../../../components/registry/registry";
import { failureOf, outputOf, record, unknown } from "../../support/mocks";

const types = {
  instance: "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance",
  namespace: "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace",
  endpoint: "ackone:registry:InstanceEndpoint",
  allow: "alicloud:cr/endpointAclPolicy:EndpointAclPolicy",
  link: "alicloud:cr/vpcEndpointLinkedVpc:VpcEndpointLinkedVpc",
};

const base: RegistryArgs = {
  instance: { name: "acme-dev", edition: "Basic" },
  region: "cn-hangzhou",
  namespace: "echo-dev",
};
const full: RegistryArgs = {
  ...base,
  internet: { allow: ["198.51.100.0/24", "203.0.113.7/32"] },
  vpcLinks: [{ vpcId: "vpc-1", vSwitchId: "vsw-1" }],
};

describe("registry/Registry", () => {
  it("is an instance and a namespace, and nothing that wasn't asked for", async () => {
    const graph = await record(() => new Registry("registry", base));
    expect(graph.shape()).to.deep.equal([
      "ackone:registry:Registry registry",
      `${types.instance} registry-instance`,
      `${types.namespace} registry-namespace`,
    ]);
    expect(graph.one(types.instance).inputs).to.deep.equal({
      instanceName: "acme-dev",
      instanceType: "Basic",
      paymentType: "Subscription",
      period: 1,
      renewalStatus: "ManualRenewal",
    });
    expect(graph.one(types.namespace).inputs).to.deep.equal({
      instanceId: "cri-acme-dev",
      name: "echo-dev",
      autoCreate: false,
      defaultVisibility: "PRIVATE",
    });
  });

  it("renews for as long as it was bought, when it renews itself", async () => {
    const instance = { name: "acme", edition: "Standard", period: 12, renewal: "AutoRenewal" } as const;
    const graph = await record(() => new Registry("registry", { ...base, instance }));
    expect(graph.one(types.instance).inputs).to.include({
      period: 12,
      renewalStatus: "AutoRenewal",
      renewPeriod: 12,
    });
  });

  it("is never replaced for another length of renewal, which the provider would do", async () => {
    const graph = await record(() => new Registry("registry", base));
    expect(graph.one(types.instance).ignoreChanges).to.deep.equal(["renewPeriod"]);
  });

  it("opens to the internet for named ranges, in the order endpoint, list", async () => {
    const graph = await record(() => new Registry("registry", full));
    expect(graph.one(types.endpoint).inputs).to.deep.equal({
      instanceId: "cri-acme-dev",
      endpointType: "internet",
      enabled: true,
      moduleName: "Registry",
    });
    expect(graph.of(types.allow).map((entry) => entry.name)).to.have.members([
      "registry-allow-198.51.100.0-24",
      "registry-allow-203.0.113.7-32",
    ]);
    const entry = graph.named("registry-allow-198.51.100.0-24");
    expect(entry.inputs).to.deep.equal({
      instanceId: "cri-acme-dev",
      endpointType: "internet",
      moduleName: "Registry",
      entry: "198.51.100.0/24",
    });
    expect(entry.dependencies).to.deep.equal(["registry-endpoint", "registry-instance"]);
    expect(entry.ignoreChanges).to.deep.equal(["moduleName"]);
  });

  it("links VPCs with a private DNS record", async () => {
    const graph = await record(() => new Registry("registry", full));
    expect(graph.named("registry-vpc-vpc-1").inputs).to.deep.equal({
      instanceId: "cri-acme-dev",
      vpcId: "vpc-1",
      vswitchId: "vsw-1",
      moduleName: "Registry",
      enableCreateDnsRecordInPvzt: true,
    });
    expect(graph.named("registry-vpc-vpc-1").ignoreChanges).to.deep.equal(["enableCreateDnsRecordInPvzt"]);
  });

  it("makes everything side by side once the instance exists", async () => {
    const graph = await record(() => new Registry("registry", full));
    for (const name of ["registry-namespace", "registry-endpoint", "registry-vpc-vpc-1"]) {
      expect(graph.named(name).dependencies, name).to.deep.equal(["registry-instance"]);
    }
  });

  it("keeps the caller's protection and parent for all children", async () => {
    const graph = await record(() => new Registry("registry", full, { protect: true }));
    for (const resource of graph.resources) {
      expect(resource.protect, resource.name).to.equal(true);
      expect(resource.parent, resource.name).to.equal(resource.name === "registry" ? undefined : "registry");
    }
  });

  it("gives the instance more time than the provider does", async () => {
    const graph = await record(() => new Registry("registry", base));
    expect(graph.one(types.instance).customTimeouts).to.deep.equal({
      create: "30m",
      update: "15m",
      delete: "15m",
    });
  });

  it("tells which of its hosts can be reached", async () => {
    const open = async (args: RegistryArgs, endpoints?: unknown[]) => {
      const read = () => ({ instanceName: "old", instanceEndpoints: endpoints });
      const graph = await record(() => new Registry("registry", args), {
        outputs: endpoints ? { [types.instance]: read } : {},
      });
      return Object.keys((await outputOf(graph.result.openHosts)).value);
    };
    expect(await open(base)).to.deep.equal([]);
    expect(await open({ ...base, internet: { allow: ["198.51.100.0/24"] } })).to.deep.equal(["internet"]);
    expect(await open(full)).to.deep.equal(["internet", "vpc"]);
    const existing = { ...base, instance: { id: "cri-0123456789abcdef" } };
    const endpoint = (endpointType: string, enable: boolean) => ({ endpointType, enable, domains: [] });
    expect(await open(existing, [endpoint("internet", false), endpoint("vpc", true)])).to.deep.equal(["vpc"]);
    expect(await open(existing, [])).to.deep.equal([]);
  });

  it("knows its hosts before anything exists", async () => {
    const graph = await record(() => new Registry("registry", base), { preview: true });
    expect(await outputOf(graph.result.hosts.internet)).to.deep.equal({
      value: "acme-dev-registry.cn-hangzhou.cr.aliyuncs.com",
      known: true,
      secret: false,
    });
    expect((await outputOf(graph.result.hosts.vpc)).value).to.equal(
      "acme-dev-registry-vpc.cn-hangzhou.cr.aliyuncs.com",
    );
  });

  it("registers the same in a preview that knows nothing yet, without calling a cloud", async () => {
    const preview = await record(() => new Registry("registry", full), { preview: true });
    expect(preview.shape()).to.deep.equal((await record(() => new Registry("registry", full))).shape());
    expect(preview.named("registry-namespace").inputs.instanceId).to.equal(unknown);
    expect(preview.lookups).to.deep.equal([]);
  });

  it("reads an instance that exists, and never owns it", async () => {
    const args = { ...base, instance: { id: "cri-a1b2c3" } };
    const graph = await record(() => new Registry("registry", args), {
      outputs: {
        [types.instance]: () => ({
          instanceName: "acme-old",
          instanceEndpoints: [
            { endpointType: "internet", domains: [{ domain: "old.example", type: "SYSTEM" }] },
          ],
        }),
      },
    });
    const instance = graph.one(types.instance);
    expect(instance).to.include({ read: true, name: "registry-existing-instance", importId: "cri-a1b2c3" });
    expect(graph.one(types.namespace).inputs.instanceId).to.equal("cri-a1b2c3");
    expect((await outputOf(graph.result.hosts.internet)).value).to.equal("old.example");
    expect((await outputOf(graph.result.hosts.vpc)).value).to.equal(
      "acme-old-registry-vpc.cn-hangzhou.cr.aliyuncs.com",
    );
  });

  it("keeps the password secret, also when the caller didn't mark it", async () => {
    const instance = { name: "acme-dev", edition: "Basic", password: "letters-and-1" } as const;
    const graph = await record(() => new Registry("registry", { ...base, instance }));
    expect(graph.one(types.instance).secrets).to.deep.equal(["password"]);
  });

  it("never shows a bad password", async () => {
    const instance = { name: "acme-dev", edition: "Basic", password: pulumi.secret("hunter") } as const;
    expect(await failureOf(() => new Registry("registry", { ...base, instance }))).to.equal(
      "registry.instance.password: the password needs 8 to 32 characters with at least two of letters, digits and symbols",
    );
  });

  const refusals: [string, Partial<RegistryArgs>, string][] = [
    [
      "an unknown edition",
      { instance: { name: "acme", edition: "Gold" as "Basic" } },
      'registry.instance.edition: "Gold" is not an edition of ACR Enterprise; use Basic, Standard or Advanced',
    ],
    [
      "a name in capitals",
      { instance: { name: "Acme", edition: "Basic" } },
      'registry.instance.name: "Acme" is not a name for an ACR instance; use 3 to 30 lower-case letters, digits and hyphens, no hyphen at either end',
    ],
    [
      "a name that is known late",
      { instance: { name: pulumi.output("Acme"), edition: "Basic" } },
      'registry.instance.name: "Acme" is not a name for an ACR instance; use 3 to 30 lower-case letters, digits and hyphens, no hyphen at either end',
    ],
    [
      "an unknown period",
      { instance: { name: "acme", edition: "Basic", period: 5 as 6 } },
      "registry.instance.period: 5 is not a length of subscription that can be bought; use 1, 2, 3, 6, 12, 24, 36, 48 or 60 (months)",
    ],
    [
      "an id that isn't one",
      { instance: { id: "acme" } },
      'registry.instance.id: "acme" is not the id of an ACR instance; it looks like "cri-a1b2c3d4e5f6g7h8"',
    ],
    [
      "a namespace of one letter",
      { namespace: "e" },
      'registry.namespace: "e" is not a name for an ACR namespace; use 2 to 120 lower-case letters, digits and ., _ and -, letters or digits at both ends',
    ],
    [
      "a range that isn't one",
      { internet: { allow: ["198.51.100.0/24", "office"] } },
      'registry.internet.allow[1]: "office" is not an address range; use CIDR notation like "198.51.100.0/24"',
    ],
    [
      "a range twice",
      { internet: { allow: ["10.0.0.0/8", "10.0.0.0/8"] } },
      'registry.internet.allow: "10.0.0.0/8" is listed twice; once is enough',
    ],
    [
      "a VPC twice",
      {
        vpcLinks: [
          { vpcId: "vpc-1", vSwitchId: "vsw-1" },
          { vpcId: "vpc-1", vSwitchId: "vsw-2" },
        ],
      },
      'registry.vpcLinks[1].vpcId: "vpc-1" is listed twice; a VPC is linked once',
    ],
    [
      "an empty allow-list",
      { internet: { allow: [] } },
      "registry.internet.allow: the list is empty, so nobody could reach the registry; name address ranges, or leave out internet",
    ],
  ];
  for (const [what, args, sentence] of refusals) {
    it(`refuses ${what}`, async () =>
      expect(await failureOf(() => new Registry("registry", { ...base, ...args }))).to.equal(sentence));
  }
});
