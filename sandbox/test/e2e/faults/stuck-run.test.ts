import { expect } from "chai";
import { openEngine } from "../../../engine/engine";
import { descendants, processTable } from "../support/process-tree";
import { run, runsEnded } from "../support/runs";
import { useSandbox } from "../support/test-sandbox";

describe("a run of the engine that doesn't end", () => {
  const sandbox = useSandbox();

  it("is ended with all of its processes, says where they stood, and holds up no other test", async () => {
    const engine = await openEngine(sandbox().info, "dev");
    // The GitHub provider waits for an answer for ever.
    sandbox().setFault({ github: { path: "/**", hang: true } });
    const { error, output } = await run(engine, "up", {}, 90_000);
    expect(error).to.match(/^begun and not ended: .*ackone-samples-echo-server/);
    expect(error).to.contain("still running after 90 s");
    expect(error).to.match(/^ {2}\d+ \S .*\/pulumi up /m);
    expect(error).to.match(/^ {2}\d+ \S .*\/pulumi-resource-github /m);
    expect(error, "the program").to.match(/^node \d+: .*tcp \d+ to \d+/m);
    expect(error, "the engine").to.match(/^ {2}select, 1 minutes: .*engine.Update/m);
    expect(error, "the language host").to.match(/^ {2}.*, 1 minutes: .*nodeLanguageHost\).Run/m);
    expect(output).to.contain("Updating (dev)").and.not.contain("SIGQUIT");
    await runsEnded();
    const left = processTable().filter(({ line }) => line.includes(sandbox().home.engine));
    expect(left).to.deep.equal([]);
    expect(descendants(process.pid).filter(({ line }) => line.includes("pulumi"))).to.deep.equal([]);
  });
});
