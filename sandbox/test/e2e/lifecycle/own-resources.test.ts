import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Engine } from "../../../engine/engine";
import { waitFor } from "../../../supervisor";
import { buyInstance, somebody } from "../support/account";
import { previewDifferences } from "../support/detailed-diff";
import { inSteps } from "../support/in-steps";
import { type OwnResource, openOwnProgram, want } from "../support/own-program";
import { succeed } from "../support/runs";
import { stateOf } from "../support/state";
import { useSandbox } from "../support/test-sandbox";

const names = ["binding", "endpoint", "features", "kubeconfig", "permission", "rule"];

/** The life of each own resource, side by side in one stack of a program of its own. The tests build on each other. */
describe("own resources in the real engine", () => {
  inSteps();

  const sandbox = useSandbox();
  let engine: Engine;
  let instance: string;
  let fleet: string;
  let repositories: string[];
  let wanted: Record<string, OwnResource>;

  const held = () => sandbox().alibaba.dump();
  const call = async (product: "cr" | "adcp", action: string, parameters: Record<string, unknown>) => {
    const { status, body } = await somebody(sandbox())[product](action, parameters);
    expect(status, `${action}: ${JSON.stringify(body)}`).to.equal(200);
    return body;
  };

  /** Takes over new inputs of some of the resources. */
  const change = (changes: Record<string, Record<string, unknown>>) => {
    for (const [name, inputs] of Object.entries(changes)) Object.assign(wanted[name]!.inputs, inputs);
    want(engine, wanted);
  };
  const shown = (changes: string[]) => changes.map((each) => each.replace(/ ackone:\w+:\w+ /, " "));
  const all = (operation: string) => names.map((name) => `${operation} ${name}`);

  before(async function () {
    this.timeout(300_000);
    instance = await buyInstance(sandbox());
    await call("cr", "CreateNamespace", { InstanceId: instance, NamespaceName: "echo-dev" });
    repositories = [];
    for (const name of ["echo-server", "greeter"]) {
      const more = { RepoNamespaceName: "echo-dev", RepoName: name, RepoType: "PRIVATE", Summary: name };
      repositories.push(
        String((await call("cr", "CreateRepository", { InstanceId: instance, ...more }))["RepoId"]),
      );
    }
    const network = { VpcId: "vpc-bp1devplatform00000001", VSwitches: '["vsw-bp1devplatform00000001"]' };
    const { ClusterId } = await call("adcp", "CreateHubCluster", {
      RegionId: "cn-hangzhou",
      Name: "acme-dev",
      ApiServerPublicEip: true,
      ...network,
    });
    fleet = String(ClusterId);
    const running = async () => (held().fleets[0]?.state === "running" ? undefined : held().fleets[0]?.state);
    await waitFor("the Fleet", running, { within: 180_000 });

    const [repoId] = repositories;
    const repository = { instanceId: instance, repoId };
    wanted = {
      binding: {
        kind: "SourceBinding",
        inputs: {
          ...repository,
          codeRepoType: "GITHUB",
          codeRepoNamespace: "ackone-samples",
          codeRepoName: "greeter",
          overseaBuild: true,
        },
      },
      rule: {
        kind: "BuildRule",
        inputs: {
          ...repository,
          pushType: "GIT_TAG",
          pushName: "release-(?<imageTag>v[\\w.-]+)",
          imageTag: "${imageTag}",
        },
        after: ["binding"],
      },
      endpoint: { kind: "InstanceEndpoint", inputs: { instanceId: instance } },
      features: { kind: "FleetFeatures", inputs: { clusterId: fleet, publicApiServer: true } },
      kubeconfig: { kind: "Kubeconfig", inputs: { clusterId: fleet, source: "fleet" }, after: ["features"] },
      permission: {
        kind: "Permission",
        inputs: {
          userId: "200000000000000001",
          clusterId: fleet,
          roleType: "namespace",
          roleName: "gitops-dev",
          namespace: "argocd",
        },
        after: ["features"],
      },
    };
    engine = await openOwnProgram(sandbox());
    want(engine, wanted);
  });

  /** The columns in which the tests change something. */
  const account = () => {
    const { bindings, rules, endpoints, fleets, permissions } = held();
    return {
      bindings: bindings.map(({ repository, autoBuild, cache }) => ({ repository, autoBuild, cache })),
      rules: rules.map(({ repository, imageTag, platforms }) => ({ repository, imageTag, platforms })),
      endpoints: endpoints.map(({ module, status }) => `${module} ${status}`),
      fleets: fleets.map(({ gitops, highAvailability }) => ({ gitops, highAvailability })),
      permissions: permissions.map(({ roleName, namespace }) => `${roleName} ${namespace}`),
    };
  };
  const asMade = () => ({
    bindings: [{ repository: "echo-dev/echo-server", autoBuild: true, cache: true }],
    rules: [{ repository: "echo-dev/echo-server", imageTag: "${imageTag}", platforms: ["linux/amd64"] }],
    endpoints: ["Registry RUNNING"],
    fleets: [{ gitops: true, highAvailability: false }],
    permissions: ["gitops-dev argocd"],
  });

  it("are created as the preview shows, and then left alone", async () => {
    const preview = await succeed(engine, "preview");
    expect(shown(preview.changes)).to.include.members(all("create"));
    expect(held().rules).to.deep.equal([]);
    await succeed(engine, "up");
    expect(account()).to.deep.equal(asMade());
    await succeed(engine, "up", { refresh: true, expectNoChanges: true });
  });

  it("are updated in place, after a preview that names exactly what differs", async () => {
    change({
      binding: { disableCacheBuild: true },
      rule: { imageTag: "latest", platforms: ["linux/arm64", "linux/amd64"] },
      features: { gitopsHighAvailability: true },
      kubeconfig: { renewBeforeDays: 14 },
    });
    change({ endpoint: { enabled: false } });
    expect(await previewDifferences(engine)).to.deep.equal({
      binding: { disableCacheBuild: "update" },
      rule: { imageTag: "update", platforms: "update" },
      endpoint: { enabled: "update" },
      features: { gitopsHighAvailability: "update" },
      kubeconfig: { renewBeforeDays: "update" },
    });
    const before = await idsOf();
    await succeed(engine, "up");
    expect(await idsOf()).to.deep.equal(before);
    expect(account()).to.deep.equal({
      ...asMade(),
      bindings: [{ repository: "echo-dev/echo-server", autoBuild: true, cache: false }],
      rules: [
        { repository: "echo-dev/echo-server", imageTag: "latest", platforms: ["linux/arm64", "linux/amd64"] },
      ],
      endpoints: [],
      fleets: [{ gitops: true, highAvailability: true }],
    });
    await succeed(engine, "up", { refresh: true, expectNoChanges: true });
  });

  it("are replaced, after a preview that says because of what", async () => {
    const [, repoId] = repositories;
    change({
      binding: { repoId },
      rule: { repoId },
      endpoint: { moduleName: "Chart", enabled: true },
      kubeconfig: { privateIpAddress: true },
      permission: { roleName: "dev", namespace: "echo" },
    });
    expect(await previewDifferences(engine)).to.deep.equal({
      binding: { repoId: "update-replace" },
      rule: { repoId: "update-replace" },
      endpoint: { moduleName: "update-replace", enabled: "update" },
      kubeconfig: { privateIpAddress: "update-replace" },
      permission: { roleName: "update-replace", namespace: "update-replace" },
    });
    await succeed(engine, "up");
    expect(account()).to.deep.equal({
      bindings: [
        // The API can't unbind.
        { repository: "echo-dev/echo-server", autoBuild: false, cache: false },
        { repository: "echo-dev/greeter", autoBuild: true, cache: false },
      ],
      rules: [
        { repository: "echo-dev/greeter", imageTag: "latest", platforms: ["linux/arm64", "linux/amd64"] },
      ],
      endpoints: ["Chart RUNNING"],
      fleets: [{ gitops: true, highAvailability: true }],
      permissions: ["dev echo"],
    });
    await succeed(engine, "up", { refresh: true, expectNoChanges: true });
  });

  it("of a Fleet belong to it: another one is a replacement", async () => {
    // Only a preview, because an account has one Fleet.
    const other = `c${"0".repeat(32)}`;
    change({ features: { clusterId: other } });
    const { features } = await previewDifferences(engine);
    expect(features).to.deep.equal({ clusterId: "update-replace" });
    change({ features: { clusterId: fleet } });
  });

  it("show what somebody changed by hand, and change it back", async () => {
    const made = account();
    const greeter = { InstanceId: instance, RepoId: repositories[1] };
    const source = {
      CodeRepoType: "GITHUB",
      CodeRepoNamespaceName: "ackone-samples",
      CodeRepoName: "greeter",
    };
    await call("cr", "UpdateRepoSourceCodeRepo", {
      ...greeter,
      ...source,
      AutoBuild: false,
      OverseaBuild: true,
      DisableCacheBuild: true,
    });
    await call("cr", "UpdateRepoBuildRule", {
      ...greeter,
      BuildRuleId: held().rules[0]!.id,
      PushType: "GIT_BRANCH",
      PushName: "main",
      ImageTag: "latest",
    });
    await call("cr", "UpdateInstanceEndpointStatus", {
      InstanceId: instance,
      EndpointType: "internet",
      ModuleName: "Chart",
      Enable: false,
    });
    await call("adcp", "UpdateHubClusterFeature", { ClusterId: fleet, ArgoCDHAEnabled: false });
    const over = () => held().fleets[0]?.highAvailability === false && held().endpoints.length === 0;
    await waitFor("the changes", async () => (over() ? undefined : "pending"), { within: 60_000 });

    const differences = await previewDifferences(engine, { refresh: true });
    expect(differences).to.deep.include({
      binding: { autoBuild: "update" },
      endpoint: { enabled: "update" },
      features: { gitopsHighAvailability: "update" },
    });
    expect(differences["rule"]).to.include({ pushType: "update", pushName: "update" });
    expect(Object.keys(differences).sort()).to.deep.equal(["binding", "endpoint", "features", "rule"]);
    await succeed(engine, "up", { refresh: true });
    expect(account()).to.deep.equal(made);
  });

  it("are created again when they are gone", async () => {
    const made = account();
    await call("cr", "DeleteRepoBuildRule", {
      InstanceId: instance,
      RepoId: repositories[1],
      BuildRuleId: held().rules[0]!.id,
    });
    await call("adcp", "DeleteUserPermission", { ClusterId: fleet, UserId: "200000000000000001" });
    const { changes } = await succeed(engine, "up", { refresh: true });
    expect(shown(changes)).to.deep.equal(["create permission", "create rule"]);
    expect(account()).to.deep.equal(made);
  });

  it("are imported by the ids in the manual", async () => {
    const before = await idsOf();
    const ids: Record<string, string> = {
      binding: `${instance}:${repositories[1]}`,
      rule: `${instance}:${repositories[1]}:${held().rules[0]!.id}`,
      endpoint: `${instance}:internet:Chart`,
      features: fleet,
      kubeconfig: `fleet:${fleet}:private`,
      permission: `200000000000000001:${fleet}:namespace:dev:echo`,
    };
    expect(before).to.deep.equal(ids);
    const resources = await stateOf(engine);
    const provider = resources.find(({ type }) => type === "pulumi:providers:ackone")!.urn;
    const own = resources.filter(({ type }) => type.startsWith("ackone:"));
    for (const { urn } of [...own].reverse()) await typed("state", "delete", urn, "--yes");
    expect(await idsOf()).to.deep.equal({});

    const list = own.map(({ type, urn }) => ({
      type,
      name: nameIn(urn),
      id: ids[nameIn(urn)],
      provider: "ackone",
    }));
    const file = join(engine.folder, "import.json");
    writeFileSync(file, JSON.stringify({ nameTable: { ackone: provider }, resources: list }));
    await typed("import", "--file", file, "--protect=false", "--generate-code=false", "--yes");
    expect(await idsOf()).to.deep.equal(ids);
    // An import takes over all that the cloud says, also what the program leaves to it; 14 days no cloud keeps.
    expect(await previewDifferences(engine)).to.deep.equal({
      features: { auditLog: "delete", gitopsAccessControlList: "delete" },
      kubeconfig: { renewBeforeDays: "update" },
    });
    await succeed(engine, "up");
    await succeed(engine, "up", { refresh: true, expectNoChanges: true });
  });

  it("are deleted", async () => {
    await succeed(engine, "destroy");
    const { bindings, ...left } = account();
    expect(bindings.map(({ autoBuild }) => autoBuild)).to.deep.equal([false, false]);
    expect(left).to.deep.equal({
      rules: [],
      endpoints: [],
      fleets: [{ gitops: false, highAvailability: false }],
      permissions: [],
    });
    expect(await stateOf(engine)).to.deep.equal([]);
  });

  const nameIn = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);

  const typed = async (...command: string[]) => {
    const { exitCode, stdout, stderr } = await engine.pulumi(command);
    expect(exitCode, stdout + stderr).to.equal(0);
  };

  const idsOf = async () => {
    const own = (await stateOf(engine)).filter(({ type }) => type.startsWith("ackone:"));
    return Object.fromEntries(own.map(({ urn, id }) => [nameIn(urn), id]));
  };
});
