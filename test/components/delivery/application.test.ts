import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { parse } from "yaml";
import { Application, type ApplicationArgs } from "../../../components/delivery/application";
import { refreshPaths, refreshPathsAnnotation } from "../../../components/delivery/refresh-paths";
import { failureOf, outputOf, record, unknown } from "../../support/mocks";
import { unknownOutput } from "../../support/unknown";

const host = "acme-registry-vpc.cn-hangzhou.cr.aliyuncs.com";
const cluster = "c01b4c73f17580d6add8d237c4df8f99e-workloads";
const url = "https://github.com/acme/echo-deploy.git";
const annotation = (name: string) => `argocd-image-updater.argoproj.io/${name}`;

const args: ApplicationArgs = {
  service: "echo",
  environment: "dev",
  project: "acme-dev",
  repository: { url, branch: "main" },
  deploy: { helm: "charts/echo", valueFiles: ["values-dev.yaml"] },
  destination: { cluster, namespace: "echo-dev" },
  sync: "automatic",
  refreshPaths: true,
  images: { server: `${host}/echo/echo-server`, web: `${host}/echo/echo-web-server` },
  update: {
    images: {
      server: { allowTags: "regexp:^v", helm: { name: "image.server.repository", tag: "image.server.tag" } },
      web: { helm: { spec: "image.web" } },
    },
  },
};
const kustomize: Partial<ApplicationArgs> = {
  deploy: { kustomize: "kustomize/echo/overlays/dev" },
  update: { images: { server: { kustomize: { image: "echo-server" } }, web: {} } },
};

