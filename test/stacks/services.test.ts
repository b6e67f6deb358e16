import { expect } from "chai";
import type { Recording } from "../support/mocks";
import { goldenOf, tableOf } from "./golden";
import { committedStack, runProgram } from "./program";
import { type Config, project } from "./stack-file";

const services = (config: Config) => config[`${project}:services`] as Record<string, Config>;

const welcomer = {
  images: { welcomer: { source: { fork: "acme-apps/welcomer" }, kustomize: { image: "welcomer" } } },
  deploy: { kustomize: "kustomize/welcomer/overlays/${environment}" },
};

/** Of every resource what the cloud would see. */
const inputsOf = ({ resources }: Recording) => new Map(resources.map(({ urn, inputs }) => [urn, inputs]));

describe("stacks: services are data", () => {
  it("adds exactly the resources of a new service, and changes no other", async () => {
    const before = await committedStack("dev");
    const after = await runProgram("dev", {
      change: (config) => {
        services(config).welcomer = welcomer;
      },
    });
    const golden = goldenOf("dev");
    expect(tableOf(after).filter((line) => !golden.includes(line))).to.deep.equal([
      "ackone:delivery:Application welcomer-dev <- welcomer",
      "ackone:delivery:Application welcomer-production <- welcomer",
      "ackone:delivery:Application welcomer-staging <- welcomer",
      "ackone:delivery:Pipeline welcomer",
      "ackone:registry:BuildRule image-welcomer-rule-tag <- image-welcomer",
      "ackone:registry:ImageRepository image-welcomer",
      "ackone:registry:SourceBinding image-welcomer-source <- image-welcomer",
      "ackone:source:ForkedRepository source-acme-apps-welcomer",
      "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo image-welcomer-repository <- image-welcomer",
      "github:index/repository:Repository source-acme-apps-welcomer-repository <- source-acme-apps-welcomer",
      "kubernetes:argoproj.io/v1alpha1:Application welcomer-dev-application <- welcomer-dev",
      "kubernetes:argoproj.io/v1alpha1:Application welcomer-production-application <- welcomer-production",
      "kubernetes:argoproj.io/v1alpha1:Application welcomer-staging-application <- welcomer-staging",
    ]);
    const inputs = inputsOf(after);
    for (const [urn, known] of inputsOf(before)) {
      expect(inputs.get(urn), urn).to.deep.equal(known);
    }
  });

  it("forks a source repository once, however many images come from it", async () => {
    const graph = await runProgram("dev", {
      change: (config) => {
        const { images } = services(config).greeter as { images: Record<string, Config> };
        images.tools = { ...images.greeter, repository: "greeter-tools", kustomize: { image: "tools" } };
      },
    });
    const forks = graph.of("ackone:source:ForkedRepository").filter(({ name }) => name.endsWith("greeter"));
    expect(forks).to.have.length(1);
    expect(graph.named("image-greeter-tools-source").inputs).to.include({ codeRepoName: "greeter" });
  });

  it("makes no fork of a repository that is there already", async () => {
    const graph = await runProgram("dev", {
      change: (config) => {
        (config[`${project}:deployment`] as Config).repository = { existing: "acme/echo-deploy" };
      },
      calls: {
        "github:index/getRepository:getRepository": ({ fullName }) =>
          fullName === "acme/echo-deploy"
            ? {
                repoId: 1,
                fullName,
                httpCloneUrl: `https://github.com/${fullName}.git`,
                sshCloneUrl: `git@github.com:${fullName}.git`,
              }
            : {},
      },
    });
    expect(graph.of("github:index/repository:Repository").map(({ name }) => name)).to.deep.equal([
      "source-ackone-samples-echo-server-repository",
      "source-ackone-samples-echo-web-server-repository",
      "source-ackone-samples-greeter-repository",
    ]);
    const { spec } = graph.named("echo-dev-application").inputs as { spec: { source: Config } };
    expect(spec.source.repoURL).to.equal("https://github.com/acme/echo-deploy.git");
    // The webhook is made for it all the same.
    expect(graph.named("deployment-webhook-repository").inputs).to.include({ repository: "echo-deploy" });
  });

  it("uses one host name of the registry everywhere: internet in dev, VPC in prod", async () => {
    const hosts = {
      dev: "acme-dev-registry.cn-hangzhou.cr.aliyuncs.com",
      prod: "acme-prod-registry-vpc.cn-hangzhou.cr.aliyuncs.com",
    };
    for (const stack of ["dev", "prod"] as const) {
      const { resources } = await committedStack(stack);
      const found = JSON.stringify(resources.map(({ inputs }) => inputs)).match(/[\w-]+-registry[\w.-]*/g);
      expect(new Set(found)).to.deep.equal(new Set([hosts[stack]]));
    }
  });

  it("deploys Dev by itself and lets the others wait for a person", async () => {
    const graph = await committedStack("prod");
    const automatic = (name: string) => {
      const { spec } = graph.named(`${name}-application`).inputs as { spec: { syncPolicy: Config } };
      return "automated" in spec.syncPolicy;
    };
    expect(["echo-dev", "echo-staging", "echo-production", "greeter-dev"].map(automatic)).to.deep.equal([
      true,
      false,
      false,
      true,
    ]);
  });

  it("stops new tags for a service in the environments where it is paused", async () => {
    const graph = await runProgram("dev", {
      change: (config) => {
        services(config).greeter!.paused = ["production"];
      },
    });
    const ignored = (name: string) => {
      const { metadata } = graph.named(name).inputs as { metadata: { annotations: Config } };
      return metadata.annotations["argocd-image-updater.argoproj.io/greeter.ignore-tags"];
    };
    expect(ignored("greeter-production-application")).to.equal("*");
    expect(ignored("greeter-staging-application")).to.equal(undefined);
  });

  it("tells Argo CD which paths concern an Application where the stack says that it understands them", async () => {
    for (const [stack, told] of [
      ["dev", true],
      ["prod", false],
    ] as const) {
      const applications = (await committedStack(stack)).resources.filter(({ name }) =>
        /^(echo|greeter)-\w+-application$/.test(name),
      );
      const annotated = applications.map(({ inputs }) => {
        const { annotations } = inputs.metadata as { annotations: Config };
        return "argocd.argoproj.io/manifest-generate-paths" in annotations;
      });
      expect(annotated, stack).to.deep.equal(Array(6).fill(told));
    }
  });

  it("changes annotations alone, of one environment alone, for a pause and for tags to ignore", async () => {
    const before = inputsOf(await committedStack("dev"));
    for (const change of [{ paused: ["production"] }, { ignoreTags: { production: ["v1.0.2"] } }]) {
      const after = await runProgram("dev", {
        change: (config) => {
          Object.assign(services(config).greeter!, change);
        },
      });
      const changed = after.resources.filter(
        ({ urn, inputs }) => JSON.stringify(inputs) !== JSON.stringify(before.get(urn)),
      );
      expect(changed.map(({ name }) => name)).to.deep.equal(["greeter-production-application"]);
      const [application] = changed;
      const { metadata: old, ...rest } = before.get(application!.urn) as Config & { metadata: Config };
      const { metadata, ...same } = application!.inputs as Config & { metadata: Config };
      expect(same).to.deep.equal(rest);
      expect({ ...metadata, annotations: old.annotations }).to.deep.equal(old);
    }
  });

  it("uses different strategies for the images of one service", async () => {
    const graph = await runProgram("dev", {
      change: (config) => {
        const { echoServer } = services(config).echo!.images as Record<string, Config>;
        echoServer!.update = { strategy: "semver", constraint: "~1.2" };
      },
    });
    const { metadata } = graph.named("echo-staging-application").inputs as {
      metadata: { annotations: Config };
    };
    const prefix = "argocd-image-updater.argoproj.io";
    expect(metadata.annotations).to.include({
      [`${prefix}/echoServer.update-strategy`]: "semver",
      [`${prefix}/echoWebServer.update-strategy`]: "latest",
    });
    expect(metadata.annotations[`${prefix}/image-list`]).to.match(/echo-server:~1\.2,.*echo-web-server$/);
  });

  it("takes what Kruise changes for no difference, where Kruise is", async () => {
    const graph = await committedStack("prod");
    const kinds = (name: string) => {
      const { spec } = graph.named(name).inputs as { spec: { ignoreDifferences?: { kind: string }[] } };
      return spec.ignoreDifferences?.map(({ kind }) => kind);
    };
    expect(kinds("echo-staging-application")).to.deep.equal(["Deployment", "Rollout"]);
    expect(kinds("echo-dev-application")).to.equal(undefined);
  });

  it("lets clusters pull images for their own environments only, and not where somebody else sees to it", async () => {
    const namespaces = ({ resources }: Recording) =>
      resources
        .filter(({ name }) => /^image-pull-\w+-addon$/.test(name))
        .map(({ name, inputs }) => `${name} ${JSON.parse(inputs.config as string).watchNamespace}`)
        .sort();
    expect(namespaces(await committedStack("dev"))).to.deep.equal([
      "image-pull-workloads-addon echo-dev,echo-production,echo-staging",
    ]);
    const changed = await runProgram("prod", {
      change: (config) => {
        const clusters = config[`${project}:clusters`] as Record<string, Config>;
        clusters.production!.imagePull = false;
        clusters.idle = { id: "c00000000000000000000000000000001", name: "idle" };
      },
    });
    expect(namespaces(changed)).to.deep.equal([
      "image-pull-dev-addon echo-dev",
      "image-pull-staging-addon echo-staging",
    ]);
  });

  it("takes Argo Rollouts from a mirror, where the cluster says so", async () => {
    const graph = await runProgram("dev", {
      change: (config) => {
        const { workloads } = config[`${project}:clusters`] as Record<string, Config>;
        workloads!.argoRollouts = {
          repository: "https://git.corp.example/mirror/argo-rollouts.git",
          revision: "v1.8.4",
          image: "registry.example/mirror/argo-rollouts:v1.8.4",
        };
      },
    });
    const spec = (name: string) => graph.named(name).inputs.spec as Config;
    expect(spec("argo-rollouts-workloads-application").source).to.deep.equal({
      repoURL: "https://git.corp.example/mirror/argo-rollouts.git",
      targetRevision: "v1.8.4",
      path: "manifests/cluster-install",
      kustomize: { images: ["quay.io/argoproj/argo-rollouts=registry.example/mirror/argo-rollouts:v1.8.4"] },
    });
    expect(spec("argo-rollouts-workloads-project").sourceRepos).to.deep.equal([
      "https://git.corp.example/mirror/argo-rollouts.git",
    ]);
  });

  it("takes one thing of Argo Rollouts from a mirror, and the rest from where it always comes", async () => {
    const graph = await runProgram("dev", {
      change: (config) => {
        const { workloads } = config[`${project}:clusters`] as Record<string, Config>;
        workloads!.argoRollouts = { image: "registry.example/mirror/argo-rollouts:v1.8.3" };
      },
    });
    const { source } = graph.named("argo-rollouts-workloads-application").inputs.spec as Config;
    expect(source).to.deep.include({
      repoURL: "https://github.com/argoproj/argo-rollouts.git",
      targetRevision: "v1.8.3",
      kustomize: { images: ["quay.io/argoproj/argo-rollouts=registry.example/mirror/argo-rollouts:v1.8.3"] },
    });
  });

  it("lets the pods of the service accounts pull that a cluster names, else of the account default", async () => {
    const accounts = (graph: Recording) =>
      JSON.parse(graph.named("image-pull-workloads-addon").inputs.config as string).serviceAccount;
    expect(accounts(await committedStack("dev"))).to.equal("default");
    const named = await runProgram("dev", {
      change: (config) => {
        const { workloads } = config[`${project}:clusters`] as Record<string, Config>;
        workloads!.serviceAccounts = ["echo", "default"];
      },
    });
    expect(accounts(named)).to.equal("default,echo");
  });

  it("installs nothing for canaries where none is wanted", async () => {
    const graph = await runProgram("dev", {
      change: (config) => {
        const clusters = config[`${project}:clusters`] as Record<string, Config>;
        delete clusters.workloads!.canary;
      },
    });
    expect(graph.resources.filter(({ name }) => /kruise|rollout/.test(name))).to.deep.equal([]);
  });

  it("lets the operators of an environment deploy it, and nobody else", async () => {
    const graph = await committedStack("prod");
    const roles = (name: string) => (graph.named(name).inputs as { spec: { roles?: Config[] } }).spec.roles;
    expect(roles("project-dev-project")).to.equal(undefined);
    expect(roles("project-production-project")).to.deep.equal([
      {
        name: "operators",
        description: "Looks at Applications and deploys them",
        groups: ["200000000000000001"],
        policies: ["applications, get", "applications, sync", "applications, action/*", "logs, get"].map(
          (right) => `p, proj:acme-prod-production:operators, ${right}, acme-prod-production/*, allow`,
        ),
      },
    ]);
  });
});
