import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { ArgoRollouts, type ArgoRolloutsArgs } from "../../../components/rollouts/argo-rollouts";
import { failureOf, record } from "../../support/mocks";

interface Rule {
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

const cluster = "c01b4c73f17580d6add8d237c4df8f99e-dev-workloads";
const projectName = "acme-argo-rollouts-workloads";

const make = (args: Partial<ArgoRolloutsArgs> = {}) => {
  const fleet = new Provider("fleet", { kubeconfig: "fleet" });
  const memberProvider = new Provider("member", { kubeconfig: "member" });
  return new ArgoRollouts(
    "rollouts",
    { cluster, memberProvider, projectName, ...args },
    { providers: [fleet] },
  );
};

const recorded = (args: Partial<ArgoRolloutsArgs> = {}) => record(() => make(args));
const specOf = async (args: Partial<ArgoRolloutsArgs> = {}) =>
  (await recorded(args)).named("rollouts-application").inputs.spec as Record<string, unknown>;
const rulesOf = async (role: string) => (await recorded()).named(role).inputs.rules as Rule[];

describe("components/rollouts/argo-rollouts", () => {
  it("is an Application in its own project on the Fleet, and rights on the member", async () => {
    const graph = await recorded();
    const on = (provider: string) =>
      graph.resources
        .filter((resource) => resource.provider === provider)
        .map(({ type, name }) => `${type.replace(/.*:/, "")} ${name}`)
        .sort();
    expect(on("fleet")).to.deep.equal(["AppProject rollouts-project", "Application rollouts-application"]);
    expect(on("member")).to.deep.equal([
      "ClusterRole rollouts-argocd-role",
      "ClusterRole rollouts-controller",
      "ClusterRole rollouts-controller-aggregate-to-admin",
      "ClusterRole rollouts-controller-aggregate-to-edit",
      "ClusterRole rollouts-controller-aggregate-to-view",
      "ClusterRoleBinding rollouts-argocd-binding",
      "ClusterRoleBinding rollouts-controller-binding",
      "Namespace rollouts-namespace",
      "Role rollouts-argocd-namespace-role",
      "RoleBinding rollouts-argocd-namespace-binding",
    ]);
  });

  it("deploys the upstream manifests of one version, with the image of that version", async () => {
    expect(await specOf()).to.deep.include({
      project: projectName,
      source: {
        repoURL: "https://github.com/argoproj/argo-rollouts.git",
        targetRevision: "v1.8.3",
        path: "manifests/cluster-install",
        kustomize: { images: ["quay.io/argoproj/argo-rollouts=quay.io/argoproj/argo-rollouts:v1.8.3"] },
      },
      destination: { name: cluster, namespace: "argo-rollouts" },
    });
  });

  it("deploys from a mirror", async () => {
    const spec = await specOf({
      repository: "https://git.example.com/mirror/argo-rollouts.git",
      revision: "v1.8.2",
      path: "install",
      image: "mirror.example.com/argo/rollouts:v1.8.2",
    });
    expect(spec.source).to.deep.equal({
      repoURL: "https://git.example.com/mirror/argo-rollouts.git",
      targetRevision: "v1.8.2",
      path: "install",
      kustomize: { images: ["quay.io/argoproj/argo-rollouts=mirror.example.com/argo/rollouts:v1.8.2"] },
    });
  });

  it("deploys by itself, on the server's side, and tries again", async () => {
    const spec = await specOf();
    expect(spec.syncPolicy).to.deep.include({
      automated: { prune: true, selfHeal: true },
      syncOptions: ["ServerSideApply=true"],
    });
    expect((spec.syncPolicy as { retry: { limit: number } }).retry.limit).to.be.greaterThan(0);
    expect(spec.ignoreDifferences).to.deep.equal([
      {
        group: "apiextensions.k8s.io",
        kind: "CustomResourceDefinition",
        jsonPointers: ["/spec/preserveUnknownFields"],
      },
    ]);
  });

  it("exists when the manifests are applied: services that depend on it find the definitions", async () => {
    const { metadata } = (await recorded()).named("rollouts-application").inputs;
    expect(metadata).to.deep.include({
      name: projectName,
      namespace: "argocd",
      annotations: { "pulumi.com/waitFor": "jsonpath={.status.operationState.phase}=Succeeded" },
      finalizers: ["resources-finalizer.argocd.argoproj.io"],
    });
  });

  it("keeps the rights until the Application is gone", async () => {
    const graph = await recorded();
    const { dependencies } = graph.named("rollouts-application");
    const onMember = graph.resources.filter(({ provider }) => provider === "member").map(({ name }) => name);
    expect(onMember).to.have.length(10);
    for (const name of onMember) {
      expect(dependencies, name).to.include(name);
    }
  });

  it("may deploy only the kinds in the manifests, and only to its namespace", async () => {
    const spec = (await recorded()).named("rollouts-project").inputs.spec;
    expect(spec).to.deep.include({
      sourceRepos: ["https://github.com/argoproj/argo-rollouts.git"],
      destinations: [{ name: cluster, namespace: "argo-rollouts" }],
      clusterResourceWhitelist: [
        { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition" },
        { group: "rbac.authorization.k8s.io", kind: "ClusterRole" },
        { group: "rbac.authorization.k8s.io", kind: "ClusterRoleBinding" },
      ],
    });
  });

  it("gives Argo CD no right in the cluster that isn't limited to names", async () => {
    for (const rule of await rulesOf("rollouts-argocd-role")) {
      expect(rule.resourceNames, JSON.stringify(rule)).to.be.an("array").that.is.not.empty;
      expect(rule.verbs).not.to.include("*");
    }
  });

  it("lets Argo CD raise the controller's roles, which exist, and create none", async () => {
    const graph = await recorded();
    const roles = (await rulesOf("rollouts-argocd-role")).filter((rule) =>
      rule.resources.includes("clusterroles"),
    );
    const escalating = roles.filter((rule) => rule.verbs.includes("escalate"));
    const existing = graph.resources
      .filter(({ type, inputs }) => type.endsWith(":ClusterRole") && inputs.rules === undefined)
      .map(({ inputs }) => (inputs.metadata as { name: string }).name);
    expect(escalating.flatMap((rule) => rule.resourceNames ?? [])).to.have.members(existing);
    expect(roles.flatMap((rule) => rule.verbs)).not.to.include("create");
  });

  it("leaves the rules of those roles to Argo CD", async () => {
    expect((await recorded()).named("rollouts-controller").inputs).not.to.have.property("rules");
  });

  it("binds the rights to the account of the hosted Argo CD", async () => {
    const graph = await recorded();
    const subjects = [
      { kind: "ServiceAccount", name: "argocd-ackone-sa", namespace: "ack-multiple-clusters" },
    ];
    for (const binding of ["rollouts-argocd-binding", "rollouts-argocd-namespace-binding"]) {
      expect(graph.named(binding).inputs.subjects, binding).to.deep.equal(subjects);
    }
  });

  it("has the same objects in a preview", async () => {
    const preview = await record(() => make({ cluster: pulumi.output(cluster) }), { preview: true });
    expect(preview.shape()).to.deep.equal((await recorded()).shape());
  });

  const wrong: [Partial<ArgoRolloutsArgs>, string][] = [
    [
      { projectName: "Argo Rollouts" },
      'rollouts.projectName: "Argo Rollouts" is not a Kubernetes name; use lower-case letters, digits and inner dashes, like echo-dev',
    ],
    [
      { revision: "v1.8.*" },
      'rollouts.revision: "v1.8.*" is not a tag, branch or commit; use one like v1.8.3',
    ],
    [
      { image: "quay.io/argoproj/argo-rollouts" },
      'rollouts.image: "quay.io/argoproj/argo-rollouts" is not an image with a fixed version; use host/name:tag',
    ],
    [
      { image: "quay.io/argoproj/argo-rollouts:latest" },
      'rollouts.image: "quay.io/argoproj/argo-rollouts:latest" is not an image with a fixed version; use host/name:tag',
    ],
    [
      { repository: "argoproj/argo-rollouts" },
      'rollouts.repository: "argoproj/argo-rollouts" is not the URL of a Git repository; use https://host/owner/name.git or git@host:owner/name.git',
    ],
  ];
  for (const [args, sentence] of wrong) {
    it(`refuses ${JSON.stringify(args)}`, async () => {
      expect(await failureOf(() => make(args))).to.contain(sentence);
    });
  }
});
