import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { type ClusterHostProcess, startClusterHost } from "../../../kubernetes";
import { sandboxFolder } from "../../../world/home";
import { kubernetesTools, pulumiCli } from "./tools";

const member = "c01b4c73f17580d6add8d237c4df8f99e";

describe("the stand-in of the kubernetes provider, on a cluster with controllers", function () {
  this.timeout(300_000);
  let home: string;
  let host: ClusterHostProcess;
  let stack: Stack;
  let kubeconfig: string;
  let image = "docker.io/library/echo:v1";

  const program = async () => {
    const opts = { provider: new k8s.Provider("member", { kubeconfig }) };
    const namespace = new k8s.core.v1.Namespace("echo", { metadata: { name: "echo" } }, opts);
    const account = new k8s.core.v1.ServiceAccount(
      "echo",
      { metadata: { name: "echo", namespace: namespace.metadata.name } },
      opts,
    );
    const labels = { app: "echo" };
    new k8s.apps.v1.Deployment(
      "echo",
      {
        metadata: { name: "echo", namespace: namespace.metadata.name },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { serviceAccountName: account.metadata.name, containers: [{ name: "echo", image }] },
          },
        },
      },
      opts,
    );
    new k8s.rbac.v1.ClusterRole(
      "viewers",
      {
        metadata: { name: "echo-viewers" },
        aggregationRule: {
          clusterRoleSelectors: [{ matchLabels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" } }],
        },
      },
      opts,
    );
  };

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "plugin-workloads-"));
    host = await startClusterHost({ home: join(home, "kubernetes"), ...(await kubernetesTools()) });
    await host.ensure(member, "member");
    kubeconfig = (await host.kubeconfig(member, "test", 3600)).yaml;
    const cli = await pulumiCli(home);
    const envVars = {
      PATH: [...cli.path, join(sandboxFolder, "kubernetes", "plugin"), process.env["PATH"]].join(delimiter),
      PULUMI_HOME: join(home, "pulumi"),
      PULUMI_BACKEND_URL: `file://${home}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    writeFileSync(join(home, "Pulumi.yaml"), "name: workloads\nruntime: nodejs\n");
    const pulumiCommand = await PulumiCommand.get({ root: cli.root, skipVersionCheck: true });
    stack = await LocalWorkspace.createStack(
      { stackName: "test", projectName: "workloads", program },
      { workDir: home, envVars, pulumiCommand },
    );
  });
  after(async () => {
    await host?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const pods = async () =>
    (await (await host.objects(member)).list("v1", "Pod", "echo")) as unknown as {
      spec: { containers: { image: string }[] };
    }[];

  it("waits for a Deployment until its pods are ready", async () => {
    await stack.up();
    const objects = await host.objects(member);
    const key = { apiVersion: "apps/v1", kind: "Deployment", namespace: "echo", name: "echo" };
    const deployment = (await objects.get(key)) as unknown as { status: { availableReplicas: number } };
    expect(deployment.status.availableReplicas).to.equal(2);
  });

  it("doesn't take what controllers add for a change", async () => {
    await stack.up({ expectNoChanges: true });
    await stack.refresh({ expectNoChanges: true });
    const role = (await (
      await host.objects(member)
    ).get({
      ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", name: "echo-viewers" },
    })) as unknown as { rules: unknown[] };
    expect(role.rules).to.have.length.greaterThan(0);
  });

  it("waits for a new image until the old pods are replaced", async () => {
    image = "docker.io/library/echo:v2";
    await stack.up();
    const used = (await pods()).map(({ spec }) => spec.containers[0]?.image);
    expect(used.filter((each) => each === image)).to.have.length(2);
  });

  it("waits for deletions in the foreground, pods and namespace included", async () => {
    await stack.destroy();
    expect(await pods()).to.deep.equal([]);
    const objects = await host.objects(member);
    expect(await objects.get({ apiVersion: "v1", kind: "Namespace", name: "echo" })).to.equal(undefined);
  });
});
