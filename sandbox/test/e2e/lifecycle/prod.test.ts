import { expect } from "chai";
import { type Engine, openEngine } from "../../../engine/engine";
import { world } from "../../../world/world";
import { hasPods } from "../pipeline/environments";
import { deploymentHead, writeBacks } from "../pipeline/write-backs";
import { resourcesOf } from "../support/golden";
import { heldByProd, keptByCluster, tableOfHoldings } from "../support/held";
import { inSteps } from "../support/in-steps";
import { Pipeline, updaterInterval } from "../support/pipeline";
import { run, succeed } from "../support/runs";
import { stateOf } from "../support/state";
import { useSandbox } from "../support/test-sandbox";
import { writesSince } from "../support/writes";

const services = ["echo", "greeter"];
const environments = ["dev", "staging", "production"];

/** Pods of each workload, as the overlays and values files of the sample ask for. */
const replicas: Record<string, number> = { dev: 1, staging: 4, production: 5 };

/** Workloads of each service, named like their containers. */
const workloads: Record<string, string[]> = {
  echo: ["echo-server", "echo-web-server"],
  greeter: ["greeter"],
};

/** Milliseconds that an Application may take to look as it should, on a busy machine. */
const patience = 180_000;

/**
 * Milliseconds in which Argo CD sees what was written back. It may miss one of several commits within seconds, because
 * this stack has no `refreshPaths`; then it looks by itself every three minutes, and may believe what it saw for three.
 */
const untilPolled = 420_000;

