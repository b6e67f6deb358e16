import { expect } from "chai";
import { fleetRequest, Harness, members, waitFor } from "./harness";

describe("ACK One", () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await Harness.start();
  });
  afterEach(() => harness.stop());

  const adcp = (action: string, parameters: Record<string, unknown>) =>
    harness.client.adcp(action, parameters);
  const details = async (ClusterId: string) =>
    (await adcp("DescribeHubClusterDetails", { ClusterId })).body["Cluster"] as {
      ClusterInfo: Record<string, unknown>;
    };
  const memberState = (id: string) => harness.emulator.dump().members.find((each) => each.id === id)?.state;
  const untilMember = (id: string, state: string | undefined) =>
    waitFor(() => ({ ok: memberState(id) === state, seen: memberState(id) }));
  const [one, two] = members.map(({ id }) => id) as [string, string];

  describe("a Fleet", () => {
    it("starts its API server and GitOps", async () => {
      await harness.restart({ settings: { delays: { fleet: 100 } } });
      const { body } = await adcp("CreateHubCluster", fleetRequest());
      const id = String(body["ClusterId"]);
      expect(id).to.match(/^c[0-9a-f]{32}$/);
      expect((await details(id)).ClusterInfo).to.deep.include({ State: "initial", MetaData: { ACKOne: {} } });
      await harness.untilFleet(id, { state: "running" });
      expect(harness.clusters.asked).to.deep.equal([`ensure fleet ${id}`, `gitops ${id} on`]);
      expect(await details(id)).to.nested.include({
        "ClusterInfo.Name": "acme-dev",
        "ClusterInfo.Profile": "Default",
        "ClusterInfo.MetaData.ACKOne.GitOps.Enabled": true,
        "ApiServer.EnabledPublic": false,
        "Network.VpcId": "vpc-bp1test",
        "Network.VSwitches[0]": "vsw-bp1a",
      });
      const listed = await adcp("DescribeHubClusters", { Profile: "Default" });
      expect(listed.body["Clusters"]).to.have.nested.property("[0].ClusterInfo.ClusterId", id);
    });

    it("fails when its API server doesn't start", async () => {
      harness.clusters.failing = ["ensure fleet"];
      const { body } = await adcp("CreateHubCluster", fleetRequest());
      await harness.untilFleet(String(body["ClusterId"]), { state: "failed" });
      const { ClusterInfo } = await details(String(body["ClusterId"]));
      expect(ClusterInfo["ErrorMessage"]).to.include("ensure fleet").and.include("failed");
    });

    it("has no GitOps in the profile XFlow", async () => {
      const { body } = await adcp("CreateHubCluster", fleetRequest({ Profile: "XFlow" }));
      const id = String(body["ClusterId"]);
      await harness.untilFleet(id, { state: "running", gitops: false });
      const answer = await adcp("UpdateHubClusterFeature", { ClusterId: id, ArgoCDEnabled: true });
      expect(answer.body).to.include({ Code: "InvalidParameter" });
    });

    it("is one per account, unless the quota is higher", async () => {
      await harness.fleet();
      const second = await adcp("CreateHubCluster", fleetRequest());
      expect(second).to.nested.include({ status: 400, "body.Code": "ErrQuotaExceeded.HubCluster" });
      await harness.restart({ settings: { quotas: { fleets: 2 } } });
      expect((await adcp("CreateHubCluster", fleetRequest())).status).to.equal(200);
    });

    for (const [what, more, code] of [
      ["an unknown VPC", { VpcId: "vpc-x" }, "InvalidVpcId.NotFound"],
      ["an unknown vSwitch", { VSwitches: '["vsw-x"]' }, "InvalidVSwitchId.NotFound"],
      ["no vSwitch", { VSwitches: "[]" }, "InvalidParameter"],
      ["another region", { RegionId: "cn-beijing" }, "InvalidParameter"],
      ["an unknown profile", { Profile: "Pro" }, "InvalidParameter"],
      ["no VPC", { VpcId: "" }, "MissingVpcId"],
    ] as const) {
      it(`isn't created in ${what}`, async () => {
        expect((await adcp("CreateHubCluster", fleetRequest(more))).body).to.include({ Code: code });
        expect(harness.emulator.dump().fleets).to.be.empty;
      });
    }

    it("is deleted only without protection, GitOps and members", async () => {
      const ClusterId = await harness.fleet();
      const remove = async (more: Record<string, unknown> = {}) =>
        (await adcp("DeleteHubCluster", { ClusterId, ...more })).body["Code"];
      const update = (more: Record<string, unknown>) =>
        adcp("UpdateHubClusterFeature", { ClusterId, ...more });
      await adcp("AttachClusterToHub", { ClusterId, ClusterIds: JSON.stringify([one]) });
      await update({ DeletionProtection: true });
      expect(await remove()).to.equal("ErrDeletionProtection");
      await update({ DeletionProtection: false });
      expect(await remove()).to.equal("ErrGitOpsEnabled");
      await update({ ArgoCDEnabled: false });
      await harness.untilFleet(ClusterId, { gitops: false });
      expect(await remove()).to.equal("ErrManagedClusterExists");
      await adcp("DetachClusterFromHub", { ClusterId, ClusterIds: JSON.stringify([one]) });
      await untilMember(one, undefined);
      expect(await remove()).to.equal(undefined);
      const gone = await harness.until(() => adcp("DescribeHubClusterDetails", { ClusterId }), {
        Code: "Cluster.NotFound",
      });
      expect(gone.status).to.equal(404);
      expect(harness.clusters.asked.at(-1)).to.equal(`remove ${ClusterId}`);
      expect((await adcp("DeleteHubCluster", { ClusterId })).status).to.equal(404);
    });

    it("gives out its kubeconfig, the public one only with a public API server", async () => {
      const ClusterId = await harness.fleet();
      const get = (more: Record<string, unknown> = {}) =>
        adcp("DescribeHubClusterKubeconfig", { ClusterId, ...more });
      expect(await get()).to.nested.include({ status: 400, "body.Code": "ErrPublicApiServerDisabled" });
      expect((await get({ PrivateIpAddress: true })).body["Kubeconfig"]).to.include(ClusterId);
      await adcp("UpdateHubClusterFeature", { ClusterId, PublicApiServerEnabled: true });
      await harness.untilFleet(ClusterId, { publicApiServer: true });
      expect((await get()).body["Kubeconfig"]).to.include(ClusterId);
    });
  });

  describe("features", () => {
    it("are switched some time after the answer", async () => {
      const ClusterId = await harness.fleet();
      await harness.restart({ settings: { delays: { feature: 100 } } });
      const answer = await adcp("UpdateHubClusterFeature", {
        ClusterId,
        ArgoCDEnabled: true,
        ArgoCDHAEnabled: true,
        PublicAccessEnabled: true,
        AccessControlList: '["192.0.2.0/24"]',
        PublicApiServerEnabled: true,
        AuditLogEnabled: true,
        MonitorEnabled: true,
      });
      expect(answer.body).to.have.all.keys("RequestId");
      expect((await details(ClusterId)).ClusterInfo).to.nested.include({
        "MetaData.ACKOne.GitOps.HAEnabled": false,
      });
      await harness.untilFleet(ClusterId, { highAvailability: true });
      expect(harness.clusters.asked).to.include(`gitops ${ClusterId} on ha`);
      expect(await details(ClusterId)).to.nested.include({
        "ClusterInfo.MetaData.ACKOne.GitOps.PublicAccessEnabled": true,
        "ClusterInfo.MetaData.ACKOne.GitOps.AccessControlList[0]": "192.0.2.0/24",
        "ApiServer.EnabledPublic": true,
        "LogConfig.EnableLog": true,
      });
      await adcp("UpdateHubClusterFeature", { ClusterId, ArgoCDEnabled: false });
      await harness.untilFleet(ClusterId, {
        gitops: false,
        highAvailability: false,
        publicAccess: false,
        accessControlList: [],
        publicApiServer: true,
      });
    });

    it("come back for the members when GitOps does", async () => {
      const ClusterId = await harness.fleet();
      await adcp("AttachClusterToHub", { ClusterId, ClusterIds: JSON.stringify([one]) });
      await untilMember(one, "Successed");
      await adcp("UpdateHubClusterFeature", { ClusterId, ArgoCDEnabled: false });
      await harness.untilFleet(ClusterId, { gitops: false });
      await adcp("UpdateHubClusterFeature", { ClusterId, ArgoCDEnabled: true });
      await harness.untilFleet(ClusterId, { gitops: true });
      expect(harness.clusters.asked.slice(-2)).to.deep.equal([
        `gitops ${ClusterId} on`,
        `attach ${one} to ${ClusterId}`,
      ]);
    });

    it("say in the conditions why they couldn't be switched", async () => {
      const ClusterId = await harness.fleet();
      harness.clusters.failing = ["gitops"];
      await adcp("UpdateHubClusterFeature", { ClusterId, ArgoCDEnabled: false });
      const failed = () => adcp("DescribeHubClusterDetails", { ClusterId });
      await waitFor(async () => {
        const { Conditions } = (await failed()).body["Cluster"] as { Conditions: unknown[] };
        return { ok: Conditions.length === 1, seen: Conditions };
      });
      expect(harness.emulator.dump().fleets[0]).to.include({ gitops: true });
    });

    it("that need others are refused without them", async () => {
      const ClusterId = await harness.fleet();
      const update = async (more: Record<string, unknown>) =>
        (await adcp("UpdateHubClusterFeature", { ClusterId, ...more })).body["Message"];
      expect(await update({ AccessControlList: '["192.0.2.0/24"]' })).to.include(
        "only with PublicAccessEnabled",
      );
      expect(await update({ PublicAccessEnabled: true, AccessControlList: '["x"]' })).to.include(
        "x is not an IPv4",
      );
      expect(await update({ ArgoCDEnabled: false, ArgoCDHAEnabled: true })).to.include("GitOps is off");
      expect(await update({ ArgoCDEnabled: false, PublicAccessEnabled: true })).to.include("GitOps is off");
      expect((await adcp("UpdateHubClusterFeature", { ClusterId: "c0" })).status).to.equal(404);
    });
  });

  describe("members", () => {
    it("are installed, described and removed", async () => {
      const ClusterId = await harness.fleet();
      const ClusterIds = JSON.stringify([one, two]);
      const attached = await adcp("AttachClusterToHub", { ClusterId, ClusterIds });
      expect(attached.body["ManagedClusterIds"]).to.deep.equal([one, two]);
      // On a busy machine the answer takes longer than the installation.
      expect(memberState(one)).to.be.oneOf(["Installing", "Successed"]);
      await untilMember(one, "Successed");
      await untilMember(two, "Successed");
      expect(harness.clusters.asked).to.include.members([
        `ensure member ${one}`,
        `attach ${one} to ${ClusterId}`,
      ]);
      const described = await adcp("DescribeManagedClusters", { ClusterId });
      expect(described.body).to.nested.include({
        "Clusters[0].Cluster.ClusterID": one,
        "Clusters[0].Cluster.Name": "one",
        "Clusters[0].Status.State": "Successed",
      });
      const again = await adcp("AttachClusterToHub", { ClusterId, ClusterIds });
      expect(again.status).to.equal(200);
      expect(memberState(one)).to.equal("Successed");
      await adcp("DetachClusterFromHub", { ClusterId, ClusterIds: JSON.stringify([one]) });
      expect(memberState(one)).to.equal("Deleting");
      await untilMember(one, undefined);
      expect(harness.clusters.asked).to.include(`detach ${one} from ${ClusterId}`);
      expect((await adcp("DetachClusterFromHub", { ClusterId, ClusterIds })).status).to.equal(200);
    });

    it("that can't be prepared are Failed and can be attached again", async () => {
      const ClusterId = await harness.fleet();
      const ClusterIds = JSON.stringify([one]);
      harness.clusters.failing = ["attach"];
      await adcp("AttachClusterToHub", { ClusterId, ClusterIds });
      await untilMember(one, "Failed");
      harness.clusters.failing = [];
      await adcp("AttachClusterToHub", { ClusterId, ClusterIds });
      await untilMember(one, "Successed");
    });

    it("have to exist, and are in one Fleet only", async () => {
      await harness.restart({ settings: { quotas: { fleets: 2 } } });
      const [first, second] = [await harness.fleet(), await harness.fleet()];
      const attach = (ClusterId: string, id: string) =>
        adcp("AttachClusterToHub", { ClusterId, ClusterIds: JSON.stringify([id]) });
      expect(await attach(first, "c0")).to.nested.include({ status: 404, "body.Code": "Cluster.NotFound" });
      expect(await attach("c0", one)).to.nested.include({ status: 404, "body.Code": "Cluster.NotFound" });
      await attach(first, one);
      expect(await attach(second, one)).to.nested.include({ status: 400, "body.Code": "ErrClusterAttached" });
    });
  });

  describe("permissions", () => {
    it("are granted, described, replaced and deleted", async () => {
      const ClusterId = await harness.fleet();
      const user = { UserId: "2001", ClusterId };
      const describeAll = async () =>
        (await adcp("DescribeUserPermissions", { UserId: "2001" })).body["Permissions"];
      await adcp("GrantUserPermission", {
        ...user,
        RoleType: "namespace",
        RoleName: "gitops-dev",
        Namespace: "argocd",
      });
      await adcp("GrantUserPermission", { ...user, RoleType: "cluster", RoleName: "admin" });
      expect(await describeAll()).to.deep.equal([
        {
          ResourceId: `${ClusterId}/argocd`,
          ResourceType: "namespace",
          RoleName: "gitops-dev",
          RoleType: "gitops-dev",
        },
        { ResourceId: ClusterId, ResourceType: "cluster", RoleName: "admin", RoleType: "admin" },
      ]);
      await adcp("UpdateUserPermission", { ...user, RoleType: "namespace", RoleName: "dev", Namespace: "a" });
      expect(await describeAll()).to.have.length(1);
      expect((await adcp("DeleteUserPermission", user)).status).to.equal(200);
      expect(await describeAll()).to.be.empty;
      expect((await adcp("DeleteUserPermission", user)).status).to.equal(404);
      const update = await adcp("UpdateUserPermission", { ...user, RoleType: "cluster", RoleName: "admin" });
      expect(update.status).to.equal(404);
    });

    it("fit type, role and namespace together", async () => {
      const ClusterId = await harness.fleet();
      const grant = async (RoleType: string, RoleName: string, Namespace?: string) =>
        (await adcp("GrantUserPermission", { UserId: "1", ClusterId, RoleType, RoleName, Namespace })).body[
          "Message"
        ];
      expect(await grant("cluster", "dev")).to.include("only admin is");
      expect(await grant("namespace", "admin", "a")).to.include("use dev or gitops-dev");
      expect(await grant("namespace", "dev")).to.include("needs one");
      expect(await grant("namespace", "gitops-dev", "a")).to.include("only for argocd");
    });
  });
});
