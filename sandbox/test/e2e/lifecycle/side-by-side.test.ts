import { expect } from "chai";
import { type Engine, openEngine } from "../../../engine/engine";
import { buyInstance, onInstance } from "../support/account";
import { type Run, succeed } from "../support/runs";
import { useSandbox } from "../support/test-sandbox";

/** Long beside the start of the program and the Applications at the end, which belong to no branch. */
const delay = 30_000;

/** The resources of each branch that need nothing of the other two. */
const branches: Record<string, RegExp> = {
  registry: /^(registry-(?!credentials)|image-[\w-]+-repository$)/,
  source: /^source-/,
  fleet: /^(fleet|cluster)-/,
};

interface Span {
  began: number;
  ended: number;
}

/** From the first beginning to the last end. */
const span = (parts: Span[]): Span => ({
  began: Math.min(...parts.map(({ began }) => began)),
  ended: Math.max(...parts.map(({ ended }) => ended)),
});
const length = ({ began, ended }: Span) => ended - began;

/** The part of the time that all of them have in common; negative when there is none. */
const overlap = (parts: Span[]) =>
  Math.min(...parts.map(({ ended }) => ended)) - Math.max(...parts.map(({ began }) => began));

/**
 * The dev stack on an instance that exists: for a new one the alicloud provider waits a minute, whatever the cloud does,
 * which would hide the rest. One call of each branch takes 30 seconds.
 */
describe("registry, source and Fleet, each with a call of 30 seconds", () => {
  const sandbox = useSandbox();
  let engine: Engine;
  let up: Run;

  before(async function () {
    this.timeout(600_000);
    const instance = await buyInstance(sandbox());
    // Canaries are nobody's branch: what they need on the cluster only takes the processors away from the others.
    const edit = onInstance(instance, (config) => {
      const clusters = config["ackone-delivery:clusters"] as Record<string, Record<string, unknown>>;
      for (const cluster of Object.values(clusters)) cluster["canary"] = [];
    });
    engine = await openEngine(sandbox().info, "dev", { edit });
    const { alibaba, github } = sandbox();
    for (const action of ["CreateNamespace", "CreateHubCluster"]) {
      alibaba.faults.set({ action, kind: "delay", ms: delay, times: 1 });
    }
    github.faults.add({ method: "POST", path: "/repos/*/*/forks", delay, times: 1 });
    up = await succeed(engine, "up");
  });

  const spanOf = (branch: RegExp) =>
    span([...up.times].filter(([name]) => branch.test(name)).map(([, time]) => time));

  it("are created at the same time", () => {
    const slow = [
      ...sandbox()
        .alibaba.calls()
        .filter(({ faults }) => faults?.includes("delay"))
        .map(({ time, ms }) => ({ began: Date.parse(time), ended: Date.parse(time) + ms })),
      ...sandbox()
        .github.calls()
        .filter(({ duration }) => duration >= delay)
        .map(({ time, duration }) => ({ began: Date.parse(time), ended: Date.parse(time) + duration })),
    ];
    expect(slow).to.have.length(3);
    expect(overlap(slow), "what the three calls have in common").to.be.at.least(0.75 * delay);
    expect(overlap(Object.values(branches).map(spanOf))).to.be.at.least(0.75 * delay);
  });

  it("take together at most 1.3 times as long as the longest of them", () => {
    const lengths = Object.entries(branches).map(([name, branch]) => [name, length(spanOf(branch))] as const);
    for (const [name, each] of lengths) expect(each, name).to.be.at.least(delay);
    const longest = Math.max(...lengths.map(([, each]) => each));
    // What the engine and the program need to start depends on the machine alone.
    const began = Math.min(...Object.values(branches).map((branch) => spanOf(branch).began));
    const ended = [...up.times.values()].map((each) => each.ended).filter(Number.isFinite);
    const together = Math.max(...ended) - began;
    const seconds = [...lengths, ["together", together] as const].map(
      ([name, each]) => `${name} ${(each / 1000).toFixed(1)} s`,
    );
    expect(together, seconds.join(", ")).to.be.at.most(1.3 * longest);
  });
});
