import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Sandbox } from "../../../sandbox";
import { world } from "../../../world/world";

/** A start that fails late would otherwise leave etcd, the registry and open ports behind for as long as tests run. */
describe("a sandbox that doesn't start", () => {
  let home: string;
  before(() => {
    home = mkdtempSync(join(tmpdir(), "ackone-failed-start-"));
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  const processes = () =>
    execFileSync("ps", ["-A", "-ww", "-o", "args="], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line.includes(home));

  it("leaves no process behind, and starts in the same folder once the cause is gone", async () => {
    const samples = [...world.github.samples, { fullName: "acme/lost", folder: "no-such-folder" }];
    const start = Sandbox.start({ home, world: { ...world, github: { ...world.github, samples } } });
    const error = await start.then(
      async (sandbox) => {
        await sandbox.stop();
        return undefined;
      },
      (failure: Error) => failure,
    );
    expect(error?.message).to.contain("no-such-folder");
    expect(processes()).to.deep.equal([]);

    const sandbox = await Sandbox.start({ home });
    expect(processes()).to.not.deep.equal([]);
    await sandbox.stop();
    expect(processes()).to.deep.equal([]);
  });
});
