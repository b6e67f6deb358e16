import { expect } from "chai";
import { adviceFor } from "../../../engine/advice";
import { openEngine } from "../../../engine/engine";
import { buyInstance, installations, installationsEnded, onInstance } from "../support/account";
import { inSteps } from "../support/in-steps";
import { typed } from "../support/printed-commands";
import { run, succeed } from "../support/runs";
import { useSandbox } from "../support/test-sandbox";

/** Installing an add-on goes wrong: what the alicloud provider makes of it. The tests build on each other. */
describe("an add-on of a cluster", () => {
  inSteps();
  const sandbox = useSandbox();
  let instance: string;

  before(async () => {
    instance = await buyInstance(sandbox());
  });

  /** The dev stack, whose cluster has ack-kruise only, or both add-ons. */
  const open = (imagePull: boolean) =>
    openEngine(sandbox().info, "dev", {
      edit: onInstance(instance, (config) => {
        const clusters = config["ackone-delivery:clusters"] as Record<string, object>;
        config["ackone-delivery:clusters"] = { workloads: { ...clusters["workloads"], imagePull } };
      }),
    });

  const installed = () =>
    sandbox()
      .alibaba.dump()
      .addons.map(({ name }) => name)
      .sort();

  it("is installed once when the reply is lost: the provider asks again and is refused, the next up finds it", async () => {
    const engine = await open(false);
    sandbox().alibaba.faults.set({ action: "InstallClusterAddons", kind: "lostReply", times: 1 });
    const { error, output } = await run(engine, "up");
    expect(error, output).to.be.a("string");
    expect(output).to.match(/AddonOperationConflict|AddonAlreadyInstalled/);
    await installationsEnded(sandbox());

    await succeed(engine, "up");
    await succeed(engine, "up", { expectNoChanges: true });
    expect(installed()).to.deep.equal(["ack-kruise"]);
    expect(installations(sandbox())).to.equal(1);
  });

  it("that was refused stays in the state, and the next run says how to go on", async () => {
    const engine = await open(true);
    sandbox().alibaba.faults.set({ action: "InstallClusterAddons", kind: "deny", times: 1 });
    const refused = await run(engine, "up");
    expect(refused.error, refused.output).to.be.a("string");
    expect(refused.output).to.contain("StatusCode: 403");

    const again = await run(engine, "up");
    expect(again.error, again.output).to.be.a("string");
    const advice = adviceFor(again.output, engine.folder, sandbox().home.engine);
    expect(advice).to.contain("The add-on managed-aliyun-acr-credential-helper isn't on its cluster");
    await typed(engine, advice!.trim().split("\n").at(-1)!);

    await succeed(engine, "up", { expectNoChanges: true });
    expect(installed()).to.deep.equal(["ack-kruise", "managed-aliyun-acr-credential-helper"]);
    expect(installations(sandbox())).to.equal(2);
  });
});
