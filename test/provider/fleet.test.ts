/** What is particular about the Fleet's resources. */
import { expect } from "chai";
import { Secret, UNKNOWN } from "../../provider/plugin/values";
import { kubeconfigOf, selfSigned } from "./certificates";
import { type Cloud, Refusal } from "./cloud";
import { useProvider } from "./fixture";
import { failureOf, unfinishedOf } from "./plugin";

const FLEET = "c0123456789abcdef0123456789abcdef";

/** The parameters of each UpdateHubClusterFeature, without the Fleet's id. */
function sentSwitches(cloud: Cloud): Record<string, string>[] {
  return cloud.calls
    .filter(({ action }) => action === "UpdateHubClusterFeature")
    .map(({ query: { ClusterId: _, ...switches } }) => switches);
}

describe("provider FleetFeatures", () => {
  const type = "ackone:fleet:FleetFeatures";
  const fixture = useProvider();

  it("waits for the asynchronous change and returns the addresses", async () => {
    const { cloud, plugin } = fixture;
    const fleet = Object.assign(cloud.newFleet(), { lag: 5 });
    fleet.gitops.Enabled = false;
    const inputs = await plugin.complete(type, { clusterId: FLEET, publicApiServer: true });
    const { properties } = await plugin.create(type, inputs);
    expect(properties).to.include({
      apiServerPublicEndpoint: "https://203.0.113.10:6443",
      apiServerPrivateEndpoint: "https://192.168.0.1:6443",
      argocdHost: `argocd.${FLEET}.cn-test.alicontainer.com`,
    });
  });

  it("knows the host of Argo CD in the preview, as soon as the Fleet has an id", async () => {
    const { plugin } = fixture;
    const inputs = await plugin.complete(type, { clusterId: FLEET });
    const { properties } = await plugin.create(type, inputs, { preview: true });
    expect(properties["argocdHost"]).to.equal(`argocd.${FLEET}.cn-test.alicontainer.com`);
    expect(properties["apiServerPublicEndpoint"]).to.equal(UNKNOWN);
  });

  it("sets, changes and clears the allow-list of Argo CD", async () => {
    const { cloud, plugin } = fixture;
    const fleet = cloud.newFleet();
    const open = { clusterId: FLEET, gitopsPublicAccess: true };
    const inputs = await plugin.complete(type, { ...open, gitopsAccessControlList: ["198.51.100.0/24"] });
    const { id, properties } = await plugin.create(type, inputs);
    expect(fleet.gitops.AccessControlList).to.deep.equal(["198.51.100.0/24"]);
    await plugin.update(
      type,
      id,
      properties,
      await plugin.complete(type, { ...open, gitopsAccessControlList: [] }),
    );
    expect(fleet.gitops.AccessControlList).to.deep.equal([]);
  });

  it("shows no change for the allow-list that public access has left behind", async () => {
    const { cloud, plugin } = fixture;
    const fleet = cloud.newFleet();
    const open = { clusterId: FLEET, gitopsPublicAccess: true, gitopsAccessControlList: ["198.51.100.0/24"] };
    const { id, properties } = await plugin.create(type, await plugin.complete(type, open));
    const closed = await plugin.complete(type, { clusterId: FLEET, gitopsAccessControlList: [] });
    const after = await plugin.update(type, id, properties, closed);
    expect(fleet.gitops).to.deep.include({
      PublicAccessEnabled: false,
      AccessControlList: ["198.51.100.0/24"],
    });
    const read = await plugin.read(type, id, after, closed);
    expect((await plugin.diff(type, id, read.properties, closed)).changed).to.equal(false);
  });

  it("leaves the audit log alone until it is given", async () => {
    const { cloud, plugin } = fixture;
    const fleet = cloud.newFleet();
    fleet.auditLog = true;
    const inputs = await plugin.complete(type, { clusterId: FLEET });
    const { id, properties } = await plugin.create(type, inputs);
    expect(fleet.auditLog).to.equal(true);
    const read = await plugin.read(type, id, properties, inputs);
    expect((await plugin.diff(type, id, read.properties, inputs)).changed).to.equal(false);
    const news = await plugin.complete(type, { clusterId: FLEET, auditLog: false });
    expect((await plugin.diff(type, id, properties, news)).properties).to.deep.equal({ auditLog: "ADD" });
    await plugin.update(type, id, properties, news);
    expect(fleet.auditLog).to.equal(false);
  });

  it("takes the protection off and turns GitOps off when it is deleted, and waits for that", async () => {
    const { cloud, plugin } = fixture;
    const fleet = cloud.newFleet();
    const inputs = await plugin.complete(type, { clusterId: FLEET, deletionProtection: true });
    const { id, properties } = await plugin.create(type, inputs);
    expect(fleet.deletionProtection).to.equal(true);
    fleet.lag = 3;
    cloud.calls.length = 0;
    await plugin.delete(type, id, properties);
    expect(sentSwitches(cloud)).to.deep.equal([{ ArgoCDEnabled: "false", DeletionProtection: "false" }]);
    expect(fleet).to.deep.include({ deletionProtection: false });
    expect(fleet.gitops.Enabled).to.equal(false);
    // Three looks still show GitOps on (the first is the one before the change), one shows it off.
    expect(cloud.count("DescribeHubClusterDetails")).to.equal(4);
  });

  it("is remembered when a feature doesn't come in time, and says what was last seen", async () => {
    const { cloud, plugin } = fixture;
    const fleet = Object.assign(cloud.newFleet(), { lag: 1e9, State: "initial" });
    fleet.gitops.Enabled = false;
    const inputs = await plugin.complete(type, { clusterId: FLEET });
    const unfinished = await unfinishedOf(plugin.create(type, inputs, { timeout: 0.05 }));
    expect(unfinished.id).to.equal(FLEET);
    expect(unfinished.properties).to.include({ clusterId: FLEET, gitops: true });
    expect(unfinished.reasons).to.deep.equal([
      `Waited 0.05 seconds for the features of the Fleet ${FLEET}; last seen: GitOps off, Fleet initial. ` +
        "Run `pulumi up` again to go on waiting, or allow more time with the option customTimeouts.",
    ]);
  });

  it("doesn't switch on what is on, nor off what is off", async () => {
    const { cloud, plugin } = fixture;
    cloud.newFleet();
    const inputs = await plugin.complete(type, { clusterId: FLEET });
    const { id, properties } = await plugin.create(type, inputs);
    expect(properties).to.include({ gitops: true, publicApiServer: false, deletionProtection: false });
    await plugin.update(type, id, properties, inputs);
    expect(sentSwitches(cloud)).to.deep.equal([]);
  });

  it("sends the one switch that somebody else turned, and nothing else", async () => {
    const { cloud, plugin } = fixture;
    const fleet = cloud.newFleet();
    const inputs = await plugin.complete(type, { clusterId: FLEET, publicApiServer: true, auditLog: true });
    const { id, properties } = await plugin.create(type, inputs);
    expect(sentSwitches(cloud)).to.deep.equal([{ PublicApiServerEnabled: "true", AuditLogEnabled: "true" }]);
    fleet.gitops.HAEnabled = true;
    cloud.calls.length = 0;
    await plugin.update(type, id, properties, inputs);
    expect(sentSwitches(cloud)).to.deep.equal([{ ArgoCDHAEnabled: "false" }]);
  });

  it("sends what GitOps is to have when it comes back, whatever the Fleet still shows of earlier", async () => {
    const { cloud, plugin } = fixture;
    Object.assign(cloud.newFleet().gitops, { Enabled: false, HAEnabled: true });
    const inputs = await plugin.complete(type, { clusterId: FLEET, gitopsHighAvailability: true });
    await plugin.create(type, inputs);
    expect(sentSwitches(cloud)).to.deep.equal([{ ArgoCDEnabled: "true", ArgoCDHAEnabled: "true" }]);
  });

  it("sends deletion protection, which can't be read, when it is wanted or was, and never otherwise", async () => {
    const { cloud, plugin } = fixture;
    cloud.newFleet();
    const on = await plugin.complete(type, { clusterId: FLEET, deletionProtection: true });
    const off = await plugin.complete(type, { clusterId: FLEET });
    const { id, properties } = await plugin.create(type, on);
    const afterOff = await plugin.update(type, id, properties, off);
    await plugin.update(type, id, afterOff, off);
    expect(sentSwitches(cloud)).to.deep.equal([
      { DeletionProtection: "true" },
      { DeletionProtection: "false" },
    ]);
  });

  it("doesn't send an allow-list that is there already, in whatever order", async () => {
    const { cloud, plugin } = fixture;
    const list = ["198.51.100.0/24", "203.0.113.0/24"];
    Object.assign(cloud.newFleet().gitops, { PublicAccessEnabled: true, AccessControlList: list });
    const open = { clusterId: FLEET, gitopsPublicAccess: true };
    const gitopsAccessControlList = [...list].reverse();
    const inputs = await plugin.complete(type, { ...open, gitopsAccessControlList });
    await plugin.create(type, inputs);
    expect(sentSwitches(cloud)).to.deep.equal([]);
  });

  it("switches nothing when it is deleted from a Fleet whose GitOps is off and which was never protected", async () => {
    const { cloud, plugin } = fixture;
    cloud.newFleet().gitops.Enabled = false;
    const inputs = await plugin.complete(type, { clusterId: FLEET, gitops: false });
    const { id, properties } = await plugin.create(type, inputs);
    await plugin.delete(type, id, properties);
    expect(sentSwitches(cloud)).to.deep.equal([]);
  });

  it("fails at once for a Fleet that isn't there", async () => {
    const { plugin } = fixture;
    const inputs = await plugin.complete(type, { clusterId: FLEET, gitops: false });
    expect(await failureOf(plugin.create(type, inputs))).to.contain(
      "adcp DescribeHubClusterDetails failed: Cluster.NotFound",
    );
  });

  it("doesn't take a missing action for a missing Fleet", async () => {
    const { cloud, plugin } = fixture;
    cloud.fail("DescribeHubClusterDetails", new Refusal(404, "InvalidAction.NotFound", "no such action"));
    expect(await failureOf(plugin.read(type, FLEET))).to.contain("adcp DescribeHubClusterDetails failed");
  });
});

