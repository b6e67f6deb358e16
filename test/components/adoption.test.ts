import { Cluster } from "@pulumi/alicloud/ackone";
import { Repository } from "@pulumi/github/repository";
import { expect } from "chai";
import { orphanedFleet, unlessOrphaned } from "../../components/adoption";
import { Fleet } from "../../components/fleet/fleet";
import { ImageRepository } from "../../components/registry/image-repository";
import { Registry, type RegistryArgs } from "../../components/registry/registry";
import { ForkedRepository } from "../../components/source/forked-repository";
import { failureOf, type RecordOptions, record } from "../support/mocks";

const readState = "pulumi:pulumi:readStackResourceOutputs";
const urn = (path: string) => `urn:pulumi:test::ackone-delivery::${path}`;

const makeRegistry = (more: Partial<RegistryArgs> = {}) =>
  new Registry("registry", {
    instance: { name: "acme-dev", edition: "Basic" },
    region: "cn-hangzhou",
    namespace: "echo-dev",
    ...more,
  });
const makeFleet = () => new Fleet("fleet", { name: "acme-dev", vpcId: "vpc-1", vSwitches: ["vsw-1"] });

/** A cloud that has the Fleet already, and a stack with these resources. */
const withFleet = (state: Record<string, { type: string; outputs: object }>): RecordOptions => ({
  calls: { [readState]: () => ({ outputs: state }), "ackone:fleet:findFleet": () => ({ ids: ["c-1"] }) },
});

/** As the engine answers a function that fails. */
const engineError = (details: string) => Object.assign(new Error(details), { details });

