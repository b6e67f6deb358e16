import { expect } from "chai";
import { MemberCluster } from "../../components/fleet/member-cluster";
import { Registry } from "../../components/registry/registry";
import { ForkedRepository } from "../../components/source/forked-repository";
import { failureOf, type RecordOptions, record } from "../support/mocks";

const clusterId = "c01b4c73f17580d6add8d237c4df8f99e";

/** A stack that has one resource. */
const withState = (type: string, name: string, outputs: object): RecordOptions => ({
  calls: {
    "pulumi:pulumi:readStackResourceOutputs": () => ({
      outputs: { [`urn:pulumi:test::ackone-delivery::${type}::${name}`]: { type, outputs } },
    }),
    "github:index/getRepository:getRepository": () => ({
      fullName: "acme/echo-deploy",
      httpCloneUrl: "https://github.com/acme/echo-deploy.git",
      sshCloneUrl: "git@github.com:acme/echo-deploy.git",
      repoId: 1,
    }),
  },
});

describe("components/held", () => {
  const attached = withState(
    "alicloud:ackone/membershipAttachment:MembershipAttachment",
    "cluster-workloads-attachment",
    { id: `c-fleet:${clusterId}`, clusterId: "c-fleet", subClusterId: clusterId },
  );
  const member = (name: string) => () =>
    new MemberCluster(name, { fleetId: "c-fleet", clusterId, clusterName: "dev-workloads" });

  it("doesn't let a new name detach a cluster, in a preview already", async () => {
    for (const preview of [true, false]) {
      const message = await failureOf(member("cluster-main"), { ...attached, preview });
      expect(message.split("\n"), `preview: ${preview}`).to.deep.equal([
        `The cluster ${clusterId} is attached already, in this stack as "cluster-workloads", and would become "cluster-main": the renaming would detach it, and take away what was installed there.`,
        "Keep its former name. To give it another one, take the cluster and its environments out, run pulumi up, and put them in again.",
      ]);
    }
  });

  it("has nothing against the same name, or against another cluster", async () => {
    expect(
      (await record(member("cluster-workloads"), attached)).of(
        "alicloud:ackone/membershipAttachment:MembershipAttachment",
      ),
    ).to.have.length(1);
    const other = () =>
      new MemberCluster("cluster-main", {
        fleetId: "c-fleet",
        clusterId: clusterId.replace("c01", "c02"),
        clusterName: "dev-workloads",
      });
    expect((await record(other, attached)).named("cluster-main-attachment")).to.be.an("object");
  });

  const forked = withState("github:index/repository:Repository", "source-deploy-repository", {
    id: "echo-deploy",
    fullName: "acme/echo-deploy",
  });

  it("doesn't let a fork become existing, which would delete it", async () => {
    const make = () => new ForkedRepository("deploy", { existing: "acme/echo-deploy" });
    expect(await failureOf(make, forked)).to.equal(
      `deploy.existing: "acme/echo-deploy" is a fork that this stack has made, and would now be archived or deleted, because the fork isn't in the stack file any more; go on naming the repository that it is a fork of (fork: …)`,
    );
    const elsewhere = () => new ForkedRepository("deploy", { existing: "others/echo-deploy" });
    await record(elsewhere, forked);
  });

  it("doesn't let a bought instance become existing, which would give it back", async () => {
    const make = () =>
      new Registry("registry", {
        instance: { id: "cri-0123456789abcdef" },
        region: "cn-hangzhou",
        namespace: "echo-dev",
      });
    const type = "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance";
    const bought = withState(type, "registry-instance", { id: "cri-0123456789abcdef" });
    expect(await failureOf(make, bought)).to.equal(
      'registry.instance.id: "cri-0123456789abcdef" was bought by this stack, and would now be given back with all images, because the purchase isn\'t in the stack file any more; go on giving its name and edition',
    );
    await record(make, withState(type, "registry-existing-instance", { id: "cri-0123456789abcdef" }));
  });
});
