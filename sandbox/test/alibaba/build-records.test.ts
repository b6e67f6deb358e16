import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { BuildOrder, ImageBuilder, RefPushed } from "../../emulators/alibaba";
import { projectFolder } from "../../world/home";
import { Harness, waitFor } from "./harness";

/** A build machine whose builds end when the test says so. */
class FakeBuilder implements ImageBuilder {
  readonly orders: BuildOrder[] = [];
  readonly #ends = new Map<string, (error?: Error) => void>();

  build: ImageBuilder["build"] = (order, log, signal) => {
    this.orders.push(order);
    log("CLONE", "Cloning");
    log("BUILD", "Step 1/1 : FROM scratch");
    return new Promise((resolve, reject) => {
      const pushed = { digest: `sha256:${"1".repeat(64)}`, commit: order.source.commit ?? "c".repeat(40) };
      this.#ends.set(order.image.tag, (error) => (error ? reject(error) : resolve(pushed)));
      signal.addEventListener("abort", () => reject(signal.reason as Error));
    });
  };

  /** Ends a build as soon as it has begun. */
  async end(tag: string, error?: Error): Promise<void> {
    await waitFor(() => ({ ok: this.#ends.has(tag), seen: [...this.#ends.keys()] }));
    this.#ends.get(tag)?.(error);
  }
}

describe("build records", () => {
  let harness: Harness;
  let builder: FakeBuilder;
  let InstanceId: string;
  let RepoId: string;
  beforeEach(async () => {
    harness = await Harness.start({ settings: { delays: { instance: 20 }, quotas: { builds: 2 } } });
    InstanceId = await harness.instance();
    await harness.namespace(InstanceId);
    RepoId = await bound("echo-server");
    builder = new FakeBuilder();
  });
  afterEach(() => harness.stop());

  const cr = async (action: string, parameters: Record<string, unknown> = {}) =>
    (await harness.client.cr(action, { InstanceId, RepoId, ...parameters })).body;
  const release = (version: string, name = "echo-server", more: Partial<RefPushed> = {}) =>
    harness.emulator.pushed({
      owner: "acme",
      name,
      ref: `refs/tags/release-${version}`,
      deleted: false,
      headCommit: { id: "a".repeat(40) },
      ...more,
    });
  const builds = () => harness.emulator.dump().builds;
  const states = () => builds().map(({ repository, tag, status }) => `${repository}:${tag} ${status}`);
  const until = (...expected: string[]) =>
    waitFor(() => ({ ok: JSON.stringify(states()) === JSON.stringify(expected), seen: states() }));

  async function bound(name: string): Promise<string> {
    const id = await harness.repository(InstanceId, name);
    const source = {
      CodeRepoType: "GITHUB",
      CodeRepoNamespaceName: "acme",
      CodeRepoName: name,
      AutoBuild: true,
    };
    await harness.client.cr("CreateRepoSourceCodeRepo", { InstanceId, RepoId: id, ...source });
    const rule = {
      PushType: "GIT_TAG",
      PushName: "release-(?<v>v[\\w.-]+)",
      ImageTag: "${v}",
      BuildArgs: ["A=b=c"],
    };
    await harness.client.cr("CreateRepoBuildRule", { InstanceId, RepoId: id, ...rule });
    return id;
  }

  it("wait for a build machine, and are listed with the newest first", async () => {
    release("v1.0.0");
    release("v1.0.1");
    expect(states()).to.deep.equal([
      "echo-dev/echo-server:v1.0.0 PENDING",
      "echo-dev/echo-server:v1.0.1 PENDING",
    ]);
    const { BuildRecords, TotalCount } = (await cr("ListRepoBuildRecord", { PageNo: 1, PageSize: 1 })) as {
      BuildRecords: object[];
      TotalCount: string;
    };
    expect(TotalCount).to.equal("2");
    expect(BuildRecords).to.deep.equal([
      {
        BuildRecordId: builds()[1]?.id,
        BuildStatus: "PENDING",
        Image: { RepoId, RepoName: "echo-server", RepoNamespaceName: "echo-dev", ImageTag: "v1.0.1" },
      },
    ]);
  });

  it("tell the build machine everything that it needs, and keep what it made", async () => {
    harness.emulator.buildWith(builder);
    release("v1.0.0");
    await until("echo-dev/echo-server:v1.0.0 BUILDING");
    await waitFor(() => ({ ok: builder.orders.length === 1, seen: builder.orders }));
    const [order] = builder.orders;
    expect(order).to.deep.include({
      dockerfile: { location: "/", name: "Dockerfile" },
      platforms: ["linux/amd64"],
      buildArgs: { A: "b=c" },
      image: {
        host: "acme-dev-registry-vpc.cn-hangzhou.cr.aliyuncs.com",
        repository: "echo-dev/echo-server",
        tag: "v1.0.0",
      },
      source: {
        owner: "acme",
        name: "echo-server",
        type: "GIT_TAG",
        ref: "release-v1.0.0",
        commit: "a".repeat(40),
        accountBound: true,
      },
    });
    const { isLogin } = harness.emulator.registry;
    expect(await isLogin(InstanceId, order?.login.user ?? "", order?.login.password ?? "")).to.equal(true);
    await builder.end("v1.0.0");
    await until("echo-dev/echo-server:v1.0.0 SUCCESS");
    const BuildRecordId = builds()[0]?.id;
    const record = await cr("GetRepoBuildRecord", { RepoId: undefined, BuildRecordId });
    expect(record).to.include({
      BuildRecordId,
      Status: "SUCCESS",
      StartTime: String(builds()[0]?.startedAt),
    });
    expect(Number(record["EndTime"])).to.be.at.least(Number(record["StartTime"]));
    expect(await cr("GetRepoBuildRecordStatus", { BuildRecordId })).to.include({ BuildStatus: "SUCCESS" });
    const log = await cr("ListRepoBuildRecordLog", { BuildRecordId, Offset: 1 });
    expect(log).to.deep.include({
      TotalCount: "2",
      BuildRecordLogs: [{ BuildStage: "BUILD", LineNumber: 2, Message: "Step 1/1 : FROM scratch" }],
    });
  });

  it("of one repository are worked on one after the other, of several side by side up to a limit", async () => {
    for (const name of ["echo-web", "echo-third"]) await bound(name);
    harness.emulator.buildWith(builder);
    release("v1");
    release("v2");
    release("v3", "echo-web");
    release("v4", "echo-third");
    const tags = () => builder.orders.map(({ image }) => image.tag);
    await waitFor(() => ({ ok: tags().length === 2, seen: tags() }));
    expect(tags()).to.deep.equal(["v1", "v3"]);
    await builder.end("v3");
    await waitFor(() => ({ ok: tags().length === 3, seen: tags() }));
    expect(tags()).to.deep.equal(["v1", "v3", "v4"]);
    await builder.end("v1");
    await waitFor(() => ({ ok: tags().length === 4, seen: tags() }));
    expect(tags()[3]).to.equal("v2");
  });

  it("say why a build failed", async () => {
    harness.emulator.buildWith(builder);
    release("v1.0.0");
    await builder.end("v1.0.0", new Error("the Dockerfile cannot be empty"));
    await until("echo-dev/echo-server:v1.0.0 FAILED");
    expect(builds()[0]).to.include({ reason: "the Dockerfile cannot be empty" });
    expect(harness.emulator.buildLog(builds()[0]?.id ?? "").at(-1)).to.deep.equal({
      stage: "ERROR",
      message: "ERROR: the Dockerfile cannot be empty",
    });
  });

  it("are canceled, waiting or under way, but not when they have ended", async () => {
    harness.emulator.buildWith(builder);
    release("v1");
    release("v2");
    const [first, second] = builds();
    await waitFor(() => ({ ok: builder.orders.length === 1, seen: builder.orders }));
    expect(await cr("CancelRepoBuildRecord", { BuildRecordId: second?.id })).to.include({ Code: "success" });
    expect(await cr("CancelRepoBuildRecord", { BuildRecordId: first?.id })).to.include({ Code: "success" });
    await until("echo-dev/echo-server:v1 CANCELED", "echo-dev/echo-server:v2 CANCELED");
    expect(await cr("CancelRepoBuildRecord", { BuildRecordId: first?.id })).to.include({
      Code: "BUILD_RECORD_STATUS_NOT_SUPPORT",
    });
    release("v3");
    await waitFor(() => ({ ok: builder.orders.length === 2, seen: builder.orders.length }));
    expect(builder.orders[1]?.image.tag).to.equal("v3");
  });

  it("are made by hand from a rule without a pattern only", async () => {
    const { BuildRules } = (await cr("ListRepoBuildRule")) as { BuildRules: { BuildRuleId: string }[] };
    const byPattern = await cr("CreateBuildRecordByRule", { BuildRuleId: BuildRules[0]?.BuildRuleId });
    expect(byPattern).to.include({ Code: "BUILD_RULE_NOT_SUPPORT" });
    const rule = { PushType: "GIT_BRANCH", PushName: "main", ImageTag: "edge" };
    const { BuildRuleId } = await cr("CreateRepoBuildRule", rule);
    const { BuildRecordId } = await cr("CreateBuildRecordByRule", { BuildRuleId });
    harness.emulator.buildWith(builder);
    await builder.end("edge");
    await until("echo-dev/echo-server:edge SUCCESS");
    expect(builds()[0]).to.include({ id: BuildRecordId, ref: "refs/heads/main", commit: "c".repeat(40) });
  });

  it("are not made by a deletion, by a note that is no commit, nor by other refs", () => {
    release("v1", "echo-server", { deleted: true, headCommit: null });
    release("v1", "echo-server", { headCommit: null });
    release("v1", "echo-server", { ref: "refs/notes/release-v1" });
    release("v1", "echo-other");
    expect(builds()).to.be.empty;
    release("v1", "Echo-Server");
    expect(builds()).to.have.lengthOf(1);
  });

  it("go with their repository, also when the build is under way", async () => {
    harness.emulator.buildWith(builder);
    release("v1");
    const [build] = builds();
    await waitFor(() => ({ ok: builder.orders.length === 1, seen: builder.orders }));
    await cr("DeleteRepository");
    await until();
    await builder.end("v1");
    expect(await cr("GetRepoBuildRecord", { RepoId: undefined, BuildRecordId: build?.id })).to.include({
      Code: "BUILD_RECORD_NOT_EXIST",
    });
    expect(harness.errors).to.be.empty;
  });

  it("stand still where they are told to", async () => {
    harness.emulator.buildFaults.set({ repository: "echo-dev/echo-server", kind: "delay", ms: 60_000 });
    harness.emulator.buildWith(builder);
    release("v1");
    await until("echo-dev/echo-server:v1 BUILDING");
    expect(builder.orders).to.be.empty;
    await cr("CancelRepoBuildRecord", { BuildRecordId: builds()[0]?.id });
    await until("echo-dev/echo-server:v1 CANCELED");
  });

  it("and their logs are found by the runbooks' own commands, each with the ids that the one before it gave", async () => {
    await bound("echo-web-server");
    harness.emulator.buildWith(builder);
    release("v1.0.0");
    await builder.end("v1.0.0", new Error("no such file: server.go"));
    await until("echo-dev/echo-server:v1.0.0 FAILED");
    // What its reader puts in for `<…>`.
    const known: Record<string, string> = {
      InstanceName: String(harness.emulator.dump().instances[0]!.name),
      RepoName: "echo-server",
    };
    const first = (body: Record<string, unknown>, list: string) =>
      (body[list] as Record<string, string>[] | undefined)?.[0] ?? {};
    const commands = ["release.md", "incident.md"].flatMap(aliyunCommands);
    expect(commands.map(({ action }) => action)).to.deep.equal([
      "ListInstance",
      "ListRepository",
      "ListRepoBuildRecord",
      "ListRepoBuildRecord",
      "ListRepoBuildRecordLog",
    ]);
    let last: Record<string, unknown> = {};
    for (const { action, parameters } of commands) {
      const given = parameters.filter((name) => name !== "region").map((name) => [name, known[name]]);
      const unknown = given.filter(([, value]) => value === undefined);
      expect(unknown, action).to.deep.equal([]);
      last = (await harness.client.cr(action, Object.fromEntries(given))).body;
      expect(last["Code"], action).to.equal("success");
      if (!action.endsWith("Log")) expect(Number(last["TotalCount"]), action).to.equal(1);
      Object.assign(
        known,
        first(last, "Instances"),
        first(last, "Repositories"),
        first(last, "BuildRecords"),
      );
    }
    const lines = (last["BuildRecordLogs"] as { Message: string }[]).map(({ Message }) => Message);
    expect(lines.join("\n")).to.contain("no such file: server.go");
  });
});

/** The blocks of a runbook that no sandbox can paste: `aliyun cr <Action> --<Parameter> …`. */
function aliyunCommands(document: string): { action: string; parameters: string[] }[] {
  const text = readFileSync(join(projectFolder, "docs", "runbooks", document), "utf8");
  return [...text.matchAll(/^aliyun cr (\w+)(.*)$/gm)].map(([, action = "", rest = ""]) => ({
    action,
    parameters: [...rest.matchAll(/--(\w+)/g)].map(([, name = ""]) => name),
  }));
}
