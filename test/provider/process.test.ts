/** The plugin as the engine starts it: a process of its own. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { packageSchema } from "../../provider/plugin/schema";
import { Cloud } from "./cloud";
import { Plugin, settingsFor } from "./plugin";

const LAUNCHER = join(__dirname, "../../provider/pulumi-resource-ackone");

describe("provider process", () => {
  let child: ChildProcess;

  const start = (environment: NodeJS.ProcessEnv = {}) => {
    // Far away from the project, as with `pulumi --cwd`.
    const stdio: ["pipe", "pipe", "inherit"] = ["pipe", "pipe", "inherit"];
    const env = { ...process.env, ...environment };
    child = spawn(LAUNCHER, ["127.0.0.1:1"], { cwd: tmpdir(), env, stdio });
  };

  beforeEach(() => start());

  afterEach(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  });

  async function port(): Promise<number> {
    if (!child.stdout) throw new Error("no output");
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    return Number(line);
  }

  it("prints its port first, and answers there", async () => {
    const plugin = new Plugin(await port());
    expect(await plugin.version()).to.equal("0.1.0");
    expect(await plugin.schema()).to.equal(packageSchema());
    await plugin.stop();
  });

  it("calls the cloud with what it loads late", async () => {
    const cloud = await Cloud.start();
    cloud.newFleet();
    const plugin = new Plugin(await port());
    await plugin.configure(settingsFor(cloud));
    const { ids } = await plugin.invoke("ackone:fleet:findFleet", { name: "acme" });
    expect(ids).to.deep.equal([cloud.fleetId]);
    await plugin.stop();
    await cloud.stop();
  });

  it("is alone, even when all of it had to be compiled: the engine waits for the last that holds its output", async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
    start({ TSX_DISABLE_CACHE: "1" });
    await port();
    const table = execFileSync("ps", ["-A", "-o", "ppid=,args="], { encoding: "utf8" }).split("\n");
    expect(table.filter((line) => line.trim().startsWith(`${child.pid} `))).to.deep.equal([]);
  });

  it("ends when the engine is gone, even when that was killed", async () => {
    await port();
    child.stdin?.destroy();
    expect((await once(child, "exit"))[0]).to.equal(0);
  });

  it("ends at once when the engine interrupts it", async () => {
    await port();
    child.kill("SIGINT");
    expect((await once(child, "exit"))[0]).to.equal(0);
  });
});
