import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Engine, openEngine } from "../../../engine/engine";
import { readChanges } from "../../../kubernetes/audit";
import { projectFolder } from "../../../world/home";
import { filesBelow, filesContaining } from "../support/files";
import { resourcesOf } from "../support/golden";
import { heldByDev, tableOfHoldings } from "../support/held";
import { run, succeed } from "../support/runs";
import { nameOf, stateOf } from "../support/state";
import { useSandbox } from "../support/test-sandbox";

/** One life of the dev stack, from an empty account back to an empty account. The tests build on each other. */
describe("the dev stack on the sandbox", function () {
  this.bail(true);

  const sandbox = useSandbox();
  const output: string[] = [];
  let engine: Engine;

  before(async () => {
    engine = await openEngine(sandbox().info, "dev");
  });

  it("shows every resource in the first preview", async () => {
    const preview = await succeed(engine, "preview");
    output.push(preview.output);
    const shown = preview.changes.filter(
      (change) => !/ pulumi:providers:(alicloud|github|pulumi) /.test(change),
    );
    expect(shown).to.deep.equal(resourcesOf("dev").map((resource) => `create ${resource}`));
  });

  it("creates exactly what the preview showed", async () => {
    const up = await succeed(engine, "up");
    output.push(up.output);
    const created = up.changes.filter(
      (change) => !/ pulumi:providers:(alicloud|github|pulumi) /.test(change),
    );
    expect(created).to.deep.equal(resourcesOf("dev").map((resource) => `create ${resource}`));
  });

  it("leaves in the clouds what the table says", async () => {
    expect(tableOfHoldings(await sandbox().holdings())).to.deep.equal(heldByDev);
  });

  it("changes nothing in a second up", async () => {
    output.push((await succeed(engine, "up", { expectNoChanges: true })).output);
  });

  it("changes nothing in a refresh", async () => {
    output.push((await succeed(engine, "refresh", { expectNoChanges: true })).output);
  });

  it("shows exactly a new service in a preview, and leaves everything else alone", async () => {
    const more = await openEngine(sandbox().info, "dev", {
      edit: (config) => {
        const services = config["ackone-delivery:services"] as Record<string, unknown>;
        services["hello"] = {
          images: {
            hello: {
              source: { fork: "ackone-samples/greeter", archiveOnDestroy: false },
              repository: "hello",
              kustomize: { image: "greeter" },
            },
          },
          deploy: { kustomize: "kustomize/greeter/overlays/${environment}" },
          update: { allowTags: "regexp:^v[1-9].*" },
        };
      },
    });
    const { changes } = await succeed(more, "preview");
    expect(changes).to.deep.equal(
      [
        "ackone:delivery:Pipeline hello",
        "ackone:registry:ImageRepository image-hello",
        "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo image-hello-repository",
        "ackone:registry:SourceBinding image-hello-source",
        "ackone:registry:BuildRule image-hello-rule-tag",
        ...["dev", "staging", "production"].flatMap((environment) => [
          `ackone:delivery:Application hello-${environment}`,
          `kubernetes:argoproj.io/v1alpha1:Application hello-${environment}-application`,
        ]),
      ]
        .map((resource) => `create ${resource}`)
        .sort(),
    );
    engine = await openEngine(sandbox().info, "dev");
  });

  it("keeps each own resource small in the state", async () => {
    const own = (await stateOf(engine)).filter(
      ({ type, id }) => type.startsWith("ackone:") && id !== undefined && id !== "",
    );
    expect(own).to.have.length(10);
    for (const resource of own) {
      // The engine adds a stack trace of the program; a kubeconfig is as long as its certificates.
      const { stackTrace: _, ...entry } = resource;
      const { kubeconfig: __, ...outputs } = resource.outputs ?? {};
      const size = JSON.stringify({ ...entry, outputs }).length;
      expect(size, nameOf(resource)).to.be.at.most(3 * 1024);
    }
  });

  it("writes no secret anywhere in plain text", async () => {
    const { accessKeySecret, githubToken, registryPassword } = sandbox().credentials;
    const { stdout } = await engine.pulumi(["stack", "output", "--show-secrets", "kubeconfig"]);
    const clientKey = /client-key-data: (\S+)/.exec(stdout)?.[1];
    expect(clientKey).to.match(/^[A-Za-z0-9+/=]{100,}$/);
    const planted = { accessKeySecret, githubToken, registryPassword, clientKey: clientKey! };

    const printed = join(sandbox().home.state, "printed.txt");
    writeFileSync(printed, output.join("\n"));
    const home = sandbox().home;
    const state = filesBelow(home.engine, ["home", "env.sh", "passphrase"]);
    expect(state.filter((file) => file.includes("/stacks/"))).to.not.deep.equal([]);
    const kubernetesLogs = filesBelow(join(home.kubernetes, "logs"));
    expect(kubernetesLogs).to.have.length.above(3);
    const logs = [...filesBelow(home.logs), ...kubernetesLogs, join(home.github, "calls.jsonl"), printed];
    expect(filesContaining([...state, ...logs], planted)).to.deep.equal([]);
    const tracked = execFileSync("git", ["ls-files"], { cwd: projectFolder, encoding: "utf8" })
      .trim()
      .split("\n");
    const repository = tracked.map((file) => join(projectFolder, file));
    expect(filesContaining(repository, planted)).to.deep.equal([]);
  });

  it("puts no secret into an id or an argument of a process", async () => {
    const { accessKeySecret, githubToken, registryPassword } = sandbox().credentials;
    const ids = (await stateOf(engine)).map(({ id, urn }) => `${urn} ${id ?? ""}`).join("\n");
    for (const secret of [accessKeySecret, githubToken, registryPassword]) expect(ids).to.not.include(secret);
  });

  it("is destroyed by one command, in the order that nothing is stranded, and leaves the clouds empty", async () => {
    const fleet = (await sandbox().holdings()).alibaba.fleets[0]!.id;
    const began = Date.now();
    const destroy = await run(engine, "destroy");
    expect(destroy.error).to.equal(undefined);
    const left = await sandbox().holdings();
    const { bindings, endpoints, fleets, instances, members, namespaces, permissions, repositories, rules } =
      left.alibaba;
    expect({
      bindings,
      endpoints,
      fleets,
      instances,
      members,
      namespaces,
      permissions,
      repositories,
      rules,
    }).to.deep.equal({
      bindings: [],
      endpoints: [],
      fleets: [],
      instances: [],
      members: [],
      namespaces: [],
      permissions: [],
      repositories: [],
      rules: [],
    });
    expect(left.github.repositories.map(({ name }) => name)).to.deep.equal([
      "ackone-samples/echo-deploy",
      "ackone-samples/echo-server",
      "ackone-samples/echo-web-server",
      "ackone-samples/greeter",
    ]);
    expect(left.clusters.filter(({ kind }) => kind === "fleet")).to.deep.equal([]);
    expect(left.clusters.flatMap(({ clusterRoleBindings }) => clusterRoleBindings)).to.deep.equal([]);

    // The API servers' audit logs and the emulator's call log share one clock.
    const changes = readChanges(join(sandbox().home.kubernetes, "logs"), fleet);
    const deleted = (resource: string, name: RegExp) =>
      changes
        .filter(
          (each) =>
            each.verb === "delete" && each.resource === resource && name.test(each.name) && each.at >= began,
        )
        .map(({ at }) => at);
    const applications = deleted("applications", /./);
    const credentials = deleted("secrets", /^(acr|acme-dev-deployment)$/);
    expect(applications).to.have.length(6);
    expect(credentials).to.have.length(2);
    const calls = sandbox()
      .alibaba.calls()
      .filter(({ time }) => Date.parse(time) >= began);
    const detached = Date.parse(calls.find(({ action }) => action === "DetachClusterFromHub")!.time);
    expect(Math.max(...applications)).to.be.below(Math.min(...credentials));
    expect(Math.max(...credentials)).to.be.below(detached);
    const order = calls
      .filter(({ action }) =>
        ["DetachClusterFromHub", "UpdateHubClusterFeature", "DeleteHubCluster"].includes(action),
      )
      .map(({ action, params }) => (params["ArgoCDEnabled"] === "false" ? "GitOps off" : action));
    expect(order.filter((action) => action !== "UpdateHubClusterFeature")).to.deep.equal([
      "DetachClusterFromHub",
      "GitOps off",
      "DeleteHubCluster",
    ]);
  });
});
