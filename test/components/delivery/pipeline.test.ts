import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { checkPipeline, Pipeline, type PipelineArgs } from "../../../components/delivery/pipeline";
import { failureOf, outputOf, type Recording, record } from "../../support/mocks";
import { thrown } from "../../support/thrown";

const host = "acme-registry-vpc.cn-hangzhou.cr.aliyuncs.com";
const cluster = "c01b4c73f17580d6add8d237c4df8f99e-workloads";

const args: PipelineArgs = {
  service: "echo",
  images: {
    server: {
      reference: `${host}/echo/echo-server`,
      helm: { name: "image.server.repository", tag: "image.server.tag" },
      sampleTags: ["v1.2.3"],
    },
    web: {
      reference: `${host}/echo/echo-web-server`,
      helm: { name: "image.web.repository", tag: "image.web.tag" },
      update: { strategy: "name" },
    },
  },
  repository: { url: "https://github.com/acme/echo-deploy.git", branch: "main" },
  deploy: { helm: "charts/echo", valueFiles: ["values-${environment}.yaml"] },
  update: { strategy: "latest", allowTags: "regexp:^v[1-9]" },
  environments: {
    dev: { project: "acme-dev", cluster, namespace: "echo-dev", sync: "automatic" },
    staging: { project: "acme-staging", cluster, namespace: "echo-staging", forceUpdate: true },
    production: { project: "acme-production", cluster, namespace: "echo-production", paused: true },
  },
};