const build = (changes: Partial<ApplicationArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new Application("echo-dev", { ...args, ...changes }, opts);

describe("components/delivery/application", () => {
  it("is one Application with explicit names, finalizer and time to be deleted", async () => {
    const graph = await record(() => build());
    expect(graph.shape()).to.deep.equal([
      "ackone:delivery:Application echo-dev",
      "kubernetes:argoproj.io/v1alpha1:Application echo-dev-application",
    ]);
    const application = graph.named("echo-dev-application");
    expect(application.parent).to.equal("echo-dev");
    expect(application.customTimeouts).to.deep.equal({ delete: "20m" });
    expect(application.deleteBeforeReplace).to.equal(true);
    expect(application.ignoreChanges).to.deep.equal([]);
    expect(application.inputs.apiVersion).to.equal("argoproj.io/v1alpha1");
    expect(application.inputs.metadata).to.deep.equal({
      name: "echo-dev",
      namespace: "argocd",
      finalizers: ["resources-finalizer.argocd.argoproj.io"],
      annotations: {
        [annotation("image-list")]: `server=${host}/echo/echo-server,web=${host}/echo/echo-web-server`,
        [annotation("server.update-strategy")]: "latest",
        [annotation("server.allow-tags")]: "regexp:^v",
        [annotation("server.helm.image-name")]: "image.server.repository",
        [annotation("server.helm.image-tag")]: "image.server.tag",
        [annotation("web.update-strategy")]: "latest",
        [annotation("web.helm.image-spec")]: "image.web",
        [annotation("write-back-method")]: "git",
        [annotation("git-branch")]: "main",
        [refreshPathsAnnotation]: refreshPaths("echo-dev", { helm: "charts/echo" }),
      },
    });
    expect((await outputOf(graph.result.applicationName)).value).to.equal("echo-dev");
  });

  it("hears of every push unless it is told that Argo CD understands patterns of paths", async () => {
    const { inputs } = (await record(() => build({ refreshPaths: undefined }))).named("echo-dev-application");
    expect((inputs.metadata as { annotations: object }).annotations).to.not.have.property(
      refreshPathsAnnotation,
    );
  });

  it("deploys a chart with files of values, and never with Helm parameters", async () => {
    const { inputs } = (await record(() => build())).named("echo-dev-application");
    const spec = inputs.spec as { source: { helm: { values: string } } };
    expect(spec).to.deep.equal({
      project: "acme-dev",
      source: {
        repoURL: url,
        targetRevision: "main",
        path: "charts/echo",
        helm: { valueFiles: ["values-dev.yaml"], values: spec.source.helm.values },
      },
      destination: { name: cluster, namespace: "echo-dev" },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["CreateNamespace=true"] },
    });
    // The chart needs no edit for this registry: the names of images come from here, the tags from Git.
    expect(parse(spec.source.helm.values)).to.deep.equal({
      image: { server: { repository: `${host}/echo/echo-server` } },
    });
  });

  it("leaves out every empty object, which Argo CD would remove", async () => {
    const graph = await record(() =>
      build({
        sync: "manual",
        deploy: { helm: "charts/echo" },
        images: { web: `${host}/echo/echo-web-server` },
        update: { images: { web: { helm: { spec: "image.web" } } } },
      }),
    );
    expect(graph.named("echo-dev-application").inputs.spec).to.deep.equal({
      project: "acme-dev",
      source: { repoURL: url, targetRevision: "main", path: "charts/echo" },
      destination: { name: cluster, namespace: "echo-dev" },
      syncPolicy: { syncOptions: ["CreateNamespace=true"] },
    });
  });

  it("deploys an overlay, with the registry's name for its images", async () => {
    const spec = (await record(() => build(kustomize))).named("echo-dev-application").inputs.spec;
    expect(spec).to.deep.include({
      source: {
        repoURL: url,
        targetRevision: "main",
        path: "kustomize/echo/overlays/dev",
        kustomize: { images: [`echo-server=${host}/echo/echo-server`] },
      },
    });
  });

  it("deploys a chart at the root of the repository", async () => {
    const graph = await record(() => build({ deploy: { helm: "." } }));
    const { source } = graph.named("echo-dev-application").inputs.spec as { source: Record<string, unknown> };
    expect(source.path).to.equal(".");
  });

  it("leaves an overlay's images alone that have no name in the kustomization", async () => {
    const graph = await record(() => build({ ...kustomize, update: { images: { server: {}, web: {} } } }));
    expect(graph.named("echo-dev-application").inputs.spec).to.deep.include({
      source: { repoURL: url, targetRevision: "main", path: "kustomize/echo/overlays/dev" },
    });
  });

  it("waits for a person unless told otherwise", async () => {
    const spec = (await record(() => build({ sync: undefined }))).named("echo-dev-application").inputs.spec;
    expect(spec).to.deep.include({ syncPolicy: { syncOptions: ["CreateNamespace=true"] } });
  });

  it("shows links in Argo CD", async () => {
    const graph = await record(() => build({ links: { Sources: "https://github.com/acme/echo-server" } }));
    expect(graph.named("echo-dev-application").inputs.spec).to.deep.include({
      info: [{ name: "Sources", value: "https://github.com/acme/echo-server" }],
    });
  });

  it("takes what controllers change for no difference", async () => {
    const ignoreDifferences = [{ group: "apps", kind: "Deployment", jsonPointers: ["/spec/paused"] }];
    const graph = await record(() => build({ ignoreDifferences }));
    const { spec } = graph.named("echo-dev-application").inputs as { spec: object };
    expect(spec).to.deep.include({ ignoreDifferences });
  });

  it("is deleted before what it depends on", async () => {
    const graph = await record(() => {
      const credentials = new ConfigMap("credentials", { metadata: { name: "credentials" } });
      return build({ project: credentials.metadata.name }, { dependsOn: [credentials] });
    });
    expect(graph.named("echo-dev-application").dependencies).to.deep.equal(["credentials"]);
  });

  it("registers the same in a preview without cluster, registry and repository", async () => {
    const late = {
      repository: { url: unknownOutput<string>(), branch: "main" },
      destination: { cluster: unknownOutput<string>(), namespace: "echo-dev" },
      images: { server: unknownOutput<string>(), web: `${host}/echo/echo-web-server` },
    };
    const preview = await record(() => build(late), { preview: true });
    expect(preview.shape()).to.deep.equal((await record(() => build())).shape());
    const { metadata, spec } = preview.named("echo-dev-application").inputs as Record<
      string,
      Record<string, unknown>
    >;
    expect(metadata!.name).to.equal("echo-dev");
    expect(metadata!.annotations).to.include({
      [annotation("image-list")]: unknown,
      [annotation("server.allow-tags")]: "regexp:^v",
    });
    expect(spec!.destination).to.deep.equal({ name: unknown, namespace: "echo-dev" });
    expect(spec!.project).to.equal("acme-dev");
  });

  const long = "a".repeat(50);
  const bad: [string, Partial<ApplicationArgs>, string][] = [
    [
      "a bad name of a service",
      { service: "Echo" },
      'echo-dev.service: "Echo" is not a Kubernetes name; use lower-case letters, digits and inner dashes, like echo-dev',
    ],
    [
      "a bad name of an environment",
      { environment: "dev_1" },
      'echo-dev.environment: "dev_1" is not a Kubernetes name; use lower-case letters, digits and inner dashes, like echo-dev',
    ],
    [
      "a name that is too long for a Helm release",
      { service: long },
      `echo-dev: "${long}-dev" has 54 characters; as the name of a Helm release it may have 53: shorten the service or the environment`,
    ],
    [
      "a name that is too long for a label",
      { ...kustomize, service: "a".repeat(60) },
      `echo-dev: "${"a".repeat(60)}-dev" has 64 characters; as the name of a label it may have 63: shorten the service or the environment`,
    ],
    [
      "a namespace of the cluster",
      { destination: { cluster, namespace: "argocd" } },
      'echo-dev.destination.namespace: "argocd" is reserved for the cluster itself; choose a namespace of the service\'s own, like echo-dev',
    ],
    [
      "a revision that can't be written to",
      { repository: { url, branch: "HEAD" } },
      'echo-dev.repository.branch: "HEAD" is not a branch; tags are written back as commits, which needs one, like main',
    ],
    [
      "an image without settings",
      { images: { ...args.images, api: `${host}/echo/api` } },
      "echo-dev.update.images.api is missing: every image says how it is updated",
    ],
    [
      "settings without an image",
      { images: {} },
      "echo-dev.images.server is missing: it is updated, but no image is given",
    ],
    [
      "a wrong mode",
      { sync: "auto" as "automatic" },
      'echo-dev.sync: "auto" is not a sync mode; use automatic or manual',
    ],
    [
      "a folder outside of the repository",
      { deploy: { helm: "../charts" } },
      'echo-dev.deploy.helm: "../charts" is not a folder of the repository; give it from the root, like charts/echo, or . for the root itself',
    ],
  ];
  for (const [what, changes, message] of bad) {
    it(`refuses ${what}`, async () => {
      expect(await failureOf(() => build(changes))).to.equal(message);
    });
  }

  it("takes names up to the limits", async () => {
    await record(() => build({ service: "a".repeat(49) }));
    await record(() => build({ ...kustomize, service: "a".repeat(59) }));
  });

  it("refuses a wrong URL and images on two hosts as soon as they are known", async () => {
    const repository = { url: pulumi.output("github.com/acme/echo"), branch: "main" };
    expect(await failureOf(() => build({ repository }))).to.contain(
      'echo-dev.repository.url: "github.com/acme/echo" is not the URL of a Git repository',
    );
    const images = { ...args.images, web: pulumi.output("other.example.com/echo/web") };
    expect(await failureOf(() => build({ images }))).to.contain(
      `echo-dev.images.web.reference: "other.example.com/echo/web" is on another host than the image server (${host})`,
    );
  });
});
