import { Cluster } from "@pulumi/alicloud/ackone";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { failureOf, outputOf, record, unknown } from "./mocks";

const network = { vpcId: "vpc-1", vswitches: ["vsw-1"] };

class Pair extends pulumi.ComponentResource {
  readonly first: Cluster;
  constructor(name: string, options?: pulumi.ComponentResourceOptions) {
    super("test:index:Pair", name, {}, options);
    this.first = new Cluster(`${name}-first`, { clusterName: "one", network }, { parent: this });
    const clusterName = pulumi.secret(pulumi.interpolate`after-${this.first.id}`);
    new Cluster(
      `${name}-second`,
      { clusterName, network },
      { parent: this, customTimeouts: { create: "1m" } },
    );
    this.registerOutputs({});
  }
}

describe("test/support/mocks", () => {
  it("shows parent, protection, dependencies, secrets and time-outs", async () => {
    const graph = await record(() => new Pair("pair", { protect: true }));
    const second = graph.named("pair-second");
    expect(second.parent).to.equal("pair");
    expect(second.protect).to.equal(true);
    expect(second.dependencies).to.deep.equal(["pair-first"]);
    expect(second.inputs.clusterName).to.equal("after-c-one");
    expect(second.secrets).to.deep.equal(["clusterName"]);
    expect(second.customTimeouts).to.deep.equal({ create: "1m" });
  });

  it("leaves computed values unknown in a preview, and registers the same resources", async () => {
    const preview = await record(() => new Pair("pair"), { preview: true });
    expect(preview.named("pair-second").inputs.clusterName).to.equal(unknown);
    expect(await outputOf(preview.result.first.id)).to.include({ known: false });
    expect(preview.shape()).to.deep.equal((await record(() => new Pair("pair"))).shape());
  });

  it("reports an error thrown inside an Output, and doesn't wait for what depends on it", async () => {
    const message = await failureOf(() => {
      const clusterName = pulumi.output("x").apply((): string => {
        throw new Error("no such name");
      });
      new Cluster("after", { clusterName: new Cluster("wrong", { clusterName, network }).id, network });
    });
    expect(message).to.equal("no such name");
  });

  it("reports a resource that can't be registered", async () => {
    const message = await failureOf(() => new Pair("pair"), {
      fail: (resource) => (resource.name === "pair-first" ? "quota exceeded" : undefined),
    });
    expect(message).to.contain("quota exceeded");
  });

  it("accepts hooks", async () => {
    const graph = await record(
      () => new Cluster("fleet", { clusterName: "one", network }, { hooks: { beforeCreate: [() => {}] } }),
    );
    expect(graph.named("fleet").hooks.beforeCreate).to.have.length(1);
  });
});
