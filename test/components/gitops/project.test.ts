import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Project, type ProjectArgs } from "../../../components/gitops/project";
import { failureOf, outputOf, record } from "../../support/mocks";
import { unknownOutput } from "../../support/unknown";

const cluster = "c01b4c73f17580d6add8d237c4df8f99e-workloads";
const url = "https://github.com/acme/echo-deploy.git";

const build = (args: Partial<ProjectArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new Project(
    "production",
    {
      projectName: "acme-production",
      sourceRepositories: [url],
      destinations: [{ cluster, namespace: "echo-production" }],
      ...args,
    },
    opts,
  );

const operators = {
  name: "operators",
  groups: ["200000000000000001"],
  policies: ["p, proj:acme-production:operators, applications, sync, acme-production/*, allow"],
};

describe("components/gitops/project", () => {
  it("fences in repositories, clusters and namespaces", async () => {
    const graph = await record(() => build({ description: "Production of acme" }));
    expect(graph.shape()).to.deep.equal([
      "ackone:gitops:Project production",
      "kubernetes:argoproj.io/v1alpha1:AppProject production-project",
    ]);
    const project = graph.named("production-project");
    expect(project.parent).to.equal("production");
    expect(project.inputs).to.deep.equal({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: {
        name: "acme-production",
        namespace: "argocd",
        finalizers: ["resources-finalizer.argocd.argoproj.io"],
      },
      spec: {
        description: "Production of acme",
        sourceRepos: [url],
        destinations: [{ name: cluster, namespace: "echo-production" }],
        clusterResourceWhitelist: [{ group: "", kind: "Namespace" }],
      },
    });
    expect(project.customTimeouts).to.deep.equal({ delete: "20m" });
    // Under another name: the old one waits for Applications that name the new one only later.
    expect(project.deleteBeforeReplace).to.equal(false);
  });

  it("gives roles to groups", async () => {
    const graph = await record(() => build({ roles: [operators] }));
    expect(graph.named("production-project").inputs.spec).to.deep.include({ roles: [operators] });
  });

  it("is deleted before what it depends on, in the cluster of the given provider", async () => {
    const graph = await record(() => {
      const provider = new Provider("fleet", { kubeconfig: "{}" });
      const member = new ConfigMap("member", { metadata: { name: "member" } }, { provider });
      return build({}, { provider, dependsOn: member });
    });
    const project = graph.named("production-project");
    expect(project.dependencies).to.deep.equal(["member"]);
    expect(project.provider).to.equal("fleet");
  });

  it("hands its name on when it exists", async () => {
    const { result } = await record(() => build());
    expect((await outputOf(result.projectName)).value).to.equal("acme-production");
  });

  it("registers the same in a preview without URL and cluster", async () => {
    const args = {
      sourceRepositories: [unknownOutput<string>()],
      destinations: [{ cluster: unknownOutput<string>(), namespace: "echo-production" }],
    };
    const preview = await record(() => build(args), { preview: true });
    expect(preview.shape()).to.deep.equal((await record(() => build())).shape());
    expect((await outputOf(preview.result.projectName)).value).to.equal("acme-production");
  });

  const bad: [string, Partial<ProjectArgs>, string][] = [
    [
      "the project that allows everything",
      { projectName: "default" },
      'production.projectName: "default" is Argo CD\'s own project, which allows everything; choose another',
    ],
    [
      "a bad name",
      { projectName: "Acme" },
      'production.projectName: "Acme" is not a Kubernetes name; use lower-case letters, digits and inner dashes, like echo-dev',
    ],
    [
      "all repositories",
      { sourceRepositories: ["*"] },
      'production.sourceRepositories[0]: "*" would allow every repository; name the repositories, or a prefix like https://host/owner/*',
    ],
    [
      "no repository",
      { sourceRepositories: [] },
      "production.sourceRepositories is empty; without a repository no Application can be deployed",
    ],
    [
      "no destination",
      { destinations: [] },
      "production.destinations is empty; without one no Application can be deployed",
    ],
    [
      "a namespace of the cluster",
      { destinations: [{ cluster, namespace: "kube-system" }] },
      'production.destinations[0].namespace: "kube-system" is reserved for the cluster itself; choose a namespace of the service\'s own, like echo-dev',
    ],
    [
      "all namespaces",
      { destinations: [{ cluster, namespace: "*" }] },
      'production.destinations[0].namespace: "*" is not a Kubernetes name; use lower-case letters, digits and inner dashes, like echo-dev',
    ],
    [
      "two roles with one name",
      { roles: [operators, operators] },
      'production.roles[1].name: "operators" is used twice; a role\'s name is unique in its project',
    ],
    [
      "a role with a bad name",
      { roles: [{ name: "o&m", policies: [] }] },
      'production.roles[0].name: "o&m" is not a role\'s name; use letters, digits and inner dashes or underscores',
    ],
    [
      "a line for somebody else",
      { roles: [{ ...operators, policies: ["p, proj:demo:app, applications, sync, demo/*, allow"] }] },
      'production.roles[0].policies[0]: "p, proj:demo:app, applications, sync, demo/*, allow" isn\'t a permission of this role; it starts with "p, proj:acme-production:operators, "',
    ],
    [
      "a group that would be read as two",
      { roles: [{ ...operators, groups: ["a,b"] }] },
      'production.roles[0].groups[0]: "a,b" has a comma in it, which would start another group; put the name in double quotes',
    ],
  ];
  for (const [what, args, message] of bad) {
    it(`refuses ${what}`, async () => {
      expect(await failureOf(() => build(args))).to.equal(message);
    });
  }

  it("refuses all repositories also when that is known late", async () => {
    expect(await failureOf(() => build({ sourceRepositories: [pulumi.output("*")] }))).to.contain(
      'production.sourceRepositories[0]: "*" would allow every repository',
    );
  });
});
