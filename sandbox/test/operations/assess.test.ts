import { expect } from "chai";
import { isSame, lostApproval, outcomeOf } from "../../operations/approve";
import { assess } from "../../operations/assess";
import { readCanary } from "../../operations/canary";
import { nextCommand } from "../../operations/next-command";
import { failingPods, type Observed } from "../../operations/observe";
import { nothingToPromote } from "../../operations/promote";
import { argo, seen } from "./fixtures";

const old = ["v1.0.0"];
const fresh = ["v1.0.1"];
const both = ["v1.0.0", "v1.0.1"];
const paused = readCanary(argo("Paused", 1, { pauseConditions: [{ reason: "CanaryPauseStep" }] }));

/** With other words of Argo CD. */
function told(observed: Observed, status: Observed["application"]["status"], operation?: unknown): Observed {
  const { application } = observed;
  return {
    ...observed,
    application: { ...application, operation, status: { ...application.status, ...status } },
  };
}

describe("An environment", () => {
  it("has arrived when its pods run what Git asks for and Argo CD says Healthy", () => {
    expect(assess(seen(fresh, fresh))).to.deep.equal({ kind: "arrived", says: "v1.0.1, Healthy" });
  });

  it("is on its way while old pods are there, whatever Argo CD still says", () => {
    expect(assess(seen(old, fresh)).kind).to.equal("moving");
    expect(assess(seen(both, fresh)).kind).to.equal("moving");
    expect(assess(told(seen(fresh, fresh), {}, { sync: {} })).kind).to.equal("moving");
    expect(assess(told(seen(fresh, fresh), { health: { status: "Progressing" } })).kind).to.equal("moving");
  });

  it("waits when a canary needs a person and has pods of the new version", () => {
    const waiting = seen(both, fresh, { canaries: [paused] });
    expect(assess(waiting)).to.deep.equal({
      kind: "waiting",
      says: "v1.0.0 + v1.0.1, Healthy, greeter at step 2 of 4",
    });
    expect(assess({ ...waiting, live: { greeter: old } }).kind).to.equal("moving");
  });

  it("fails with a failed sync, pods that crash, or when it is degraded", () => {
    const failed = told(seen(old, fresh), { operationState: { phase: "Failed", message: "no such kind" } });
    expect(assess(failed)).to.deep.equal({
      kind: "failing",
      says: "v1.0.0, Healthy, sync failed: no such kind",
    });
    expect(assess(seen(both, fresh, { failing: ["greeter-1: CrashLoopBackOff"] })).kind).to.equal("failing");
    expect(assess(told(seen(fresh, fresh), { health: { status: "Degraded" } })).kind).to.equal("failing");
    const before = told(seen(old, fresh), { health: { status: "Degraded" } });
    expect(assess(before).kind, "degraded by the version that goes").to.equal("moving");
  });

  it("counts only pods that don't start, and only of the images that matter", () => {
    const pod = (image: string, reason?: string) => ({
      metadata: { name: "greeter-1" },
      spec: { containers: [{ name: "greeter", image }] },
      status: { containerStatuses: [{ state: reason ? { waiting: { reason, message: "denied" } } : {} }] },
    });
    const isNew = (image: string) => image === "new";
    expect(failingPods([pod("new", "CrashLoopBackOff")], isNew)).to.deep.equal([
      "greeter-1: CrashLoopBackOff",
    ]);
    expect(failingPods([pod("new", "ImagePullBackOff")], isNew)).to.deep.equal([
      "greeter-1: ImagePullBackOff (denied)",
    ]);
    expect(
      failingPods([pod("new"), pod("new", "ContainerCreating"), pod("old", "CrashLoopBackOff")], isNew),
    ).to.deep.equal([]);
  });
});

describe("What to type next", () => {
  const next = (observed: Observed, automatic = false) =>
    nextCommand(observed, automatic)?.replace("npm run sandbox -- ", "");

  it("is nothing where all is well", () => {
    expect(next(seen(fresh, fresh))).to.equal(undefined);
    expect(next(seen(old, fresh), true), "deploys by itself").to.equal(undefined);
  });

  it("is promote where a version waits for a person, and for the first deployment", () => {
    expect(next(seen(old, fresh))).to.equal("promote greeter staging");
    expect(next(seen([], fresh))).to.equal("promote greeter staging");
  });

  it("is approve where a canary waits", () => {
    expect(next(seen(both, fresh, { canaries: [paused] }))).to.equal("approve greeter staging");
  });

  it("is abort while a canary fails, rollback after it", () => {
    const failing = { failing: ["greeter-1: CrashLoopBackOff"] };
    const moving = readCanary(argo("Progressing", 0));
    const aborted = readCanary(argo("Degraded", 0, { abort: true }));
    expect(next(seen(both, fresh, { ...failing, canaries: [moving] }))).to.equal("abort greeter staging");
    expect(next(seen(fresh, fresh, failing))).to.equal("rollback greeter staging");
    expect(next(seen(old, fresh, { canaries: [aborted] }))).to.equal("rollback greeter staging");
    expect(next(seen(fresh, fresh, failing), true)).to.equal("rollback greeter staging --in git");
  });
});

describe("A promotion", () => {
  it("has nothing to do where the newest version runs, or a canary waits", () => {
    expect(nothingToPromote(seen(fresh, fresh))).to.contain("runs v1.0.1 already");
    expect(nothingToPromote(seen(both, fresh, { canaries: [paused] }))).to.contain("approve greeter staging");
    expect(nothingToPromote(seen(old, fresh))).to.equal(undefined);
  });
});

describe("An approval", () => {
  it("has had its effect when no canary waits at the step where it waited", () => {
    const later = readCanary(argo("Progressing", 2));
    expect(isSame([paused], paused)).to.equal(true);
    expect(isSame([paused], later)).to.equal(false);
    expect(isSame([paused], { ...paused, step: 3 })).to.equal(false);
    expect(isSame([paused], { ...paused, name: "other" }), "another canary at that step").to.equal(false);
    expect(isSame([paused], { ...paused, engine: "rollouts.kruise.io" })).to.equal(false);
  });

  it("is lost when ten seconds later the canary waits where it waited", () => {
    const [there, next] = [{ canaries: [paused] }, { canaries: [{ ...paused, step: 3 }] }];
    const waiting = { kind: "waiting" } as const;
    expect(outcomeOf([paused], there, waiting, 9_000)).to.equal("pending");
    expect(outcomeOf([paused], there, { kind: "moving" }, 11_000)).to.equal("pending");
    expect(outcomeOf([paused], there, waiting, 11_000)).to.equal("lost");
    expect(outcomeOf([paused], next, waiting, 11_000)).to.equal("heeded");
    expect(outcomeOf([paused], there, { kind: "arrived" }, 11_000)).to.equal("heeded");
    expect(lostApproval("greeter", "staging", "greeter")).to.equal(
      "greeter-staging: greeter still waits where it did before 3 approvals, which its controller must have " +
        "overwritten. See where all of it stands, then approve again: " +
        "npm run sandbox -- status greeter; npm run sandbox -- approve greeter staging",
    );
  });
});
