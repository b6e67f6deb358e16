import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { type Crash, ManagedProcess, type ProcessSpec, Supervisor, waitFor } from "../../supervisor";

const supervisorModule = pathToFileURL(join(import.meta.dirname, "../../supervisor/index.ts")).href;

/** A shell command that says when it's ready and, unless told otherwise, ends on SIGTERM. */
const obedient = "echo $$ > own.pid; echo up > up; while :; do sleep 0.05; done";
const stubborn = `trap '' TERM; ${obedient}`;

describe("a process of the sandbox", () => {
  let folder: string;
  const spec = (name: string, script: string, more: Partial<ProcessSpec> = {}): ProcessSpec => ({
    name,
    command: "/bin/sh",
    args: ["-c", script],
    cwd: folder,
    logFile: join(folder, `${name}.log`),
    pidFile: join(folder, `${name}.pid`),
    ready: async () => (existsSync(join(folder, "up")) ? undefined : "no file called up"),
    readyWithin: 5000,
    stopWithin: 1000,
    ...more,
  });
  const childPid = () => Number(readFileSync(join(folder, "own.pid"), "utf8"));
  const isAlive = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  const gone = (pid: number) =>
    waitFor(`the end of process ${pid}`, async () => (isAlive(pid) ? "alive" : undefined), {
      within: 20_000,
    });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "supervisor-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is started when its condition holds and has ended when stop resolves", async () => {
    const child = new ManagedProcess(spec("web", obedient));
    await child.start();
    expect(child.running).to.equal(true);
    const pid = childPid();
    await child.stop();
    expect(child.running).to.equal(false);
    expect(isAlive(pid)).to.equal(false);
    expect(await child.ended).to.deep.include({ expected: true });
    expect(existsSync(join(folder, "web.pid"))).to.equal(false);
  });

  it("is killed when it ignores SIGTERM", async () => {
    const child = new ManagedProcess(spec("web", stubborn, { stopWithin: 200 }));
    await child.start();
    const pid = childPid();
    await child.stop();
    await gone(pid);
  });

  it("that ends before it's ready is an error with its last words", async () => {
    const child = new ManagedProcess(spec("web", "echo no such database >&2; exit 3"));
    const error = await child.start().then(
      () => undefined,
      (failure: Error) => failure,
    );
    expect(error?.message).to.match(
      /^web ended with code 3 before it was ready\nno such database\n\(log: .*web\.log\)$/,
    );
  });

  it("that isn't ready in time is stopped, and the error says what was last seen", async () => {
    const child = new ManagedProcess(
      spec("web", "echo $$ > own.pid; while :; do sleep 0.05; done", { readyWithin: 2000 }),
    );
    const error = await child.start().then(
      () => undefined,
      (failure: Error) => failure,
    );
    expect(error?.message).to.contain("web to be ready: not within 2 s; last seen: no file called up");
    expect(child.running).to.equal(false);
    await gone(childPid());
  });

  it("that can't be found is an error that names the command", async () => {
    const child = new ManagedProcess(spec("web", "", { command: "/nowhere/tool" }));
    const error = await child.start().then(
      () => undefined,
      (failure: Error) => failure,
    );
    expect(error?.message).to.contain("web ended with code 127").and.to.contain("/nowhere/tool");
  });

  it("never gets a secret into its log, even in two chunks", async () => {
    const script = `printf 'password: hunt'; sleep 0.1; echo 'er2!'; ${obedient}`;
    const child = new ManagedProcess(spec("web", script, { secrets: ["hunter2"] }));
    await child.start();
    await child.stop();
    expect(readFileSync(join(folder, "web.log"), "utf8")).to.equal("password: ********!\n");
  });

  it("inherits nothing of the environment but PATH and HOME", async () => {
    process.env["SANDBOX_TEST_LEAK"] = "1";
    const child = new ManagedProcess(spec("web", `env; ${obedient}`, { env: { GIVEN: "yes" } }));
    await child.start();
    await child.stop();
    delete process.env["SANDBOX_TEST_LEAK"];
    const log = readFileSync(join(folder, "web.log"), "utf8");
    expect(log).to.contain("GIVEN=yes").and.not.to.contain("SANDBOX_TEST_LEAK");
  });

  it("dies with its starter, also when that is killed with SIGKILL", async () => {
    const starter = join(folder, "starter.mts");
    writeFileSync(
      starter,
      `import { ManagedProcess } from ${JSON.stringify(supervisorModule)};
       const ready = async () => undefined;
       await new ManagedProcess({ ...${JSON.stringify(spec("web", stubborn))}, ready }).start();
       setInterval(() => {}, 1000);`,
    );
    const parent = spawn(
      process.execPath,
      ["--import", createRequire(import.meta.url).resolve("tsx"), starter],
      { stdio: "ignore" },
    );
    await waitFor("the child", async () => (existsSync(join(folder, "up")) ? undefined : "not up"), {
      within: 15_000,
    });
    const pid = childPid();
    const exit = new Promise((resolve) => parent.once("exit", resolve));
    parent.kill("SIGKILL");
    await exit;
    await gone(pid);
  });

  it("ends what an earlier run left under the same pid file", async () => {
    const first = new ManagedProcess(spec("web", stubborn, { stopWithin: 200 }));
    await first.start();
    const pid = childPid();
    const second = new ManagedProcess(spec("web", obedient));
    await second.start();
    await gone(pid);
    await second.stop();
  });
});

describe("the supervisor", () => {
  let folder: string;
  const spec = (name: string, script = "while :; do sleep 0.05; done"): ProcessSpec => ({
    name,
    command: "/bin/sh",
    args: ["-c", `trap 'echo ${name} >> order; exit 0' TERM; touch ${name}.up; ${script}`],
    cwd: folder,
    logFile: join(folder, `${name}.log`),
    pidFile: join(folder, `${name}.pid`),
    ready: async () => (existsSync(join(folder, `${name}.up`)) ? undefined : "not up"),
    stopWithin: 2000,
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "supervisor-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("stops in reverse order", async () => {
    const supervisor = new Supervisor();
    for (const name of ["etcd", "api", "controller"]) await supervisor.start(spec(name));
    expect(supervisor.status().map(({ name }) => name)).to.deep.equal(["etcd", "api", "controller"]);
    await supervisor.stopAll();
    expect(readFileSync(join(folder, "order"), "utf8")).to.equal("controller\napi\netcd\n");
    expect(supervisor.status()).to.deep.equal([]);
  });

  it("reports a process that ends although nobody asked", async () => {
    const crashes: Crash[] = [];
    const supervisor = new Supervisor((crash) => crashes.push(crash));
    await supervisor.start(spec("etcd", "while [ ! -e crash ]; do sleep 0.05; done; echo disk full; exit 7"));
    writeFileSync(join(folder, "crash"), "");
    await waitFor("the crash", async () => (crashes.length > 0 ? undefined : "none"), { within: 5000 });
    expect(crashes).to.deep.equal([{ name: "etcd", ending: { code: 7, signal: null }, tail: "disk full" }]);
  });

  it("refuses a second process of the same name", async () => {
    const supervisor = new Supervisor();
    await supervisor.start(spec("etcd"));
    const error = await supervisor.start(spec("etcd")).catch((failure: Error) => failure);
    expect((error as Error).message).to.equal("etcd runs already");
    await supervisor.stopAll();
  });
});
