import { expect } from "chai";
import { type LuaEngine, LuaFactory } from "wasmoon";
import { actionsLua, discoveryLua, healthLua } from "../../../components/rollouts/kruise-lua";
import { type Rollout, rollouts } from "./rollouts";

/** Argo CD's Lua has the basic functions and `table`; whoever uses more finds nil. */
const missing = ["string", "math", "io", "debug", "coroutine", "utf8"];

describe("components/rollouts/kruise-lua", () => {
  let lua: LuaEngine;
  beforeEach(async () => {
    lua = await new LuaFactory().createEngine();
    for (const library of missing) {
      lua.global.set(library, undefined);
    }
  });
  afterEach(() => lua.global.close());

  const run = async <T>(script: string, rollout: Rollout): Promise<T> => {
    lua.global.set("obj", structuredClone(rollout));
    return (await lua.doString(script)) as T;
  };
  const health = (rollout: Rollout) => run<{ status: string; message: string }>(healthLua, rollout);
  const enabled = async (rollout: Rollout) => {
    const actions = await run<Record<string, { disabled: boolean }>>(discoveryLua, rollout);
    return Object.keys(actions)
      .filter((name) => !actions[name]!.disabled)
      .sort();
  };
  const act = (action: keyof typeof actionsLua, rollout: Rollout) =>
    run<Rollout>(actionsLua[action], rollout);

  const judged: [what: string, rollout: Rollout, status: string, message: string][] = [
    ["nobody has looked at", rollouts.unseen, "Progressing", "Waiting for Kruise to look at the rollout"],
    ["has changed since", rollouts.changed, "Progressing", "Waiting for Kruise to look at the rollout"],
    ["is complete", rollouts.complete, "Healthy", "workload deployment is completed"],
    ["was rolled back", rollouts.rolledBack, "Healthy", "Rollout progressing has been cancelled"],
    [
      "waits for a person",
      rollouts.paused,
      "Suspended",
      "Paused at step 1 of 3, waits for approval: argocd app actions run echo-staging approve " +
        "--group rollouts.kruise.io --kind Rollout --resource-name echo-server",
    ],
    [
      "waits for some seconds",
      rollouts.timed,
      "Progressing",
      "Rollout is in step(2/3), and wait duration(5 seconds) to enter the next step",
    ],
    [
      "is stuck with a bad image",
      rollouts.stuck,
      "Progressing",
      "Rollout is in step(1/3), and upgrade workload to new version: 0 of 1 new pods are ready",
    ],
    [
      "is disabled",
      rollouts.disabled,
      "Suspended",
      "The rollout is disabled: updates don't stop at its steps",
    ],
    ["has no workload", rollouts.initial, "Progressing", "Workload Not Found"],
    ["is being deleted", rollouts.terminating, "Progressing", "Rollout is being deleted"],
  ];
  for (const [what, rollout, status, message] of judged) {
    it(`calls a rollout that ${what} ${status}`, async () => {
      expect(await health(rollout)).to.deep.equal({ status, message });
    });
  }

  it("judges blue-green rollouts, too", async () => {
    expect((await health(rollouts.blueGreen)).status).to.equal("Suspended");
    expect(await enabled(rollouts.blueGreen)).to.deep.equal(["approve", "promote-full"]);
  });

  it("names no application where no label does", async () => {
    const { labels: _, ...metadata } = rollouts.paused.metadata;
    const { message } = await health({ ...rollouts.paused, metadata });
    expect(message).to.contain("argocd app actions run <application> approve");
  });

  it("offers the actions while a canary is paused, and only then", async () => {
    expect(await enabled(rollouts.paused)).to.deep.equal(["approve", "promote-full"]);
    for (const state of ["unseen", "complete", "rolledBack", "stuck", "disabled"] as const) {
      expect(await enabled(rollouts[state]), state).to.deep.equal([]);
    }
  });

  it("approves by what kubectl-kruise writes, and changes nothing else", async () => {
    const wanted = structuredClone(rollouts.paused);
    wanted.status!.canaryStatus!.currentStepState = "StepReady";
    expect(await act("approve", rollouts.paused)).to.deep.equal(wanted);
  });

  it("jumps to the last step", async () => {
    const wanted = structuredClone(rollouts.paused);
    Object.assign(wanted.status!.canaryStatus!, { currentStepState: "StepReady", nextStepIndex: 3 });
    expect(await act("promote-full", rollouts.paused)).to.deep.equal(wanted);
  });

  it("changes nothing of a rollout that isn't paused", async () => {
    for (const action of ["approve", "promote-full"] as const) {
      expect(await act(action, rollouts.stuck)).to.deep.equal(rollouts.stuck);
    }
  });
});
