import { expect } from "chai";
import type { Fault } from "../../../emulators/alibaba";
import { type Engine, openEngine } from "../../../engine/engine";
import { buyInstance, onInstance } from "../support/account";
import { inSteps } from "../support/in-steps";
import { printedCommands, typed } from "../support/printed-commands";
import { type Run, run, succeed } from "../support/runs";
import { useSandbox } from "../support/test-sandbox";

const permission = { userId: "200000000000000001", roleType: "cluster", roleName: "admin" };

/** What goes wrong once or twice, with calls of the own plugin and of the alicloud provider. */
const passing: Fault[] = [
  { action: "GrantUserPermission", kind: "lostReply", times: 1 },
  { action: "UpdateHubClusterFeature", kind: "hang", ms: 300, times: 1 },
  { action: "DescribeHubClusterDetails", kind: "throttle", times: 2 },
  { action: "DescribeHubClusterKubeconfig", kind: "throttle", times: 2 },
  { action: "DescribeClusterUserKubeconfig", kind: "hang", ms: 300, times: 1 },
  { action: "DescribeUserPermissions", kind: "error", status: 500, times: 1 },
  { action: "GetRepoSourceCodeRepo", kind: "error", status: 503, code: "ServiceUnavailable", times: 2 },
  { action: "GetNamespace", kind: "throttle", times: 1 },
  { action: "CreateNamespace", kind: "throttle", times: 1 },
  { action: "AttachClusterToHub", kind: "lostReply", times: 1 },
  { action: "InstallClusterAddons", kind: "throttle", times: 1 },
];

/** The same, for the time when the account of the source code host is bound. */
const later: Fault[] = [
  { action: "CreateRepoSourceCodeRepo", kind: "lostReply", times: 1 },
  { action: "ListRepoBuildRule", kind: "throttle", times: 2 },
  { action: "CreateRepoBuildRule", kind: "lostReply", times: 2 },
];

