import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Engine, openEngine } from "../../../engine/engine";
import { readChanges } from "../../../kubernetes/audit";
import { projectFolder } from "../../../world/home";
import { watchArguments } from "../support/arguments";
import { filesBelow, filesContaining } from "../support/files";
import { resourcesOf } from "../support/golden";
import { heldByDev, keptByCluster, tableOfHoldings } from "../support/held";
import { inSteps } from "../support/in-steps";
import { pushCommit, repositoryOnGithub } from "../support/on-github";
import { run, succeed } from "../support/runs";
import { nameOf, stateOf } from "../support/state";
import { useSandbox } from "../support/test-sandbox";

/** One life of the dev stack, from an empty account back to an empty account. The tests build on each other. */
describe("the dev stack on the sandbox", () => {
  inSteps();

  const sandbox = useSandbox();
  const output: string[] = [];
  let engine: Engine;
  let argumentLines: string[];

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
    const watched = watchArguments();
    const up = await succeed(engine, "up").finally(async () => {
      argumentLines = await watched();
    });
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

  it("changes nothing in a refresh after somebody has pushed to the forks", async () => {
    const tagOf = async (name: string) => (await repositoryOnGithub(sandbox(), name)).headers.get("etag");
    for (const name of ["acme/echo-deploy", "acme/greeter"]) {
      const before = await tagOf(name);
      await pushCommit(sandbox(), name, "NOTES.md");
      expect(await tagOf(name)).to.not.equal(before);
    }
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
          deploy: { kustomize: "kustomize/hello/overlays/${environment}" },
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

  /** What nobody but its user may read, by what it is. */
  const plantedSecrets = async (): Promise<Record<string, string>> => {
    const { accessKeySecret, githubToken, registryUser, registryPassword, webhookSecret, passphrase } =
      sandbox().credentials;
    const clientKeys: Record<string, string> = {};
    for (const name of ["kubeconfig", "memberKubeconfig"]) {
      const { stdout } = await engine.pulumi(["stack", "output", "--show-secrets", name]);
      const clientKey = /client-key-data: (\S+)/.exec(stdout)?.[1];
      expect(clientKey, name).to.match(/^[A-Za-z0-9+/=]{100,}$/);
      clientKeys[`client key of ${name}`] = clientKey!;
    }
    const argocd = await sandbox().clusters.objects(sandbox().alibaba.dump().fleets[0]!.id);
    const keyOf = async (name: string, key: string) => {
      const secret = await argocd.get({ apiVersion: "v1", kind: "Secret", namespace: "argocd", name });
      const value = (secret?.["data"] as Record<string, string> | undefined)?.[key];
      expect(value, `${name}.${key}`).to.match(/^\S{10,}$/);
      return Buffer.from(value!, "base64").toString();
    };
    return {
      accessKeySecret,
      githubToken,
      registryPassword,
      webhookSecret,
      passphrase,
      "registry login": `${registryUser}:${registryPassword}`,
      "Argo CD admin password": await keyOf("argocd-initial-admin-secret", "password"),
      "Argo CD session key": await keyOf("argocd-secret", "server.secretkey"),
      ...clientKeys,
    };
  };

  it("writes no secret anywhere in plain text", async () => {
    const planted = await plantedSecrets();
    const printed = join(sandbox().home.state, "printed.txt");
    writeFileSync(printed, output.join("\n"));
    const home = sandbox().home;
    const state = filesBelow(home.engine, ["home", "env.sh", "passphrase"]);
    expect(state.filter((file) => file.includes("/stacks/"))).to.not.deep.equal([]);
    const processLogs = ["kubernetes", "argocd"].map((name) => filesBelow(join(home.root, name, "logs")));
    expect(processLogs[0]).to.have.length.above(3);
    expect(processLogs[1]).to.have.length.above(5);
    const logs = [
      ...filesBelow(home.logs),
      ...processLogs.flat(),
      join(home.root, "registry", "registry.log"),
      join(home.github, "calls.jsonl"),
      printed,
    ];
    expect(filesContaining([...state, ...logs], planted)).to.deep.equal([]);
    const tracked = execFileSync("git", ["ls-files"], { cwd: projectFolder, encoding: "utf8" })
      .trim()
      .split("\n");
    const repository = tracked.map((file) => join(projectFolder, file));
    expect(filesContaining(repository, planted)).to.deep.equal([]);
  });

  it("puts no secret into an id or an argument of a process", async () => {
    const planted = await plantedSecrets();
    const ids = (await stateOf(engine)).map(({ id, urn }) => `${urn} ${id ?? ""}`).join("\n");
    // Providers, API servers and Argo CD were seen, so their arguments were.
    for (const name of ["pulumi-resource-alicloud", "kube-apiserver", "argocd-server"]) {
      expect(argumentLines.join("\n")).to.include(name);
    }
    for (const [name, secret] of Object.entries(planted)) {
      expect(ids, name).to.not.include(secret);
      expect(
        argumentLines.filter((line) => line.includes(secret)),
        name,
      ).to.deep.equal([]);
    }
  });

  it("is destroyed by one command, in the order that nothing is stranded, and leaves the clouds empty", async () => {
    const fleet = (await sandbox().holdings()).alibaba.fleets[0]!.id;
    const began = Date.now();
    const destroy = await run(engine, "destroy");
    expect(destroy.error).to.equal(undefined);
    const left = await sandbox().holdings();
    // Networks and clusters are the company's own; everything else in the account was the stack's.
    const { addons, ...account } = left.alibaba;
    expect(Object.entries(account).filter(([, rows]) => rows.length > 0)).to.deep.equal([]);
    expect(addons).to.have.length(2);
    expect(tableOfHoldings(left)).to.deep.equal(keptByCluster("dev-workloads", true).sort());
    expect(left.github.repositories.map(({ name }) => name)).to.deep.equal([
      "ackone-samples/echo-deploy",
      "ackone-samples/echo-server",
      "ackone-samples/echo-web-server",
      "ackone-samples/greeter",
      "argoproj/argo-rollouts",
    ]);
    expect(left.clusters.filter(({ kind }) => kind === "fleet")).to.deep.equal([]);

    // The API servers' audit logs and the emulator's call log share one clock.
    const changes = readChanges(join(sandbox().home.kubernetes, "logs"), fleet).filter(
      ({ at }) => at >= began,
    );
    const deleted = (resource: string, name: RegExp) =>
      changes
        .filter((each) => each.verb === "delete" && each.resource === resource && name.test(each.name))
        .map(({ at }) => at);
    // An Application is gone when Argo CD has taken off its mark, after it has deleted what was deployed.
    const ended = (name: RegExp) => {
      const marks = changes.filter(
        (each) =>
          each.resource === "applications" &&
          each.verb !== "delete" &&
          each.status < 300 &&
          each.userAgent.startsWith("argocd-application-controller") &&
          name.test(each.name),
      );
      return [...new Map(marks.map((each) => [each.name, each.at])).values()];
    };
    const [services, tool] = [/^(echo|greeter)-/, /^argo-rollouts-/];
    expect([...deleted("applications", services), ...ended(services)]).to.have.length(6 + 6);
    expect([...deleted("applications", tool), ...ended(tool)]).to.have.length(1 + 1);
    const calls = (...actions: string[]) =>
      sandbox()
        .alibaba.calls()
        .filter(({ time, action }) => Date.parse(time) >= began && actions.includes(action));
    const credentials = deleted("secrets", /^(acr|acme-dev-deployment)$/);
    expect(credentials).to.have.length(2);
    const projects = deleted("appprojects", /^acme-dev-/);
    expect(projects).to.have.length(3);
    const neededByServices = [...credentials, ...projects, ...deleted("applications", tool)];
    expect(Math.max(...ended(services))).to.be.below(Math.min(...neededByServices));
    const detached = Date.parse(calls("DetachClusterFromHub")[0]!.time);
    expect(Math.max(...credentials, ...projects, ...ended(tool))).to.be.below(detached);
    const order = calls("DetachClusterFromHub", "UpdateHubClusterFeature", "DeleteHubCluster").map(
      ({ action, params }) => (params["ArgoCDEnabled"] === "false" ? "GitOps off" : action),
    );
    expect(order.filter((action) => action !== "UpdateHubClusterFeature")).to.deep.equal([
      "DetachClusterFromHub",
      "GitOps off",
      "DeleteHubCluster",
    ]);
  });
});
