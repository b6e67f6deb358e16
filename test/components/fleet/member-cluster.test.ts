import { expect } from "chai";
import { Fleet } from "../../../components/fleet/fleet";
import { FleetPermissions } from "../../../components/fleet/fleet-permissions";
import { MemberCluster, type MemberClusterArgs } from "../../../components/fleet/member-cluster";
import { clusterNameRule, type PermissionArgs } from "../../../components/fleet/names";
import { failureOf, outputOf, record } from "../../support/mocks";

const clusterId = "c01b4c73f17580d6add8d237c4df8f99e";
const base: MemberClusterArgs = { fleetId: "c-fleet", clusterId, clusterName: "dev-workloads" };
const make = (args: Partial<MemberClusterArgs> = {}) => new MemberCluster("workloads", { ...base, ...args });

describe("fleet/MemberCluster", () => {
  it("is a membership, a kubeconfig, a provider and Argo CD's rights", async () => {
    const graph = await record(() => make());
    expect(graph.shape()).to.deep.equal([
      "ackone:fleet:Kubeconfig workloads-kubeconfig",
      "ackone:fleet:MemberCluster workloads",
      "alicloud:ackone/membershipAttachment:MembershipAttachment workloads-attachment",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole workloads-argocd-role",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding workloads-argocd-binding",
      "pulumi:providers:kubernetes workloads-kubernetes",
    ]);
    expect(graph.named("workloads-attachment").inputs).to.deep.equal({
      clusterId: "c-fleet",
      subClusterId: clusterId,
    });
    expect(graph.named("workloads-kubeconfig").inputs).to.deep.equal({
      clusterId,
      source: "member",
      privateIpAddress: false,
    });
  });

  it("gives rights on the member to the account of the hosted Argo CD, after the membership", async () => {
    const graph = await record(() => make());
    const binding = graph.named("workloads-argocd-binding");
    expect(binding.provider).to.equal("workloads-kubernetes");
    expect(binding.inputs).to.deep.include({
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "ackone-delivery:argocd" },
      subjects: [{ kind: "ServiceAccount", name: "argocd-ackone-sa", namespace: "ack-multiple-clusters" }],
    });
    for (const name of ["workloads-argocd-role", "workloads-argocd-binding"]) {
      expect(graph.named(name).dependencies, name).to.include("workloads-attachment");
    }
  });

  it("covers what the services bring along, or what the caller says", async () => {
    const groups = async (args: Partial<MemberClusterArgs>) => {
      const { rules } = (await record(() => make(args))).named("workloads-argocd-role").inputs;
      return (rules as { apiGroups: string[] }[]).flatMap((rule) => rule.apiGroups);
    };
    expect(await groups({})).to.deep.equal([""]);
    expect(await groups({ canary: ["kruise"] })).to.deep.equal(["", "rollouts.kruise.io"]);
    expect(await groups({ canary: ["argo-rollouts", "kruise"] })).to.deep.equal([
      "",
      "rollouts.kruise.io",
      "argoproj.io",
    ]);
    expect(
      await groups({ rules: [{ apiGroups: ["batch"], resources: ["jobs"], verbs: ["*"] }] }),
    ).to.deep.equal(["batch"]);
  });

  it("doesn't let Argo CD delete a namespace, which may be another environment's", async () => {
    const { rules } = (await record(() => make())).named("workloads-argocd-role").inputs;
    expect(rules).to.deep.equal([
      {
        apiGroups: [""],
        resources: ["namespaces"],
        verbs: ["get", "list", "watch", "create", "update", "patch"],
      },
    ]);
  });

  it("joins only a Fleet whose GitOps is on; its kubeconfig waits for nothing", async () => {
    const graph = await record(() => {
      const fleet = new Fleet("fleet", { name: "acme", vpcId: "vpc-1", vSwitches: ["vsw-1"] });
      return make({ fleetId: fleet.id });
    });
    expect(graph.named("workloads-attachment").dependencies).to.deep.equal(["fleet-features"]);
    expect(graph.named("workloads-kubeconfig").dependencies).to.deep.equal([]);
  });

  it("knows its name in Argo CD in a preview, and registers the same", async () => {
    const preview = await record(() => make(), { preview: true });
    expect(await outputOf(preview.result.destinationName)).to.include({
      value: `${clusterId}-dev-workloads`,
      known: true,
    });
    expect(preview.shape()).to.deep.equal((await record(() => make())).shape());
  });

  it("hides the kubeconfig", async () => {
    const graph = await record(() => make());
    expect(graph.named("workloads-kubernetes").secrets).to.deep.equal(["kubeconfig"]);
    expect((await outputOf(graph.result.kubeconfig)).secret).to.equal(true);
  });

  it("can stay in the VPC", async () => {
    const graph = await record(() => make({ privateApiServer: true }));
    expect(graph.named("workloads-kubeconfig").inputs.privateIpAddress).to.equal(true);
  });

  it("refuses an id that isn't one", async () =>
    expect(await failureOf(() => make({ clusterId: "dev-workloads" }))).to.equal(
      'workloads.clusterId: "dev-workloads" is not the id of a cluster; it has 33 characters, "c" and 32 hexadecimal digits',
    ));

  it("takes the names that ACK takes, with underscores and letters of any script", () =>
    expect(["dev_workloads", "dev-workloads-", "开发-1"].map(clusterNameRule)).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]));

  it("refuses a name that isn't one", async () =>
    expect(await failureOf(() => make({ clusterName: "dev workloads" }))).to.equal(
      'workloads.clusterName: "dev workloads" is not the name of a cluster; use 1 to 63 letters, digits, _ and -, as in the ACK console',
    ));
});

