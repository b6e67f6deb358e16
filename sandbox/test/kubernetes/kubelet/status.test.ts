import { expect } from "chai";
import type { ContainerState, ContainerStatus, Pod } from "../../../kubernetes/kubelet/pod";
import { PodStatus } from "../../../kubernetes/kubelet/status";

const at = "2026-01-01T00:00:00Z";
const running: ContainerState = { running: { startedAt: at } };
const waiting: ContainerState = { waiting: { reason: "CrashLoopBackOff" } };
const ended = (exitCode: number): ContainerState => ({
  terminated: { exitCode, reason: "x", startedAt: at, finishedAt: at },
});

function container(state: ContainerState, changes: Partial<ContainerStatus> = {}): ContainerStatus {
  const base = { name: "app", image: "x", imageID: "", ready: false, started: false, restartCount: 0 };
  return { ...base, state, lastState: {}, ...changes };
}

function pod(containers: number, initContainers = 0): Pod {
  const list = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `c${index}`, image: "x" }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: { containers: list(containers), initContainers: list(initContainers) },
  };
}

interface Described {
  phase: string;
  conditions: { type: string; status: string; lastTransitionTime: string }[];
}
const describePod = (of: Pod, init: ContainerStatus[], main: ContainerStatus[]) =>
  new PodStatus(of).describe(init, main) as unknown as Described;
const ready = ({ conditions }: Described) => conditions.find(({ type }) => type === "Ready")?.status;

describe("the status of a pod", () => {
  for (const [what, init, main, phase, isReady] of [
    ["waits for an image", [], [container({ waiting: { reason: "ImagePullBackOff" } })], "Pending", "False"],
    ["has begun", [], [container(running)], "Running", "False"],
    ["is ready", [], [container(running, { ready: true })], "Running", "True"],
    ["crashes", [], [container(waiting, { restartCount: 1 })], "Running", "False"],
    ["has done its work", [], [container(ended(0))], "Succeeded", "False"],
    ["has failed", [], [container(ended(1))], "Failed", "False"],
    ["failed before it began", [container(ended(1))], [], "Failed", "False"],
    ["prepares", [container(running)], [], "Pending", "False"],
  ] as const) {
    it(`is ${phase}${isReady === "True" ? " and Ready" : ""} when it ${what}`, () => {
      const status = describePod(pod(1, init.length), [...init], [...main]);
      expect(status.phase).to.equal(phase);
      expect(ready(status)).to.equal(isReady);
    });
  }

  it("is not ready before all containers are", () => {
    const one = container(running, { ready: true });
    expect(ready(describePod(pod(2), [], [one, container(running)]))).to.equal("False");
    expect(ready(describePod(pod(2), [], [one]))).to.equal("False");
    expect(ready(describePod(pod(2), [], [one, one]))).to.equal("True");
  });

  it("says since when it is so, not when it was last looked at", () => {
    let second = 0;
    const status = new PodStatus(pod(1), () => `2026-01-01T00:00:0${second}Z`);
    const since = (isReady: boolean) => {
      const described = status.describe([], [container(running, { ready: isReady })]) as unknown as Described;
      return described.conditions.find(({ type }) => type === "Ready")?.lastTransitionTime;
    };
    expect(since(true)).to.equal("2026-01-01T00:00:00Z");
    second = 1;
    expect(since(true)).to.equal("2026-01-01T00:00:00Z");
    expect(since(false)).to.equal("2026-01-01T00:00:01Z");
  });
});
