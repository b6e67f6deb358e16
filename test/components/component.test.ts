import { Cluster } from "@pulumi/alicloud/ackone";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Component } from "../../components/component";
import { failureOf, record } from "../support/mocks";

const network = { vpcId: "vpc-1", vswitches: ["vsw-1"] };

class Box extends Component {
  constructor(name: string, fill: (box: Box) => void, options?: pulumi.ComponentResourceOptions) {
    super("ackone:test:Box", name, options);
    fill(this);
    this.registerOutputs({});
  }
}

describe("components/Component", () => {
  it("takes children that are named after it, at any depth", async () => {
    const graph = await record(
      () =>
        new Box("box", (box) => {
          new Box(
            "box-inner",
            (inner) => new Cluster("box-inner-fleet", { clusterName: "a", network }, { parent: inner }),
            {
              parent: box,
            },
          );
        }),
    );
    expect(graph.shape()).to.include("alicloud:ackone/cluster:Cluster box-inner-fleet");
  });

  it("refuses a child of another name", async () => {
    const make = () =>
      new Box("box", (box) => new Cluster("fleet", { clusterName: "a", network }, { parent: box }));
    expect(await failureOf(make)).to.equal(
      'alicloud:ackone/cluster:Cluster "fleet": the name of a child starts with its parent\'s; call it "box-fleet"',
    );
  });

  it("refuses generated names in a cloud", async () => {
    const make = () => new Box("box", (box) => new Cluster("box-fleet", { network }, { parent: box }));
    expect(await failureOf(make)).to.equal(
      'alicloud:ackone/cluster:Cluster "box-fleet": clusterName is missing; physical names are explicit',
    );
  });

  it("refuses generated names in Kubernetes", async () => {
    const make = () => new Box("box", (box) => new ConfigMap("box-settings", { data: {} }, { parent: box }));
    expect(await failureOf(make)).to.equal(
      'kubernetes:core/v1:ConfigMap "box-settings": metadata.name is missing; physical names are explicit',
    );
  });

  it("keeps the caller's own transformations", async () => {
    const seen: string[] = [];
    await record(
      () =>
        new Box("box", (box) => new Cluster("box-fleet", { clusterName: "a", network }, { parent: box }), {
          transformations: [({ name }) => void seen.push(name)],
        }),
    );
    expect(seen).to.deep.equal(["box", "box-fleet"]);
  });
});