describe("fleet/FleetPermissions", () => {
  const dev: PermissionArgs = {
    userId: "204900000000000001",
    roleType: "namespace",
    roleName: "gitops-dev",
    namespace: "argocd",
  };
  const permit = (...permissions: PermissionArgs[]) =>
    new FleetPermissions("permissions", { fleetId: "c-fleet", permissions });

  it("is one permission for each entry, named after it", async () => {
    const admin: PermissionArgs = { userId: "204900000000000001", roleType: "cluster", roleName: "admin" };
    const graph = await record(() => permit(dev, admin));
    expect(graph.shape()).to.deep.equal([
      "ackone:fleet:FleetPermissions permissions",
      "ackone:fleet:Permission permissions-204900000000000001-admin",
      "ackone:fleet:Permission permissions-204900000000000001-gitops-dev-argocd",
    ]);
    expect(graph.named("permissions-204900000000000001-gitops-dev-argocd").inputs).to.deep.equal({
      clusterId: "c-fleet",
      ...dev,
      isRamRole: false,
    });
  });

  const refusals: [string, PermissionArgs[], string][] = [
    [
      "a name instead of an id",
      [{ ...dev, userId: "alice" }],
      'permissions.permissions[0].userId: "alice" is not the id of a RAM user or role; it has digits only',
    ],
    [
      "another kind of permission",
      [{ ...dev, roleType: "fleet" as "cluster" }],
      'permissions.permissions[0].roleType: "fleet" is not a kind of permission; use cluster or namespace',
    ],
    [
      "a developer of the whole Fleet",
      [{ userId: "20490000", roleType: "cluster", roleName: "dev" }],
      'permissions.permissions[0].roleName: "dev" is not a role for the whole Fleet; use admin, or roleType namespace',
    ],
    [
      "an administrator of a namespace",
      [{ ...dev, roleName: "admin" }],
      'permissions.permissions[0].roleName: "admin" is not a role for a namespace; use dev or gitops-dev',
    ],
    [
      "a role for no namespace",
      [{ userId: "20490000", roleType: "namespace", roleName: "dev" }],
      "permissions.permissions[0].namespace: it is missing; say in which namespace of the Fleet the role holds",
    ],
    [
      "gitops-dev elsewhere",
      [{ ...dev, namespace: "echo" }],
      'permissions.permissions[0].namespace: "echo" has no GitOps; the role gitops-dev exists in "argocd" only',
    ],
    [
      "the same twice",
      [dev, dev],
      "permissions.permissions[1]: the same permission is listed twice; once is enough",
    ],
  ];
  for (const [what, permissions, sentence] of refusals) {
    it(`refuses ${what}`, async () =>
      expect(await failureOf(() => permit(...permissions))).to.equal(sentence));
  }
});