describe("components/adoption", () => {
  it("creates what nobody has", async () => {
    const graph = await record(makeFleet);
    expect(graph.of("alicloud:ackone/cluster:Cluster")).to.have.length(1);
    expect(graph.invocations.map((call) => call.token)).to.deep.equal([readState, "ackone:fleet:findFleet"]);
  });

  it("refuses to create an orphan a second time, and names the command that adopts it", async () => {
    const message = await failureOf(makeFleet, withFleet({}));
    expect(message.split("\n")).to.deep.equal([
      'The ACK One Fleet "acme-dev" exists already, but not in this stack: an earlier run was probably cut off while creating it. Adopt it with',
      "  pulumi import 'alicloud:ackone/cluster:Cluster' 'fleet-cluster' 'c-1' --parent 'fleet=urn:pulumi:test::ackone-delivery::ackone:fleet:Fleet::fleet' --protect=false --generate-code=false --yes",
      "then run pulumi up again. If it belongs to somebody else, choose another name instead.",
    ]);
  });

  it("says when there are several of one name", async () => {
    const message = await failureOf(makeFleet, {
      calls: { "ackone:fleet:findFleet": () => ({ ids: ["c-1", "c-2"] }) },
    });
    expect(message).to.contain("There are 2 of that name: c-1, c-2. Compare them first.");
  });

  it("asks no cloud about what the stack has", async () => {
    const state = {
      [urn("ackone:fleet:Fleet$alicloud:ackone/cluster:Cluster::fleet-cluster")]: {
        type: "alicloud:ackone/cluster:Cluster",
        outputs: { id: "c-1" },
      },
    };
    const graph = await record(makeFleet, withFleet(state));
    expect(graph.invocations.map((call) => call.token)).to.deep.equal([readState]);
  });

  it("knows what the stack has under an older logical name", async () => {
    const state = {
      [urn("alicloud:ackone/cluster:Cluster::old")]: {
        type: "alicloud:ackone/cluster:Cluster",
        outputs: { id: "c-1" },
      },
    };
    const graph = await record(makeFleet, withFleet(state));
    expect(graph.of("alicloud:ackone/cluster:Cluster")).to.have.length(1);
  });

  it("isn't misled by another resource with the same id", async () => {
    const state = {
      [urn("ackone:fleet:Kubeconfig::x")]: { type: "ackone:fleet:Kubeconfig", outputs: { id: "c-1" } },
    };
    expect(await failureOf(makeFleet, withFleet(state))).to.contain("exists already");
  });

  it("reads the state once, however many resources ask", async () => {
    const graph = await record(() => [makeRegistry(), makeFleet()]);
    expect(graph.invocations.filter((call) => call.token === readState)).to.have.length(1);
  });

  it("looks for orphans also when the engine wrote the state at the moment of the first looks", async () => {
    let looks = 0;
    const calls = {
      ...withFleet({}).calls,
      [readState]: () => {
        looks += 1;
        if (looks < 3) throw engineError("failed to load checkpoint: EOF");
        return { outputs: {} };
      },
    };
    expect(await failureOf(makeFleet, { calls })).to.contain('The ACK One Fleet "acme-dev" exists already');
    expect(looks).to.equal(3);
  });

  it("goes on without a look, at once, where the state may not be read", async () => {
    let looks = 0;
    const calls = {
      ...withFleet({}).calls,
      [readState]: () => {
        looks += 1;
        throw engineError("access denied");
      },
    };
    const graph = await record(makeFleet, { calls });
    expect(graph.of("alicloud:ackone/cluster:Cluster")).to.have.length(1);
    expect(graph.lookups).to.deep.equal([]);
    expect(looks).to.equal(1);
  });

  it("calls no cloud in a preview", async () => {
    const graph = await record(() => [makeRegistry(), makeFleet()], { ...withFleet({}), preview: true });
    expect(graph.lookups).to.deep.equal([]);
  });

  it("looks for a namespace in the instance, as soon as its id is known", async () => {
    const message = await failureOf(() => makeRegistry(), {
      calls: {
        "ackone:registry:findNamespace": ({ instanceId, name }) => ({ ids: [`${instanceId}:${name}`] }),
      },
    });
    expect(message).to.contain('The ACR namespace "echo-dev" in instance cri-acme-dev exists already');
    expect(message).to.contain("'registry-namespace' 'cri-acme-dev:echo-dev' --parent 'registry=");
  });

  const orphans: [string, () => unknown, string, Record<string, unknown>, string][] = [
    [
      "an ACR instance",
      makeRegistry,
      "ackone:registry:findInstance",
      { ids: ["cri-9"] },
      "'registry-instance' 'cri-9'",
    ],
    [
      "an image repository",
      () =>
        new ImageRepository("echo", {
          instanceId: "cri-1",
          namespaceName: "echo-dev",
          name: "echo-server",
          source: { owner: "acme", repository: "echo-server" },
        }),
      "ackone:registry:findRepository",
      { ids: ["cri-1:echo-dev:echo-server"] },
      "'echo-repository' 'cri-1:echo-dev:echo-server'",
    ],
    [
      "an entry of the allow-list",
      () => makeRegistry({ internet: { allow: ["198.51.100.0/24"] } }),
      "ackone:registry:findAllowedRange",
      { ids: ["cri-1:internet:198.51.100.0/24"] },
      "'registry-allow-198.51.100.0-24' 'cri-1:internet:198.51.100.0/24'",
    ],
    [
      "a link to a VPC",
      () => makeRegistry({ vpcLinks: [{ vpcId: "vpc-1", vSwitchId: "vsw-1" }] }),
      "ackone:registry:findVpcLink",
      { ids: ["cri-1:vpc-1:vsw-1:Registry"] },
      "'registry-vpc-vpc-1' 'cri-1:vpc-1:vsw-1:Registry'",
    ],
    [
      "a fork",
      () => new ForkedRepository("echo", { source: "ackone-samples/echo-server", owner: "acme" }),
      "github:index/getRepository:getRepository",
      { repoId: 7 },
      "pulumi import 'github:index/repository:Repository' 'echo-repository' 'echo-server'",
    ],
  ];
  for (const [what, make, token, answer, command] of orphans) {
    it(`finds ${what} by its name`, async () =>
      expect(await failureOf(make, { calls: { [token]: () => answer } })).to.contain(command));
  }

  it("creates nothing when it can't find out", async () => {
    const calls = {
      "ackone:fleet:findFleet": () => {
        throw Object.assign(new Error("refused"), {
          details: "the RAM action adcp:DescribeHubClusters is missing",
        });
      },
    };
    expect(await failureOf(makeFleet, { calls })).to.equal(
      'Can\'t find out whether the ACK One Fleet "acme-dev" exists already: the RAM action adcp:DescribeHubClusters is missing',
    );
  });

  it("creates with a warning when the engine doesn't tell the state", async () => {
    const calls = {
      [readState]: () => {
        throw new Error("no backend client is available");
      },
    };
    const graph = await record(makeFleet, { calls });
    expect(graph.of("alicloud:ackone/cluster:Cluster")).to.have.length(1);
  });

  it("adds no dependency to the resource", async () => {
    const graph = await record(() => {
      const first = new Repository("first", { name: "first" });
      const box = makeRegistry();
      const name = first.fullName;
      new Cluster(
        "registry-x",
        { clusterName: "x", network: { vpcId: "v", vswitches: [] } },
        { parent: box, dependsOn: unlessOrphaned(box, "registry-x", orphanedFleet(name)) },
      );
    });
    expect(graph.named("registry-x").dependencies).to.deep.equal([]);
  });
});