/** One life of the prod stack, whose end takes two steps. The tests build on each other. */
describe("the prod stack on the sandbox", function () {
  inSteps();
  this.timeout(900_000);

  const sandbox = useSandbox({ updaterInterval: `${updaterInterval / 1000}s` });
  let engine: Engine;
  let given: string[];
  let pipeline: Pipeline;

  const held = async () => tableOfHoldings(await sandbox().holdings());

  /** The state without the engine's built-in provider: it stands for nothing, and a refused destroy drops it. */
  const recorded = async () =>
    (await stateOf(engine)).filter(({ type }) => type !== "pulumi:providers:pulumi");

  /** Pods of the services on the member cluster of each environment, which the stack file names. */
  const podsByEnvironment = async () => {
    const count = async (environment: string) => {
      const { id } = world.members.find(({ name }) => name === `prod-${environment}`)!;
      const objects = await sandbox().clusters.objects(id);
      const pods = await objects.list("v1", "Pod", `echo-${environment}`);
      return [environment, pods.filter(({ metadata }) => !metadata.deletionTimestamp).length] as const;
    };
    return Object.fromEntries(await Promise.all(environments.map(count)));
  };

  before(async () => {
    given = await held();
    engine = await openEngine(sandbox().info, "prod");
  });

  it("is created by one up", async () => {
    const began = Date.now();
    const { changes } = await succeed(engine, "up");
    const writes = writesSince(sandbox(), began);
    for (const who of ["cs", "github", "kubernetes"]) {
      expect(
        writes.filter((each) => each.startsWith(`${who} `)),
        who,
      ).to.not.deep.equal([]);
    }
    const created = changes.filter((change) => !/ pulumi:providers:(alicloud|github|pulumi) /.test(change));
    expect(created).to.deep.equal(resourcesOf("prod").map((resource) => `create ${resource}`));
  });

  it("leaves in the clouds what the table says", async () => {
    expect(await held()).to.deep.equal(heldByProd);
    const [fleet] = (await sandbox().holdings()).alibaba.fleets;
    // The company's own range, and those that GitHub delivers webhooks from (https://api.github.com/meta).
    const github = ["192.30.252.0/22", "185.199.108.0/22", "140.82.112.0/20", "143.55.64.0/20"];
    expect(fleet?.accessControlList).to.deep.equal(["198.51.100.0/24", ...github]);
  });

  it("changes nothing in a second up", async () => {
    await succeed(engine, "up", { expectNoChanges: true });
  });

  it("changes nothing in a refresh", async () => {
    await succeed(engine, "refresh", { expectNoChanges: true });
  });

  it("gets a first release, which runs in every environment, each on a cluster of its own", async () => {
    pipeline = await Pipeline.of(sandbox(), engine);
    await pipeline.releaseEverythingOnce();
    for (const service of services) {
      for (const environment of environments) {
        await pipeline.settles(`${service}-${environment}`, "Synced Healthy v1.0.0", patience);
        await hasPods(pipeline, environment, workloads[service]!, { "v1.0.0": replicas[environment]! });
      }
    }
    // Three workloads in each.
    expect(await podsByEnvironment()).to.deep.equal({ dev: 3, staging: 12, production: 15 });
  });

  it("gets a second release, which runs in dev and waits for a person everywhere else", async () => {
    const head = await deploymentHead(pipeline);
    const watches = await Promise.all(services.map((service) => pipeline.release(service)));
    expect(watches.map(({ release }) => release.tag)).to.deep.equal(["v1.0.1", "v1.0.1"]);
    for (const watch of watches) await pipeline.arrived(watch, untilPolled);
    for (const service of services) {
      await pipeline.settles(`${service}-dev`, "Synced Healthy v1.0.1", patience);
      await pipeline.settles(`${service}-staging`, "OutOfSync Healthy v1.0.0", patience);
      await pipeline.settles(`${service}-production`, "OutOfSync Healthy v1.0.0", patience);
    }
    // One commit or more: the two images of echo may be written back together or one by one.
    expect([...new Set(await writeBacks(pipeline, head))]).to.deep.equal(
      services.flatMap((service) =>
        ["dev", "production", "staging"].map(
          (environment) => `build: automatic update of ${service}-${environment}`,
        ),
      ),
    );
  });

  it("stops a promotion at the first step of its canary, and completes it when it is approved", async () => {
    await pipeline.run("promote", "echo", "staging");
    await pipeline.settles("echo-staging", "Synced Suspended v1.0.0+v1.0.1", patience);
    await hasPods(pipeline, "staging", workloads["echo"]!, { "v1.0.0": 3, "v1.0.1": 1 });
    await pipeline.run("approve", "echo", "staging");
    await pipeline.settles("echo-staging", "Synced Healthy v1.0.1", patience);
    await hasPods(pipeline, "staging", workloads["echo"]!, { "v1.0.1": 4 });
    // Nobody has promoted it there.
    await pipeline.settles("echo-production", "OutOfSync Healthy v1.0.0", patience);
    await hasPods(pipeline, "production", workloads["echo"]!, { "v1.0.0": 5 });
  });

  it("changes nothing in an up and a refresh after releases, while a canary waits in production", async () => {
    const stopped = "Synced Suspended v1.0.0+v1.0.1";
    await pipeline.run("promote", "greeter", "production");
    await pipeline.settles("greeter-production", stopped, patience);
    await succeed(engine, "up", { expectNoChanges: true });
    await succeed(engine, "refresh", { expectNoChanges: true });
    await pipeline.settles("greeter-production", stopped, patience);
    await hasPods(pipeline, "production", workloads["greeter"]!, { "v1.0.0": 4, "v1.0.1": 1 });
    await pipeline.run("approve", "greeter", "production");
    await pipeline.settles("greeter-production", "Synced Healthy v1.0.1", patience);
    await hasPods(pipeline, "production", workloads["greeter"]!, { "v1.0.1": 5 });
  });

  it("refuses to be destroyed before anything is deleted", async () => {
    const state = await recorded();
    const began = Date.now();
    const { error, output } = await run(engine, "destroy");
    expect(error).to.be.a("string");
    expect(output.replaceAll(/\s+/g, " ")).to.contain(
      'prod::ackone-delivery::ackone:stacks:Protection::protection" cannot be deleted because it is protected',
    );
    expect(writesSince(sandbox(), began)).to.deep.equal([]);
    expect(await recorded()).to.deep.equal(state);
    expect(await held()).to.deep.equal(heldByProd);
  });

  it("refuses the same without a preview", async () => {
    const state = await recorded();
    const began = Date.now();
    const { exitCode, stdout, stderr } = await engine.pulumi(["destroy", "--yes", "--skip-preview"]);
    expect(exitCode).to.not.equal(0);
    const output = `${stdout}\n${stderr}`;
    expect(output, output).to.match(
      /Protection::protection" cannot be deleted[\s\S]*because it is protected/,
    );
    expect(writesSince(sandbox(), began)).to.deep.equal([]);
    expect(await recorded()).to.deep.equal(state);
  });

  it("loses only its protection in an up that says so", async () => {
    engine = await openEngine(sandbox().info, "prod", {
      edit: (config) => {
        config["ackone-delivery:protect"] = false;
      },
    });
    const began = Date.now();
    await succeed(engine, "up");
    expect(writesSince(sandbox(), began)).to.deep.equal([]);
    expect(await held()).to.deep.equal(heldByProd);
  });

  it("is then destroyed by one command, which archives the forks and leaves the clouds empty", async () => {
    expect(await podsByEnvironment()).to.deep.equal({ dev: 3, staging: 12, production: 15 });
    await succeed(engine, "destroy");
    expect(await podsByEnvironment()).to.deep.equal({ dev: 0, staging: 0, production: 0 });
    const forks = ["echo-deploy", "echo-server", "echo-web-server", "greeter"].map(
      (name) => `fork acme-prod/${name} ackone-samples/${name} public archived`,
    );
    const others = (rows: string[]) => rows.filter((row) => !row.startsWith("fork "));
    const left = await held();
    const kept = [
      ...keptByCluster("prod-dev", false),
      ...keptByCluster("prod-staging", true),
      ...keptByCluster("prod-production", true),
    ];
    expect(others(left)).to.deep.equal([...others(given), ...kept].sort());
    expect(left.filter((row) => row.startsWith("fork "))).to.deep.equal(forks);
    expect(await stateOf(engine)).to.deep.equal([]);
  });
});