describe("provider Kubeconfig", () => {
  const type = "ackone:fleet:Kubeconfig";
  const fixture = useProvider({ tls: true });
  const DAY = 24 * 3600 * 1000;

  /** A Fleet whose kubeconfig is valid from and until so many days from now, and the resource made from it. */
  async function make(from: number, until: number, renewBeforeDays = 7) {
    const { cloud, plugin } = fixture;
    cloud.newFleet().kubeconfig = kubeconfigOf(await selfSigned(from, until));
    const inputs = await plugin.complete(type, { clusterId: FLEET, source: "fleet", renewBeforeDays });
    return { inputs, ...(await plugin.create(type, inputs)) };
  }

  it("is a secret and says when its certificate ends", async () => {
    const { cloud } = fixture;
    const { properties } = await make(-1, 100);
    expect(properties["kubeconfig"]).to.deep.equal(new Secret(cloud.fleet?.kubeconfig ?? ""));
    const expiration = String(properties["expiration"]);
    expect(expiration).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Date.parse(expiration)).to.be.closeTo(Date.now() + 100 * DAY, 60_000);
  });

  it("stays the same although the cloud hands out another certificate each time", async () => {
    const { cloud, plugin } = fixture;
    const { id, properties, inputs } = await make(-1, 100);
    Object.assign(cloud.fleet ?? {}, { kubeconfig: kubeconfigOf(await selfSigned(0, 200)) });
    expect(await plugin.read(type, id, properties, inputs)).to.deep.equal({ id, properties, inputs });
    expect((await plugin.diff(type, id, properties, inputs)).changed).to.equal(false);
  });

  it("is renewed by an update when it is about to expire; the preview still works with the old one", async () => {
    const { cloud, plugin } = fixture;
    const { id, properties, inputs } = await make(-94, 6);
    const diff = await plugin.diff(type, id, properties, inputs);
    expect(diff.properties).to.deep.equal({ kubeconfig: "UPDATE", expiration: "UPDATE" });
    expect(diff.replaces).to.deep.equal([]);
    const preview = await plugin.update(type, id, properties, inputs, { preview: true });
    expect(preview["kubeconfig"]).to.deep.equal(properties["kubeconfig"]);
    const fresh = kubeconfigOf(await selfSigned(0, 200));
    Object.assign(cloud.fleet ?? {}, { kubeconfig: fresh });
    const updated = await plugin.update(type, id, properties, inputs);
    expect(updated["kubeconfig"]).to.deep.equal(new Secret(fresh));
    expect((await plugin.diff(type, id, updated, inputs)).changed).to.equal(false);
  });

  it("is renewed as early as asked for", async () => {
    const { plugin } = fixture;
    const { id, properties, inputs } = await make(-94, 20, 30);
    expect((await plugin.diff(type, id, properties, inputs)).changed).to.equal(true);
  });

  it("is not renewed in the first three quarters of a short life", async () => {
    const { plugin } = fixture;
    const young = await make(-1, 2);
    expect((await plugin.diff(type, young.id, young.properties, young.inputs)).changed).to.equal(false);
    const old = await make(-4, 1);
    expect((await plugin.diff(type, old.id, old.properties, old.inputs)).changed).to.equal(true);
  });

  it("is unknown in the preview when it has expired", async () => {
    const { plugin } = fixture;
    const { id, properties, inputs } = await make(-1, 100);
    const expired = { ...properties, expiration: "2020-01-01T00:00:00Z" };
    const preview = await plugin.update(type, id, expired, inputs, { preview: true });
    expect(preview["kubeconfig"]).to.deep.equal(new Secret(UNKNOWN));
  });

  it("refuses an expired one and says how to get another", async () => {
    expect(await failureOf(make(-9, -2))).to.match(
      new RegExp(`^The kubeconfig that Alibaba Cloud gives for ${FLEET} has expired at .*Revoke KubeConfig`),
    );
  });

  it("takes a new one when the API server has another address", async () => {
    const { cloud, plugin } = fixture;
    const { id, properties, inputs } = await make(-1, 100);
    const moved = kubeconfigOf(await selfSigned(), "https://203.0.113.99:6443");
    Object.assign(cloud.fleet ?? {}, { kubeconfig: moved });
    const read = await plugin.read(type, id, properties, inputs);
    expect(read.properties["kubeconfig"]).to.deep.equal(new Secret(moved));
  });

  it("waits for a kubeconfig that isn't there yet", async () => {
    const { cloud, plugin } = fixture;
    cloud.newFleet();
    const inputs = await plugin.complete(type, { clusterId: FLEET, source: "fleet" });
    expect(await failureOf(plugin.create(type, inputs, { timeout: 0.05 }))).to.equal(
      `Waited 0.05 seconds for the kubeconfig of ${FLEET}; last seen: an empty kubeconfig; the API server has no such ` +
        "address yet. Run `pulumi up` again to go on waiting, or allow more time with the option customTimeouts.",
    );
  });

  it("has no end when it carries a token", async () => {
    const { cloud, plugin } = fixture;
    cloud.newFleet().kubeconfig = kubeconfigOf({ token: "bearer" });
    const inputs = await plugin.complete(type, { clusterId: FLEET, source: "fleet" });
    const { id, properties } = await plugin.create(type, inputs);
    expect(properties).not.to.have.property("expiration");
    expect((await plugin.diff(type, id, properties, inputs)).changed).to.equal(false);
  });

  it("comes from cs for a member cluster, over TLS with the authority of SSL_CERT_FILE", async () => {
    const { cloud, plugin } = fixture;
    cloud.memberKubeconfig = kubeconfigOf(await selfSigned());
    const inputs = await plugin.complete(type, {
      clusterId: cloud.memberId,
      source: "member",
      privateIpAddress: true,
    });
    const { id, properties } = await plugin.create(type, inputs);
    expect(id).to.equal(`member:${cloud.memberId}:private`);
    expect(properties["kubeconfig"]).to.deep.equal(new Secret(cloud.memberKubeconfig));
    expect(cloud.calls.at(-1)?.query).to.deep.equal({ PrivateIpAddress: "true" });
    expect((await plugin.read(type, id)).inputs).to.deep.equal(inputs);
    cloud.memberKubeconfig = undefined;
    expect((await plugin.read(type, id, properties, inputs)).id).to.equal("");
  });
});

