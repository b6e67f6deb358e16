import { expect } from "chai";
import { openEngine } from "../../../engine/engine";
import { waitFor } from "../../../supervisor/index";
import { usePipeline } from "../support/pipeline";

describe("what a release leaves behind", function () {
  this.timeout(600_000);
  const pipeline = usePipeline();

  /** `pulumi <command>` as a person types it; it fails when there is something to do. */
  const pulumi = async (...args: string[]) => {
    const engine = await openEngine(pipeline().sandbox.info, "dev");
    const { exitCode, stdout, stderr } = await engine.pulumi([...args, "--stack", "dev"]);
    return exitCode === 0 ? "no changes" : `${stdout}\n${stderr}`;
  };

  it("is no drift for the stack: written-back tags, promotions, a canary under way", async () => {
    const [echo, greeter] = [await pipeline().release("echo"), await pipeline().release("greeter")];
    await pipeline().arrived(echo, 120_000);
    await pipeline().arrived(greeter, 120_000);
    const { tag } = echo.release;
    await pipeline().run("promote", "echo", "staging");
    await pipeline().run("approve", "echo", "staging");
    await pipeline().settles("echo-staging", `Synced Healthy ${tag}`, 120_000);
    await pipeline().run("promote", "greeter", "staging");
    try {
      // The canary waits on the member; Argo CD hears of it a moment later.
      const probe = async () => {
        const { health } = await pipeline().application("greeter-staging");
        return health === "Suspended" ? undefined : health;
      };
      await waitFor("greeter-staging to be Suspended", probe, { within: 120_000 });
      expect(await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")).to.equal("no changes");
      expect(await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")).to.equal(
        "no changes",
      );
    } finally {
      await pipeline().run("approve", "greeter", "staging");
    }
    await pipeline().settles("greeter-staging", `Synced Healthy ${greeter.release.tag}`, 120_000);
  });
});
