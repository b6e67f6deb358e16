import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { KruiseRollouts, type KruiseRolloutsArgs } from "../../../components/rollouts/kruise-rollouts";
import { failureOf, record } from "../../support/mocks";

const clusterId = "c01b4c73f17580d6add8d237c4df8f99e";
const make = (args: Partial<KruiseRolloutsArgs> = {}) => new KruiseRollouts("kruise", { clusterId, ...args });

describe("components/rollouts/kruise-rollouts", () => {
  it("is the add-on of the cluster, in the version that is offered", async () => {
    const graph = await record(() => make());
    expect(graph.shape()).to.deep.equal([
      "ackone:rollouts:KruiseRollouts kruise",
      "alicloud:cs/kubernetesAddon:KubernetesAddon kruise-addon",
    ]);
    const addon = graph.named("kruise-addon");
    expect(addon.inputs).to.deep.equal({ clusterId, name: "ack-kruise" });
    expect(addon.parent).to.equal("kruise");
  });

  it("is the version that is asked for", async () => {
    const graph = await record(() => make({ version: "1.8.4" }));
    expect(graph.named("kruise-addon").inputs).to.include({ version: "1.8.4" });
  });

  const wrong: [string, string][] = [
    ["latest", "is not the version of an add-on; use one that the console's add-on page lists, like 1.8.4"],
    ["1.7.9", "doesn't know rollouts.kruise.io/v1beta1; use 1.8.0 or later"],
    ["v0.9.0", "doesn't know rollouts.kruise.io/v1beta1; use 1.8.0 or later"],
  ];
  for (const [version, complaint] of wrong) {
    it(`refuses version ${version}, given or computed`, async () => {
      const sentence = `kruise.version: "${version}" ${complaint}`;
      expect(await failureOf(() => make({ version }))).to.equal(sentence);
      expect(await failureOf(() => make({ version: pulumi.output(version) }))).to.contain(sentence);
    });
  }

  for (const version of ["1.8.0", "v1.10.0", "2.0.1", "v1.8.4.0-aliyun"]) {
    it(`takes version ${version}`, async () => {
      const graph = await record(() => make({ version }));
      expect(graph.named("kruise-addon").inputs).to.include({ version });
    });
  }

  it("refuses what isn't the id of a cluster", async () => {
    expect(await failureOf(() => make({ clusterId: "dev-workloads" }))).to.equal(
      'kruise.clusterId: "dev-workloads" is not the id of a cluster; it has 33 characters, "c" and 32 hexadecimal digits',
    );
  });
});