describe("provider Permission", () => {
  const type = "ackone:fleet:Permission";
  const fixture = useProvider();
  const user = { userId: "2176001", clusterId: FLEET };

  it("keeps the user's other permissions on the Fleet when one is deleted", async () => {
    const { cloud, plugin } = fixture;
    const one = await plugin.complete(type, {
      ...user,
      roleType: "namespace",
      roleName: "dev",
      namespace: "echo",
    });
    const two = await plugin.complete(type, { ...user, roleType: "namespace", roleName: "gitops-dev" });
    const created = await plugin.create(type, one);
    await plugin.create(type, two);
    await plugin.delete(type, created.id, created.properties);
    expect(cloud.permissions.map((permission) => permission["RoleName"])).to.deep.equal(["gitops-dev"]);
  });

  it("leaves nothing behind when all of a user's permissions are deleted side by side", async () => {
    const { cloud, plugin } = fixture;
    const created = [];
    for (const namespace of ["a", "b", "c"]) {
      const inputs = await plugin.complete(type, {
        ...user,
        roleType: "namespace",
        roleName: "dev",
        namespace,
      });
      created.push(await plugin.create(type, inputs));
    }
    await Promise.all(created.map(({ id, properties }) => plugin.delete(type, id, properties)));
    expect(cloud.permissions).to.deep.equal([]);
  });

  it("is for the whole Fleet with the role type cluster", async () => {
    const { cloud, plugin } = fixture;
    const inputs = await plugin.complete(type, {
      ...user,
      roleType: "cluster",
      roleName: "admin",
      isRamRole: true,
    });
    const { id, properties } = await plugin.create(type, inputs);
    expect(id).to.equal(`2176001:${FLEET}:cluster:admin`);
    expect(cloud.permissions[0]).to.deep.equal({
      UserId: "2176001",
      ClusterId: FLEET,
      RoleType: "cluster",
      RoleName: "admin",
      IsRamRole: "true",
    });
    expect(await plugin.read(type, id, properties, inputs)).to.deep.equal({ id, properties, inputs });
  });
});
