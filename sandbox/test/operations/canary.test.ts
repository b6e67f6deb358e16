import { expect } from "chai";
import { approval, readCanary, rolloutAction, stepText } from "../../operations/canary";
import { commandLine } from "../../operations/step";
import { argo, kruise } from "./fixtures";

const member = { cluster: "workloads", namespace: "echo-staging" };

describe("A canary", () => {
  it("of Kruise waits for a person at a pause without a duration only", () => {
    expect(readCanary(kruise("Progressing", 1, "StepPaused"))).to.include({ standing: "waiting", step: 1 });
    expect(readCanary(kruise("Progressing", 2, "StepPaused"))).to.include({ standing: "moving", step: 2 });
    expect(readCanary(kruise("Progressing", 1, "StepUpgrade"))).to.include({ standing: "moving", step: 1 });
  });

  it("of Kruise that was rolled back is settled, whatever its last step says", () => {
    const rolledBack = readCanary(kruise("Healthy", 1, "StepPaused"));
    expect(rolledBack.standing).to.equal("settled");
    expect(stepText(rolledBack)).to.equal("");
  });

  it("that its controller has not looked at yet is moving", () => {
    const changed = kruise("Healthy", 3, "Completed");
    changed.metadata.generation = 2;
    expect(readCanary(changed).standing).to.equal("moving");
    expect(readCanary({ ...changed, status: undefined }).standing).to.equal("moving");
    const rollout = argo("Healthy", 4);
    rollout.metadata.generation = 4;
    expect(readCanary(rollout).standing).to.equal("moving");
  });

  it("of Argo Rollouts counts its steps from one", () => {
    const paused = readCanary(argo("Paused", 1, { pauseConditions: [{ reason: "CanaryPauseStep" }] }));
    expect(paused.standing).to.equal("waiting");
    expect(stepText(paused)).to.equal("step 2 of 4");
    const timed = readCanary(argo("Paused", 3, { pauseConditions: [{ reason: "CanaryPauseStep" }] }));
    expect(timed.standing).to.equal("moving");
  });

  it("of Argo Rollouts is settled when it is healthy, aborted until another version is deployed", () => {
    expect(readCanary(argo("Healthy", 4)).standing).to.equal("settled");
    expect(readCanary(argo("Degraded", 0, { abort: true })).standing).to.equal("aborted");
  });

  it("is approved by Argo CD's action, or on the member cluster", () => {
    const { argocd, kubectl } = approval(
      "echo-staging",
      readCanary(kruise("Progressing", 1, "StepPaused")),
      member,
    );
    expect(commandLine(argocd)).to.equal(
      "argocd app actions run echo-staging approve --kind Rollout --group rollouts.kruise.io --resource-name echo-server",
    );
    expect(commandLine(kubectl)).to.equal(
      "kubectl --context workloads --namespace echo-staging patch rollouts.rollouts.kruise.io echo-server " +
        `--subresource=status --type=merge --patch '{"status":{"canaryStatus":{"currentStepState":"StepReady"}}}'`,
    );
  });

  it("of Argo Rollouts is resumed", () => {
    const { argocd, kubectl } = approval("greeter-staging", readCanary(argo("Paused", 1)), member);
    expect(commandLine(argocd)).to.equal(
      "argocd app actions run greeter-staging resume --kind Rollout --group argoproj.io --resource-name greeter",
    );
    expect(kubectl.join(" "))
      .to.contain("patch rollouts.argoproj.io greeter")
      .and.to.contain('{"status":{"pauseConditions":null}}');
  });

  it("is aborted by an action that Argo Rollouts has", () => {
    expect(
      rolloutAction("greeter-staging", "abort", { engine: "argoproj.io", name: "greeter" }).slice(0, 6),
    ).to.deep.equal(["argocd", "app", "actions", "run", "greeter-staging", "abort"]);
  });
});
