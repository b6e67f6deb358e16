import { expect } from "chai";
import { openEngine } from "../../../engine/engine";
import { waitFor } from "../../../supervisor";
import { descendants, type Listed, processTable, signal } from "../support/process-tree";
import { run, runsEnded } from "../support/runs";
import { useSandbox } from "../support/test-sandbox";

describe("a run of the engine that doesn't end", () => {
  const sandbox = useSandbox();

  it("is ended with all of its processes, says where they stood, and holds up no other test", async () => {
    const engine = await openEngine(sandbox().info, "dev");
    // The GitHub provider waits for an answer for ever.
    sandbox().setFault({ github: { path: "/**", hang: true } });
    const running = run(engine, "up", {}, 90_000);
    // One that says nothing any more.
    let frozen: Listed | undefined;
    const isThere = async () => {
      frozen = descendants(process.pid).find(
        ({ line }) => line.includes("node ") && line.includes("/kubernetes/plugin/"),
      );
      return frozen ? undefined : "not yet";
    };
    await waitFor("the kubernetes plugin", isThere, { within: 80_000 });
    signal(frozen!.pid, "SIGSTOP");
    const { error, output } = await running;
    expect(error).to.match(/^begun and not ended: .*ackone-samples-echo-server/);
    expect(error).to.contain("still running after 90 s");
    expect(error).to.match(/^ {2}\d+ \S .*\/pulumi up /m);
    expect(error).to.match(/^ {2}\d+ \S .*\/pulumi-resource-github /m);
    expect(error, "the program").to.match(/^node \d+: .*tcp \d+ to \d+/m);
    expect(error).to.contain(`node ${frozen!.pid} reported nothing`);
    expect(error, "the engine").to.match(/^ {2}select, 1 minutes: .*engine.Update/m);
    expect(error, "the language host").to.match(/^ {2}.*, 1 minutes: .*nodeLanguageHost\).Run/m);
    expect(output).to.contain("Updating (dev)").and.not.contain("SIGQUIT");
    await runsEnded();
    const isLeft = ({ pid, line }: Listed) =>
      line.includes(sandbox().home.engine) || (pid === frozen!.pid && !line.startsWith("Z"));
    expect(processTable().filter(isLeft)).to.deep.equal([]);
    expect(descendants(process.pid).filter(({ line }) => line.includes("pulumi"))).to.deep.equal([]);
  });
});
