/** The plugin as the engine starts it: a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

const LAUNCHER = join(__dirname, "../../provider/pulumi-resource-ackone");

describe("provider process", () => {
  let child: ChildProcess;

  beforeEach(() => {
    // Far away from the project, as with `pulumi --cwd`.
    child = spawn(LAUNCHER, ["127.0.0.1:1"], { cwd: tmpdir(), stdio: ["pipe", "pipe", "inherit"] });
  });

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
    const client = new ResourceProviderClient(`127.0.0.1:${await port()}`, grpc.credentials.createInsecure());
    const info = await new Promise<PluginInfo>((resolve, reject) =>
      client.getPluginInfo(new Empty(), (error, response) => (error ? reject(error) : resolve(response))),
    );
    expect(info.getVersion()).to.equal("0.1.0");
    client.close();
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
