import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Fleet, type FleetArgs } from "../../../components/fleet/fleet";
import { failureOf, outputOf, record } from "../../support/mocks";

const base: FleetArgs = { name: "acme-dev", vpcId: "vpc-bp1", vSwitches: ["vsw-bp1"] };
const make = (args: Partial<FleetArgs> = {}, options?: pulumi.ComponentResourceOptions) =>
  new Fleet("fleet", { ...base, ...args }, options);

describe("fleet/Fleet", () => {
  it("is a cluster, its features, a kubeconfig and a Kubernetes provider", async () => {
    const graph = await record(() => make());
    expect(graph.shape()).to.deep.equal([
      "ackone:fleet:Fleet fleet",
      "ackone:fleet:FleetFeatures fleet-features",
      "ackone:fleet:Kubeconfig fleet-kubeconfig",
      "alicloud:ackone/cluster:Cluster fleet-cluster",
      "pulumi:providers:kubernetes fleet-kubernetes",
    ]);
    expect(graph.named("fleet-cluster").inputs).to.deep.equal({
      clusterName: "acme-dev",
      profile: "Default",
      argocdEnabled: true,
      network: { vpcId: "vpc-bp1", vswitches: ["vsw-bp1"] },
    });
    expect(graph.named("fleet-features").inputs).to.deep.equal({
      clusterId: "c-acme-dev",
      gitops: true,
      gitopsHighAvailability: false,
      gitopsPublicAccess: false,
      gitopsAccessControlList: [],
      publicApiServer: false,
      deletionProtection: false,
    });
  });

  it("passes features on", async () => {
    const graph = await record(() =>
      make({
        features: {
          gitops: { highAvailability: true, publicAccess: true, allow: ["198.51.100.0/24"] },
          publicApiServer: true,
          deletionProtection: true,
          auditLog: true,
        },
      }),
    );
    expect(graph.named("fleet-features").inputs).to.deep.equal({
      clusterId: "c-acme-dev",
      gitops: true,
      gitopsHighAvailability: true,
      gitopsPublicAccess: true,
      gitopsAccessControlList: ["198.51.100.0/24"],
      publicApiServer: true,
      deletionProtection: true,
      auditLog: true,
    });
  });

  it("asks for a kubeconfig with the address that there is, once there is one", async () => {
    const closed = await record(() => make());
    expect(closed.named("fleet-kubeconfig").inputs).to.include({ source: "fleet", privateIpAddress: true });
    const open = await record(() => make({ features: { publicApiServer: true } }));
    expect(open.named("fleet-kubeconfig").inputs).to.include({ source: "fleet", privateIpAddress: false });
    expect(open.named("fleet-kubeconfig").dependencies).to.deep.equal(["fleet-features"]);
  });

  it("deletes the Fleet only after GitOps is off, because the features came after it", async () => {
    const graph = await record(() => make());
    expect(graph.named("fleet-features").dependencies).to.deep.equal(["fleet-cluster"]);
    expect(graph.ancestors("fleet-kubernetes")).to.deep.equal([
      "fleet-cluster",
      "fleet-features",
      "fleet-kubeconfig",
    ]);
  });

  it("hides the kubeconfig everywhere", async () => {
    const graph = await record(() => make());
    expect(graph.named("fleet-kubernetes").secrets).to.deep.equal(["kubeconfig"]);
    expect(graph.named("fleet-kubeconfig").additionalSecretOutputs).to.deep.equal(["kubeconfig"]);
    expect((await outputOf(graph.result.kubeconfig)).secret).to.equal(true);
  });

  it("replaces no object when the kubeconfig is renewed", async () => {
    const graph = await record(() => make());
    expect(graph.named("fleet-kubernetes").inputs).to.include({
      clusterIdentifier: "c-acme-dev",
      enableServerSideApply: "true",
    });
  });

  it("takes over objects that a killed run has made, and wins against changes by hand", async () => {
    const graph = await record(() => make());
    expect(graph.named("fleet-kubernetes").inputs).to.include({
      upsertExistingObjects: "true",
      enablePatchForce: "true",
    });
  });

  it("changes Secrets in place, so that no moment is without credentials", async () => {
    const graph = await record(() => make());
    expect(graph.named("fleet-kubernetes").inputs).to.include({ enableSecretMutable: "true" });
  });

  it("gives its id only when GitOps is on", async () => {
    const graph = await record(() => {
      const fleet = make();
      return new Fleet("second", { ...base, name: fleet.id });
    });
    expect(graph.named("second-cluster").dependencies).to.deep.equal(["fleet-features"]);
  });

  it("takes time, and keeps protection", async () => {
    const graph = await record(() => make({}, { protect: true }));
    expect(graph.named("fleet-cluster").customTimeouts).to.deep.equal({
      create: "45m",
      update: "45m",
      delete: "45m",
    });
    for (const resource of graph.resources) {
      expect(resource.protect, resource.name).to.equal(true);
    }
  });

  it("registers the same in a preview that knows nothing yet, without calling a cloud", async () => {
    const preview = await record(() => make(), { preview: true });
    expect(preview.shape()).to.deep.equal((await record(() => make())).shape());
    expect(preview.lookups).to.deep.equal([]);
  });

  const refusals: [string, Partial<FleetArgs>, string][] = [
    [
      "a name with a space",
      { name: "acme dev" },
      'fleet.name: "acme dev" is not a name for a Fleet; use 1 to 63 letters, digits, hyphens and underscores, a letter or digit first',
    ],
    [
      "a VPC that isn't one",
      { vpcId: "acme" },
      'fleet.vpcId: "acme" is not the id of a VPC; it looks like "vpc-bp1aevy8sofi8mh1q****"',
    ],
    [
      "a vSwitch that isn't one",
      { vSwitches: ["vpc-bp1"] },
      'fleet.vSwitches[0]: "vpc-bp1" is not the id of a vSwitch; it looks like "vsw-bp1mdigyhmilu2h4v****"',
    ],
    [
      "no vSwitch",
      { vSwitches: [] },
      "fleet.vSwitches: the list is empty; a Fleet needs at least one vSwitch",
    ],
    [
      "public access for nobody in particular",
      { features: { gitops: { publicAccess: true } } },
      'fleet.features.gitops.allow: public access needs address ranges; use "0.0.0.0/0" for everybody',
    ],
    [
      "ranges without public access",
      { features: { gitops: { allow: ["198.51.100.0/24"] } } },
      "fleet.features.gitops.allow: address ranges have no effect without publicAccess: true",
    ],
    [
      "a range that isn't one",
      { features: { gitops: { publicAccess: true, allow: ["everybody"] } } },
      'fleet.features.gitops.allow[0]: "everybody" is not an address range; use CIDR notation like "198.51.100.0/24"',
    ],
  ];
  for (const [what, args, sentence] of refusals) {
    it(`refuses ${what}`, async () => expect(await failureOf(() => make(args))).to.equal(sentence));
  }
});
