import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sandbox, type SandboxOptions } from "../../../sandbox";
import { runsEnded } from "./runs";

/**
 * A sandbox for one suite, in this process and in a folder of its own: started before, stopped and removed after.
 * Its processes die with this one, so a crash leaves nothing running.
 *
 * @returns a function that gives the sandbox inside of tests and hooks
 */
export function useSandbox(options: Omit<SandboxOptions, "home"> = {}): () => Sandbox {
  let starting: Promise<Sandbox> | undefined;
  let sandbox: Sandbox | undefined;
  let home: string | undefined;
  before(async function () {
    this.timeout(180_000);
    home = mkdtempSync(join(tmpdir(), "ackone-sandbox-"));
    starting = Sandbox.start({ ...options, home });
    sandbox = await starting;
  });
  after(async function () {
    this.timeout(600_000);
    // A start for which nobody waits any more, because it took too long, must not leave its processes behind.
    const started = await starting?.catch(() => undefined);
    started?.setFault({});
    await runsEnded();
    await started?.stop();
    if (home) rmSync(home, { recursive: true, force: true });
  });
  return () => {
    if (!sandbox) throw new Error("the sandbox did not start");
    return sandbox;
  };
}
