import { expect } from "chai";
import { type Engine, openEngine } from "../../../engine/engine";
import { resourcesOf } from "../support/golden";
import { heldByProd, keptByCluster, tableOfHoldings } from "../support/held";
import { run, succeed } from "../support/runs";
import { stateOf } from "../support/state";
import { useSandbox } from "../support/test-sandbox";
import { writesSince } from "../support/writes";

/** One life of the prod stack, whose end takes two steps. The tests build on each other. */
describe("the prod stack on the sandbox", function () {
  this.bail(true);

  const sandbox = useSandbox();
  let engine: Engine;
  let given: string[];

  const held = async () => tableOfHoldings(await sandbox().holdings());

  /** The state without the engine's built-in provider: it stands for nothing, and a refused destroy drops it. */
  const recorded = async () =>
    (await stateOf(engine)).filter(({ type }) => type !== "pulumi:providers:pulumi");

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
    await succeed(engine, "destroy");
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
