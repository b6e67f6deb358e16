import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { parse } from "yaml";
import { outputOf } from "../support/mocks";
import { committedStack } from "./program";
import { root } from "./stack-file";

type Values = Record<string, unknown>;

async function outputs(stack: "dev" | "prod"): Promise<Values> {
  const { result } = await committedStack(stack);
  return (await outputOf(pulumi.unsecret(pulumi.output({ ...result })))).value as unknown as Values;
}

describe("stacks: outputs", () => {
  it("tell other stacks what is where", async () => {
    const { kubeconfig, memberKubeconfig: _, readme, commands, ...values } = await outputs("dev");
    expect(values).to.deep.equal({
      registryHosts: {
        internet: "acme-dev-registry.cn-hangzhou.cr.aliyuncs.com",
      },
      imageRepositories: ["echo-dev/echo-server", "echo-dev/echo-web-server", "echo-dev/greeter"],
      images: {
        echo: {
          echoServer: "acme-dev-registry.cn-hangzhou.cr.aliyuncs.com/echo-dev/echo-server",
          echoWebServer: "acme-dev-registry.cn-hangzhou.cr.aliyuncs.com/echo-dev/echo-web-server",
        },
        greeter: { greeter: "acme-dev-registry.cn-hangzhou.cr.aliyuncs.com/echo-dev/greeter" },
      },
      sourceRepositories: ["acme/echo-deploy", "acme/echo-server", "acme/echo-web-server", "acme/greeter"],
      deploymentRepository: "acme/echo-deploy",
      fleetId: "c-acme-dev",
      memberClusters: { workloads: "c01b4c73f17580d6add8d237c4df8f99e-dev-workloads" },
      argocdUrl: "https://argocd.c-acme-dev.cn-hangzhou.alicontainer.com",
      applicationNames: [
        "echo-dev",
        "echo-staging",
        "echo-production",
        "greeter-dev",
        "greeter-staging",
        "greeter-production",
      ],
    });
    expect(kubeconfig).to.contain("kind: Config");
    expect(readme).to.equal(readFileSync(join(root, "Pulumi.README.md"), "utf8"));
    expect(commands).to.include.keys("dockerLogin", "sync");
  });

  it("give commands that work as they are, without a secret", async () => {
    const { canaries, approve, abort, ...commands } = (await outputs("dev")).commands as Values;
    for (const byEnvironment of [canaries, approve, abort]) {
      expect(Object.keys(byEnvironment as Values)).to.deep.equal(["dev", "staging", "production"]);
    }
    expect(commands).to.deep.equal({
      dockerLogin:
        'pulumi config get registryPassword | docker login --username "$(pulumi config get registryUser)" --password-stdin acme-dev-registry.cn-hangzhou.cr.aliyuncs.com',
      kubeconfig: "(umask 077; pulumi stack output --show-secrets kubeconfig > fleet.kubeconfig)",
      memberKubeconfig:
        "(umask 077; pulumi stack output --show-secrets memberKubeconfig > members.kubeconfig)",
      applications: "kubectl --kubeconfig fleet.kubeconfig --namespace argocd get applications",
      argocdPassword:
        "kubectl --kubeconfig fleet.kubeconfig --namespace argocd get secret argocd-initial-admin-secret --output jsonpath='{.data.password}' | base64 --decode",
      argocdLogin: "argocd login argocd.c-acme-dev.cn-hangzhou.alicontainer.com --username admin --grpc-web",
      clone: "git clone https://github.com/acme/echo-deploy.git",
      release: "git tag release-v1.0.1 && git push origin release-v1.0.1",
      sync: {
        staging: "argocd app sync echo-staging greeter-staging",
        production: "argocd app sync echo-production greeter-production",
      },
      promote: {
        staging: "argocd app sync <service>-staging",
        production: "argocd app sync <service>-production",
      },
      rollback: {
        staging: "argocd app rollback <service>-staging",
        production: "argocd app rollback <service>-production",
      },
    });
  });

  it("give the commands that steer a canary, with Argo CD and with kubectl", async () => {
    const { commands } = await outputs("prod");
    const { canaries, approve, abort } = commands as Record<string, Record<string, unknown>>;
    expect(Object.keys(canaries!)).to.deep.equal(["staging", "production"]);
    const kubectl = "kubectl --kubeconfig members.kubeconfig --context staging --namespace echo-staging";
    const run = (name: string, group: string) =>
      `argocd app actions run <service>-staging ${name} --group ${group} --kind Rollout --all`;
    const patch = (resource: string, status: string) =>
      `${kubectl} patch ${resource} <rollout> --subresource=status --type=merge --patch '${status}'`;
    expect(canaries!.staging).to.equal(`${kubectl} get rollouts.rollouts.kruise.io,rollouts.argoproj.io`);
    expect(approve!.staging).to.deep.equal({
      kruise: {
        argocd: run("approve", "rollouts.kruise.io"),
        kubectl: patch(
          "rollouts.rollouts.kruise.io",
          '{"status":{"canaryStatus":{"currentStepState":"StepReady"}}}',
        ),
      },
      "argo-rollouts": {
        argocd: run("resume", "argoproj.io"),
        kubectl: patch("rollouts.argoproj.io", '{"status":{"pauseConditions":null}}'),
      },
    });
    expect(abort!.staging).to.deep.equal({
      kruise: { argocd: "argocd app rollback <service>-staging" },
      "argo-rollouts": {
        argocd: run("abort", "argoproj.io"),
        kubectl: patch("rollouts.argoproj.io", '{"status":{"abort":true}}'),
      },
    });
  });

  it("offer no way back by Argo CD's history where Argo CD deploys by itself", async () => {
    const { abort, rollback } = (await outputs("dev")).commands as Record<string, Record<string, object>>;
    expect(Object.keys(rollback!)).to.not.include("dev");
    expect(Object.keys(abort!.dev!)).to.deep.equal(["argo-rollouts"]);
  });

  it("hold one kubeconfig for all members, with contexts called as in the stack's file", async () => {
    const { result } = await committedStack("prod");
    const { value, secret } = await outputOf(result.memberKubeconfig);
    expect(secret).to.equal(true);
    const config = parse(value) as Record<string, { name: string }[]>;
    for (const list of ["contexts", "clusters", "users"]) {
      expect(config[list]!.map(({ name }) => name)).to.deep.equal(["dev", "staging", "production"]);
    }
  });

  it("log Docker in over the internet, although the clusters of prod pull inside the VPC", async () => {
    const { commands } = await outputs("prod");
    expect((commands as Values).dockerLogin).to.match(/ acme-prod-registry\.cn-hangzhou\.cr\.aliyuncs\.com$/);
  });

  it("fill every placeholder of the stack's README", async () => {
    const values = await outputs("prod");
    const readme = values.readme as string;
    const paths = [...readme.matchAll(/\$\{outputs\.([^}]+)\}/g)].map((match) => match[1]!);
    expect(paths).to.not.have.length(0);
    for (const path of paths) {
      const value = path.split(".").reduce<unknown>((inner, key) => (inner as Values)?.[key], values);
      expect(value, path).to.not.equal(undefined);
    }
    expect(paths).to.not.include("kubeconfig");
    expect(readme.match(/\$\{/g)).to.have.length(paths.length);
  });

  it("has an entry point of less than 40 lines", () => {
    expect(readFileSync(join(root, "index.ts"), "utf8").split("\n").length).to.be.below(40);
  });
});
