import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type EngineEvent, LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { type ClusterHostProcess, startClusterHost } from "../../../kubernetes";
import type { KubeObject } from "../../../kubernetes/api/client";
import type { Objects } from "../../../kubernetes/api/objects";
import { sandboxFolder } from "../../../world/home";
import { kubernetesTools, pulumiCli } from "./tools";

const fleet = "c1f1ee70000000000000000000000001b";
const secretValue = "do-not-tell-3fb1";

/** What the program below declares; a test changes some of it and runs it again. */
interface World {
  kubeconfig: string;
  project?: string;
  password: string;
  description: string;
  registries: string;
  force: boolean;
  application: boolean;
  clusterAdmins: string;
  secretAnnotations: Record<string, string>;
  enablePatchForce: boolean;
  upsertExistingObjects: boolean;
}

describe("the stand-in of the kubernetes provider, driven by the engine", function () {
  this.timeout(300_000);
  let home: string;
  let host: ClusterHostProcess;
  let objects: Objects;
  let stack: Stack;
  let world: World;

  const program = async () => {
    const { kubeconfig, enablePatchForce, upsertExistingObjects } = world;
    const provider = new k8s.Provider("fleet", {
      kubeconfig: pulumi.secret(kubeconfig),
      enablePatchForce,
      upsertExistingObjects,
    });
    const opts = { provider };
    const team = new k8s.core.v1.Namespace("team", { metadata: { name: "team" } }, opts);
    const password = pulumi.secret(world.password);
    const credentials = new k8s.core.v1.Secret(
      "credentials",
      {
        metadata: {
          name: "credentials",
          namespace: team.metadata.name,
          annotations: world.secretAnnotations,
        },
        stringData: { password },
      },
      opts,
    );
    new k8s.core.v1.ConfigMapPatch(
      "registries",
      {
        metadata: {
          name: "argocd-image-updater-config",
          namespace: "argocd",
          ...(world.force ? { annotations: { "pulumi.com/patchForce": "true" } } : {}),
        },
        data: { "registries.conf": world.registries },
      },
      opts,
    );
    const project = new k8s.apiextensions.CustomResource(
      "project",
      {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "AppProject",
        metadata: { name: "team", namespace: "argocd" },
        spec: {
          description: world.description,
          sourceRepos: ["*"],
          destinations: [{ server: "*", namespace: "team" }],
        },
      },
      { ...opts, dependsOn: [credentials] },
    );
    new k8s.rbac.v1.ClusterRoleBinding(
      "admins",
      {
        metadata: { name: "team-admins" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: world.clusterAdmins },
        subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "ram-user-1" }],
      },
      opts,
    );
    if (world.application) {
      new k8s.apiextensions.CustomResource(
        "application",
        {
          apiVersion: "argoproj.io/v1alpha1",
          kind: "Application",
          metadata: {
            name: "echo-dev",
            namespace: "argocd",
            annotations: { "argocd-image-updater.argoproj.io/image-list": "echo=registry/echo" },
          },
          spec: {
            project: "team",
            source: { repoURL: "https://git.example/deploy", path: "charts/echo", targetRevision: "main" },
            destination: { name: "in-cluster", namespace: "team" },
          },
        },
        { ...opts, dependsOn: [project] },
      );
    }
    new k8s.core.v1.ConfigMap(
      "named-by-nobody",
      { metadata: { namespace: "team" }, data: { a: "1" } },
      {
        ...opts,
        dependsOn: [team],
      },
    );
    return { namespace: team.metadata.name };
  };

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "plugin-"));
    host = await startClusterHost({ home: join(home, "kubernetes"), ...(await kubernetesTools()) });
    await host.ensure(fleet, "fleet");
    await host.gitops(fleet, true, false);
    objects = await host.objects(fleet);
    world = {
      kubeconfig: (await host.kubeconfig(fleet, "first", 3600)).yaml,
      password: secretValue,
      description: "a team",
      registries: "registries: []\n",
      force: false,
      application: true,
      clusterAdmins: "view",
      secretAnnotations: {},
      enablePatchForce: false,
      upsertExistingObjects: false,
    };
    const cli = await pulumiCli(home);
    const envVars = {
      PATH: [...cli.path, join(sandboxFolder, "kubernetes", "plugin"), process.env["PATH"]].join(delimiter),
      PULUMI_HOME: join(home, "pulumi"),
      PULUMI_BACKEND_URL: `file://${home}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    writeFileSync(join(home, "Pulumi.yaml"), "name: plugin\nruntime: nodejs\n");
    const pulumiCommand = await PulumiCommand.get({ root: cli.root, skipVersionCheck: true });
    stack = await LocalWorkspace.createStack(
      { stackName: "test", projectName: "plugin", program },
      { workDir: home, envVars, pulumiCommand },
    );
  });
  after(async () => {
    await host?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const up = (options = {}) => stack.up({ ...options });
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: Error) => error.message,
    );
  /** Operations of a preview by resource name. */
  async function preview(options: { refresh?: boolean } = {}): Promise<Record<string, string>> {
    const seen: Record<string, string> = {};
    const onEvent = ({ resourcePreEvent }: EngineEvent) => {
      const { op, urn, detailedDiff } = resourcePreEvent?.metadata ?? {};
      if (!op || !urn || ["same", "read", "refresh"].includes(op)) return;
      const name = urn.slice(urn.lastIndexOf("::") + 2);
      const paths = Object.keys(detailedDiff ?? {});
      if (!/^(plugin-test)$/.test(name))
        seen[name] = paths.length > 0 ? `${op} ${paths.sort().join(" ")}` : op;
    };
    await stack.preview({ ...options, onEvent });
    return seen;
  }
  const get = (apiVersion: string, kind: string, name: string, namespace?: string) =>
    objects.get({ apiVersion, kind, name, namespace }) as Promise<
      (KubeObject & Record<string, never>) | undefined
    >;
  const registries = async () =>
    (
      (await get("v1", "ConfigMap", "argocd-image-updater-config", "argocd")) as unknown as {
        data: Record<string, string>;
      }
    ).data["registries.conf"];

  it("refuses to overwrite a field of the hosted Argo CD, unless it's told to", async () => {
    const message = await failure(up());
    expect(message)
      .to.contain("Server-Side Apply field conflict detected")
      .and.to.contain('conflict with "ack-one-gitops"');
    expect(await registries()).to.contain("AlibabaCloud Container Registry");
  });

  it("makes the objects, and has nothing to do afterwards", async () => {
    world.force = true;
    await up();
    expect(await registries()).to.equal("registries: []\n");
    await up({ expectNoChanges: true });
    await stack.refresh({ expectNoChanges: true });
    expect((await stack.outputs())["namespace"]?.value).to.equal("team");
  });

  it("keeps secrets out of the state and managed fields too", async () => {
    const state = readFileSync(join(home, ".pulumi", "stacks", "plugin", "test.json"), "utf8");
    expect(state).to.contain("named-by-nobody");
    expect(state).not.to.contain(secretValue);
    expect(state).not.to.contain(Buffer.from(secretValue).toString("base64"));
    expect(state).not.to.contain("client-key-data");
    expect(state).not.to.contain("fieldsV1");
  });

  it("names an object that nobody named", async () => {
    const names = (await objects.list("v1", "ConfigMap", "team")).map(({ metadata }) => metadata.name);
    expect(names.some((name) => /^named-by-nobody-[0-9a-f]{8}$/.test(name))).to.equal(true);
  });

  it("takes a renewed certificate as an update of the provider alone", async () => {
    world.kubeconfig = (await host.kubeconfig(fleet, "second", 3600)).yaml;
    expect(await preview()).to.deep.equal({ fleet: "update kubeconfig" });
    await up();
  });

  it("previews what replaces: data of a Secret, the role of a binding", async () => {
    world.password = `${secretValue}-2`;
    world.clusterAdmins = "edit";
    const changes = await preview();
    expect(changes["credentials"]).to.match(/^(delete-replaced|create-replacement|replace) data\.password$/);
    expect(changes["admins"]).to.match(/roleRef\.name$/);
    await up();
    const secret = (await get("v1", "Secret", "credentials", "team")) as unknown as {
      data: Record<string, string>;
    };
    expect(Buffer.from(secret.data["password"] ?? "", "base64").toString()).to.equal(`${secretValue}-2`);
    await up({ expectNoChanges: true });
  });

  it("shows at preview what the schema of a CRD doesn't allow", async () => {
    const good = world.description;
    world.description = 7 as unknown as string;
    expect(await failure(preview())).to.match(/description.*(string|Invalid)/s);
    world.description = good;
  });

  it("shows what somebody changed by hand; repairs it only with force", async () => {
    const key = { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", name: "team", namespace: "argocd" };
    await objects.merge(key, { spec: { description: "mine" } }, { query: { fieldManager: "kubectl-edit" } });
    expect(await failure(preview({ refresh: true }))).to.contain('conflict with "kubectl-edit"');
    world.enablePatchForce = true;
    const changes = await preview({ refresh: true });
    expect(changes).to.deep.equal({
      fleet: "update enablePatchForce",
      project: "update spec.description",
    });
    await up({ refresh: true });
    expect(
      ((await objects.get(key)) as unknown as { spec: { description: string } }).spec.description,
    ).to.equal("a team");
    await up({ expectNoChanges: true });
  });

  it("makes again what somebody deleted", async () => {
    await objects.delete({ apiVersion: "v1", kind: "Secret", name: "credentials", namespace: "team" });
    await stack.refresh();
    expect((await preview())["credentials"]).to.equal("create");
    await up();
    expect(await get("v1", "Secret", "credentials", "team")).not.to.equal(undefined);
  });

  it("never takes over an object that exists", async () => {
    await up();
    await stack.workspace.removeStack("test", { force: true });
    stack = await LocalWorkspace.createStack(
      { stackName: "test", projectName: "plugin", program },
      { workDir: home, envVars: stack.workspace.envVars, pulumiCommand: stack.workspace.pulumiCommand },
    );
    expect(await failure(up())).to.contain('namespaces "team" already exists');
  });

  it("takes over what a lost run left, when it's told to", async () => {
    world.upsertExistingObjects = true;
    await up();
    await up({ expectNoChanges: true });
  });

  it("says what a deletion waits for when its time is over", async () => {
    const key = { apiVersion: "v1", kind: "Secret", name: "credentials", namespace: "team" };
    const annotations = { "pulumi.com/timeoutSeconds": "5" };
    world.secretAnnotations = annotations;
    await up();
    await objects.merge(key, { metadata: { finalizers: ["example.com/never"] } });
    expect(
      await failure(
        stack.destroy({
          target: [`urn:pulumi:test::plugin::kubernetes:core/v1:Secret::credentials`],
          targetDependents: true,
        }),
      ),
    ).to.contain(
      "deletion of Secret credentials: not within 5 s; last seen: it waits for its finalizers example.com/never",
    );
    await objects.merge(key, { metadata: { finalizers: null } });
  });

  it("removes everything it made and gives the patched fields up", async () => {
    await stack.destroy();
    for (const [kind, apiVersion] of [
      ["Application", "argoproj.io/v1alpha1"],
      ["ConfigMap", "v1"],
      ["Secret", "v1"],
    ] as const) {
      const left = await objects.list(apiVersion, kind, "team");
      expect(left, kind).to.deep.equal([]);
    }
    expect(await get("v1", "Namespace", "team")).to.equal(undefined);
    expect(await get("argoproj.io/v1alpha1", "Application", "echo-dev", "argocd")).to.equal(undefined);
    expect(await get("argoproj.io/v1alpha1", "AppProject", "team", "argocd")).to.equal(undefined);
    expect(await get("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "team-admins")).to.equal(
      undefined,
    );
    expect(await get("v1", "ConfigMap", "argocd-image-updater-config", "argocd")).to.have.property(
      "metadata",
    );
  });

  it("says so when nobody answers at the kubeconfig's address", async () => {
    world.kubeconfig = world.kubeconfig.replace(/server: .*/, "server: https://127.0.0.1:1");
    expect(await failure(up())).to.contain(
      "configured Kubernetes cluster is unreachable: the API server: not within 10 s; last seen: https://127.0.0.1:1: connect ECONNREFUSED",
    );
  });
});