const build = (changes: Partial<PipelineArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new Pipeline("echo", { ...args, ...changes }, opts);

type Inputs = {
  metadata: { name: string; annotations: Record<string, string> };
  spec: Record<string, unknown>;
};

const application = (graph: Recording, environment: string) =>
  graph.named(`echo-${environment}-application`).inputs as unknown as Inputs;

const annotationsOf = (graph: Recording, environment: string) =>
  Object.fromEntries(
    Object.entries(application(graph, environment).metadata.annotations).map(([key, value]) => [
      key.replace("argocd-image-updater.argoproj.io/", ""),
      value,
    ]),
  );

describe("components/delivery/pipeline", () => {
  it("makes one Application for each environment", async () => {
    const graph = await record(() => build());
    expect(graph.shape()).to.deep.equal([
      "ackone:delivery:Application echo-dev",
      "ackone:delivery:Application echo-production",
      "ackone:delivery:Application echo-staging",
      "ackone:delivery:Pipeline echo",
      "kubernetes:argoproj.io/v1alpha1:Application echo-dev-application",
      "kubernetes:argoproj.io/v1alpha1:Application echo-production-application",
      "kubernetes:argoproj.io/v1alpha1:Application echo-staging-application",
    ]);
    expect(graph.named("echo-dev").parent).to.equal("echo");
    expect((await outputOf(graph.result.applicationNames)).value).to.deep.equal([
      "echo-dev",
      "echo-staging",
      "echo-production",
    ]);
    expect(Object.keys(graph.result.applications)).to.deep.equal(["dev", "staging", "production"]);
  });

  it("gives every environment its project, namespace, values and sync mode", async () => {
    const graph = await record(() => build());
    for (const environment of ["dev", "staging", "production"]) {
      const { spec } = application(graph, environment);
      expect(spec.project).to.equal(`acme-${environment}`);
      expect(spec.destination).to.deep.equal({ name: cluster, namespace: `echo-${environment}` });
      expect((spec.source as { helm: object }).helm).to.deep.include({
        valueFiles: [`values-${environment}.yaml`],
      });
      expect("automated" in (spec.syncPolicy as object)).to.equal(environment === "dev");
    }
  });

  it("puts the environment's name into the folder of an overlay", async () => {
    const images = { server: { reference: `${host}/echo/echo-server`, kustomize: { image: "echo" } } };
    const graph = await record(() => build({ images, deploy: { kustomize: "overlays/${environment}" } }));
    expect(application(graph, "staging").spec.source).to.include({ path: "overlays/staging" });
  });

  it("updates all images alike, but for what an image or an environment says itself", async () => {
    const graph = await record(() => build());
    expect(annotationsOf(graph, "dev")).to.include({
      "server.update-strategy": "latest",
      "server.allow-tags": "regexp:^v[1-9]",
      "web.update-strategy": "name",
      "web.allow-tags": "regexp:^v[1-9]",
    });
    expect(annotationsOf(graph, "dev")).not.to.have.any.keys("server.force-update", "server.ignore-tags");
    expect(annotationsOf(graph, "staging")).to.include({
      "server.force-update": "true",
      "web.force-update": "true",
    });
    expect(annotationsOf(graph, "production")).to.include({
      "server.ignore-tags": "*",
      "web.ignore-tags": "*",
    });
  });

  it("doesn't let a setting that is undefined hide the one for all images", async () => {
    const update = { strategy: undefined, allowTags: undefined };
    const images = { server: { ...args.images.server!, update } };
    const graph = await record(() =>
      build({ images, update: { strategy: "semver", allowTags: "regexp:^v" } }),
    );
    expect(annotationsOf(graph, "dev")).to.include({
      "server.update-strategy": "semver",
      "server.allow-tags": "regexp:^v",
    });
  });

  it("ignores tags in one environment beside those that are ignored everywhere", async () => {
    const environments = {
      dev: args.environments.dev!,
      staging: { ...args.environments.staging!, ignoreTags: ["v1.0.2"] },
    };
    const graph = await record(() => build({ environments, update: { ignoreTags: ["v0.*"] } }));
    expect(annotationsOf(graph, "dev")).to.include({
      "server.ignore-tags": "v0.*",
      "web.ignore-tags": "v0.*",
    });
    expect(annotationsOf(graph, "staging")).to.include({
      "server.ignore-tags": "v0.*,v1.0.2",
      "web.ignore-tags": "v0.*,v1.0.2",
    });
  });

  it("commits to a branch of its own for every Application and change", async () => {
    const graph = await record(() => build({ writeBack: { branch: "bot/${application}-{{.SHA256}}" } }));
    const branches = ["dev", "staging"].map((name) => annotationsOf(graph, name)["git-branch"]);
    expect(branches).to.deep.equal(["main:bot/echo-dev-{{.SHA256}}", "main:bot/echo-staging-{{.SHA256}}"]);
  });

  it("is deleted before what all environments, or one of them, depend on", async () => {
    const graph = await record(() => {
      const [credentials, member] = ["credentials", "member"].map(
        (name) => new ConfigMap(name, { metadata: { name } }),
      ) as [ConfigMap, ConfigMap];
      const { dev, staging } = args.environments as Record<string, PipelineArgs["environments"][string]>;
      return build(
        { environments: { dev: { ...dev!, dependsOn: [member] }, staging: staging! } },
        { dependsOn: credentials },
      );
    });
    expect(graph.named("echo-dev-application").dependencies).to.deep.equal(["credentials", "member"]);
    expect(graph.named("echo-staging-application").dependencies).to.deep.equal(["credentials"]);
  });

  it("changes nothing for other services when one is added", async () => {
    const alone = await record(() => build());
    const both = await record(() => [build(), new Pipeline("greeter", { ...args, service: "greeter" })]);
    const added = both.resources.filter(({ name }) => name.startsWith("greeter"));
    expect(both.resources.length).to.equal(alone.resources.length + added.length);
    for (const resource of alone.resources) {
      expect(both.named(resource.name).inputs).to.deep.equal(resource.inputs);
    }
  });

  it("registers the same in a preview", async () => {
    const preview = await record(() => build(), { preview: true });
    expect(preview.shape()).to.deep.equal((await record(() => build())).shape());
  });

  const bad: [string, Partial<PipelineArgs>, string][] = [
    ["no image", { images: {} }, "echo.images is empty; a service has at least one image"],
    [
      "no environment",
      { environments: {} },
      "echo.environments is empty; a service is deployed to at least one",
    ],
    [
      "an unknown variable",
      { deploy: { helm: "charts/${service}" } },
      'echo.deploy.helm: "charts/${service}" has the unknown variable ${service} in it; only ${environment} is replaced',
    ],
    [
      "an unknown variable in a file of values",
      { deploy: { helm: "charts/echo", valueFiles: ["values.yaml", "values-${env}.yaml"] } },
      'echo.deploy.valueFiles[1]: "values-${env}.yaml" has the unknown variable ${env} in it; only ${environment} is replaced',
    ],
    [
      "a filter for all images that an image's builds never pass",
      { update: { allowTags: "regexp:^release-" } },
      'echo.update.allowTags: "regexp:^release-" never matches a tag that the build makes, like "v1.2.3"; no release would be deployed',
    ],
    [
      "an image's own filter that its builds never pass",
      { images: { server: { ...args.images.server!, update: { allowTags: "regexp:^release-" } } } },
      'echo.images.server.update.allowTags: "regexp:^release-" never matches a tag that the build makes, like "v1.2.3"; no release would be deployed',
    ],
    [
      "a wrong glob among those for all images",
      { update: { ignoreTags: ["v1.4.*", "a b"] } },
      'echo.update.ignoreTags[1]: "a b" is not a pattern for tags; use *, ? and [a-z], without spaces and commas',
    ],
    [
      "an alias with a dash",
      { images: { "echo-server": args.images.server! } },
      'echo.images.echo-server.alias: "echo-server" is not an alias for an image; use 1 to 42 letters and digits, like echoServer',
    ],
    [
      "one branch for all changes",
      { writeBack: { branch: "bot" } },
      'echo.writeBack.branch: "bot" is the same branch for every change, and the second push to it would be rejected; put {{.SHA256}} into it',
    ],
    [
      "one branch for all environments",
      { writeBack: { branch: "bot-{{.SHA256}}" } },
      'echo.writeBack.branch: "bot-{{.SHA256}}" is the same branch for a change in all environments; put ${application} into it',
    ],
    [
      "an image's strategy that needs a tag to follow",
      { images: { server: { ...args.images.server!, update: { strategy: "digest" } } } },
      "echo.images.server.update.constraint is missing: the strategy digest follows one tag; name it, like stable",
    ],
    [
      "a strategy for all images that needs a tag to follow",
      { update: { strategy: "digest" }, images: { server: args.images.server! } },
      "echo.update.constraint is missing: the strategy digest follows one tag; name it, like stable",
    ],
    [
      "a wrong glob of an environment",
      { environments: { dev: { ...args.environments.dev!, ignoreTags: ["v1,v2"] } } },
      'echo.environments.dev.ignoreTags[0]: "v1,v2" is not a pattern for tags; use *, ? and [a-z], without spaces and commas',
    ],
  ];
  for (const [what, changes, message] of bad) {
    it(`refuses ${what}, before and when it is built`, async () => {
      expect(thrown(() => checkPipeline("echo", { ...args, ...changes }))).to.equal(message);
      expect(await failureOf(() => build(changes))).to.equal(message);
    });
  }
});