/** One `up` of the dev stack that meets one failure of the cloud after the other. The tests build on each other. */
describe("pulumi up, when calls of the OpenAPI fail", () => {
  inSteps();
  const sandbox = useSandbox();
  let engine: Engine;

  before(async () => {
    const instance = await buyInstance(sandbox());
    const edit = onInstance(instance, (config) => {
      const fleet = config["ackone-delivery:fleet"] as Record<string, unknown>;
      config["ackone-delivery:fleet"] = { ...fleet, permissions: [permission] };
    });
    engine = await openEngine(sandbox().info, "dev", { edit });
    for (const fault of passing) sandbox().alibaba.faults.set(fault);
    sandbox().alibaba.faults.sourceAccountBound = false;
    // Their failure must not come first: the engine begins nothing after it.
    sandbox().alibaba.faults.set({ action: "CreateRepoSourceCodeRepo", kind: "delay", ms: 10_000 });
  });

  const made = (action: string) =>
    sandbox()
      .alibaba.calls()
      .filter((call) => call.action === action && /^success$/i.test(call.code)).length;

  /** Everything that a failed run printed, in one line. */
  const refusal = ({ error, output }: Run) => {
    expect(error, output).to.be.a("string");
    return output.replaceAll(/\s+/g, " ");
  };

  it("creates no Fleet when it can't find out whether there is one", async () => {
    sandbox().alibaba.faults.deny("DescribeHubClusters");
    expect(refusal(await run(engine, "up"))).to.match(
      /Can't find out whether the ACK One Fleet "acme-dev" exists already: .*Allow the RAM action adcp:DescribeHubClusters/,
    );
    expect(made("CreateHubCluster")).to.equal(0);
    sandbox().alibaba.faults.clear("DescribeHubClusters");
  });

  it("leaves a Fleet whose reply was lost to the next run, which names the one command that adopts it", async () => {
    const { faults } = sandbox().alibaba;
    faults.set({ action: "CreateHubCluster", kind: "lostReply", times: 1 });
    // The provider asks once more, and the account's quota of one Fleet is used up.
    expect(refusal(await run(engine, "up"))).to.contain("ErrQuotaExceeded.HubCluster");

    const refused = await run(engine, "up");
    expect(refusal(refused)).to.contain('The ACK One Fleet "acme-dev" exists already, but not in this stack');
    const commands = printedCommands(refused.output);
    expect(commands).to.have.length(1);
    await typed(engine, commands[0]!);
    expect(made("CreateHubCluster")).to.equal(1);
  });

  it("says where to bind the account of the source code host, which no API can do", async () => {
    sandbox().alibaba.faults.clear("CreateRepoSourceCodeRepo");
    expect(refusal(await run(engine, "up"))).to.contain(
      "The source code account is not bound to this registry instance, which only the console can do: " +
        "instance -> Repository -> Code Source -> Bind Account. Then run `pulumi up` again; it goes on from here.",
    );
    expect(sandbox().alibaba.dump().bindings).to.deep.equal([]);
  });

  it("goes on once the account is bound, and names the RAM action that is missing", async () => {
    const { faults } = sandbox().alibaba;
    faults.sourceAccountBound = true;
    faults.set(later[0]!);
    faults.deny("ListRepoBuildRule");
    expect(refusal(await run(engine, "up"))).to.match(
      /cr ListRepoBuildRule failed: .* Allow the RAM action cr:ListRepositoryBuildRule for the user or role whose credentials are used\./,
    );
    faults.clear("ListRepoBuildRule");
    expect(sandbox().alibaba.dump().bindings).not.to.deep.equal([]);
  });

  it("ends with a sentence when the cloud keeps failing", async () => {
    const { faults } = sandbox().alibaba;
    faults.set({ action: "CreateRepoBuildRule", kind: "error", status: 500, code: "InternalError" });
    expect(refusal(await run(engine, "up"))).to.match(
      /cr CreateRepoBuildRule failed: InternalError: .*\(HTTP 500, request id [\w-]+\)\. The service has a problem of its own\. Run the command again later; quote the request id to support\. Tried 8 times\./,
    );
    faults.clear("CreateRepoBuildRule");
  });

  it("converges with the next up, and has made nothing twice", async () => {
    for (const fault of later.slice(1)) sandbox().alibaba.faults.set(fault);
    await succeed(engine, "up");
    await succeed(engine, "up", { expectNoChanges: true });
    const { bindings, endpoints, fleets, members, permissions, rules } = sandbox().alibaba.dump();
    const names = ["echo-server", "echo-web-server", "greeter"];
    const repositories = names.map((name) => `echo-dev/${name}`);
    expect(bindings.map(({ repository }) => repository).sort()).to.deep.equal(repositories);
    expect(rules.map(({ repository }) => repository).sort()).to.deep.equal(repositories);
    expect(bindings.map(({ source }) => source).sort()).to.deep.equal(
      names.map((name) => `GITHUB:acme/${name}`),
    );
    expect(endpoints).to.deep.equal([{ instance: "acme-dev", module: "Registry", status: "RUNNING" }]);
    expect(fleets).to.have.length(1);
    expect(fleets[0]).to.include({ gitops: true, publicApiServer: true, deletionProtection: false });
    expect(members.map(({ name, state }) => [name, state])).to.deep.equal([["dev-workloads", "Successed"]]);
    expect(permissions.map(({ userId, roleName }) => [userId, roleName])).to.deep.equal([
      [permission.userId, permission.roleName],
    ]);
    expect(
      ["CreateHubCluster", "CreateNamespace", "CreateRepository", "CreateRepoBuildRule"].map(made),
    ).to.deep.equal([1, 1, 3, 3]);
    // Each fault did hit a call.
    const hit = new Set(
      sandbox()
        .alibaba.calls()
        .flatMap(({ action, faults = [] }) => faults.map((kind) => `${action} ${kind}`)),
    );
    expect([...hit]).to.include.members(
      [...passing, ...later].map(({ action, kind }) => `${action} ${kind}`),
    );
  });
});
