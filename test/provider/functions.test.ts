import { expect } from "chai";
import { UNKNOWN } from "../../provider/plugin/values";
import { useProvider } from "./fixture";
import { failureOf } from "./plugin";

describe("provider functions", () => {
  const fixture = useProvider();
  const find = async (token: string, args: Record<string, string | typeof UNKNOWN>) =>
    (await fixture.plugin.invoke(token, args))["ids"];

  it("find instances of exactly that name that aren't being deleted", async () => {
    fixture.cloud.instances = [
      { InstanceId: "cri-1", InstanceName: "acme", InstanceStatus: "RUNNING" },
      { InstanceId: "cri-2", InstanceName: "acme-prod", InstanceStatus: "RUNNING" },
      { InstanceId: "cri-3", InstanceName: "acme", InstanceStatus: "DELETING" },
    ];
    expect(await find("ackone:registry:findInstance", { name: "acme" })).to.deep.equal(["cri-1"]);
    expect(await find("ackone:registry:findInstance", { name: "other" })).to.deep.equal([]);
  });

  it("find a namespace, a repository and a Fleet under the ids that imports take", async () => {
    const instanceId = "cri-1";
    expect(await find("ackone:registry:findNamespace", { instanceId, name: "echo" })).to.deep.equal([
      "cri-1:echo",
    ]);
    const repository = { instanceId, namespace: "echo", name: "server" };
    expect(await find("ackone:registry:findRepository", repository)).to.deep.equal(["cri-1:echo:server"]);
    fixture.cloud.newFleet();
    expect(await find("ackone:fleet:findFleet", { name: "acme" })).to.deep.equal([fixture.cloud.fleetId]);
  });

  it("find an allowed address range and a linked VPC", async () => {
    const instanceId = "cri-1";
    expect(await find("ackone:registry:findVpcLink", { instanceId, vpcId: "vpc-1" })).to.deep.equal([
      "cri-1:vpc-1:vsw-1:Registry",
    ]);
    for (const vpcId of ["vpc-2", "vpc-3"]) {
      expect(await find("ackone:registry:findVpcLink", { instanceId, vpcId })).to.deep.equal([]);
    }
    const allowed = (range: string) => find("ackone:registry:findAllowedRange", { instanceId, range });
    expect(await allowed("198.51.100.0/24")).to.deep.equal(["cri-1:internet:198.51.100.0/24"]);
    expect(await allowed("198.51.0.0/16")).to.deep.equal([]);
  });

  it("find nothing where there is nothing, also behind an id that isn't known yet", async () => {
    expect(await find("ackone:registry:findNamespace", { instanceId: "cri-1", name: "x" })).to.deep.equal([]);
    expect(await find("ackone:fleet:findFleet", { name: "acme" })).to.deep.equal([]);
    fixture.cloud.calls.length = 0;
    expect(await find("ackone:registry:findNamespace", { instanceId: UNKNOWN, name: "echo" })).to.deep.equal(
      [],
    );
    expect(fixture.cloud.calls).to.deep.equal([]);
  });

  it("are refused when there is no such function", async () => {
    expect(await failureOf(find("ackone:fleet:findNothing", {}))).to.equal(
      "ackone:fleet:findNothing is not a function of this provider.",
    );
  });
});
