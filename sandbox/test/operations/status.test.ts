import { expect } from "chai";
import { readCanary } from "../../operations/canary";
import type { Build } from "../../operations/context";
import { byHand, failedBuilds, newestBuilt, statusRow, statusTable } from "../../operations/status";
import { argo, platform, seen } from "./fixtures";

const build = (tag: string, status: Build["status"], repository = "echo-dev/greeter"): Build => ({
  id: `id-${tag}`,
  repository,
  tag,
  status,
  startedAt: 0,
});

describe("The status of an environment", () => {
  it("says what runs, what is written back, and what to type", () => {
    expect(statusRow(seen(["v1.0.0"], ["v1.0.1"]), false, { greeter: "v1.0.1" })).to.deep.equal({
      service: "greeter",
      environment: "staging",
      running: "v1.0.0",
      newest: "v1.0.1",
      state: "OutOfSync, Healthy",
      next: "npm run sandbox -- promote greeter staging",
      trouble: [],
    });
  });

  it("tells a version that is built and not written back from one that is ignored", () => {
    const row = (ignored: string[]) =>
      statusRow(seen(["v1.0.0"], ["v1.0.0"]), true, { greeter: "v1.0.1" }, ignored);
    expect(row([]).newest).to.equal("v1.0.0 (v1.0.1 built)");
    expect(row(["v1.0.1"]).newest).to.equal("v1.0.0 (v1.0.1 ignored)");
    expect(row([]).next).to.equal("");
  });

  it("shows the step of a canary, and what is in the way of it", () => {
    const paused = readCanary(argo("Paused", 1, { pauseConditions: [{}] }));
    const row = statusRow(
      seen(["v1", "v2"], ["v2"], { canaries: [paused], failing: ["greeter-1: CrashLoopBackOff"] }),
      false,
      {},
    );
    expect(row.state).to.equal("OutOfSync, Healthy\ngreeter at step 2 of 4");
    expect(row.trouble).to.deep.equal(["greeter-1: CrashLoopBackOff"]);
    expect(row.next).to.equal("npm run sandbox -- abort greeter staging");
  });

  it("is a line of a table", () => {
    const text = statusTable([statusRow(seen(["v1.0.0"], ["v1.0.1"]), false, {})]);
    expect(text).to.match(
      /greeter-staging +│ v1\.0\.0 +│ v1\.0\.1 +│ OutOfSync, Healthy +│ npm run sandbox -- promote greeter staging/,
    );
  });
});

describe("The status by hand", () => {
  it("is told as commands for a real account, once for each namespace", () => {
    const { dev, staging } = platform.environments;
    const environments = { dev: dev!, staging: staging!, canary: staging! };
    expect(byHand({ ...platform, environments })).to.deep.equal([
      "# by hand: argocd app list",
      "#          kubectl --context workloads --namespace echo-dev get pods --output wide",
      "#          kubectl --context workloads --namespace echo-staging get pods --output wide",
      '#          builds: docs/runbooks/release.md, "See it built"',
    ]);
  });
});

describe("Builds in the status", () => {
  it("count for the repository that they built", () => {
    const builds = [
      build("v1.0.2", "FAILED"),
      build("v1.0.1", "SUCCESS"),
      build("v9", "SUCCESS", "echo-dev/other"),
      build("v1.0.0", "SUCCESS"),
    ];
    expect(newestBuilt(platform, "greeter", builds)).to.deep.equal({ greeter: "v1.0.1" });
    expect(newestBuilt(platform, "greeter", [])).to.deep.equal({});
  });

  it("are mentioned while they run, and when the last one failed, with the reason and the log", () => {
    const lines = (...builds: Build[]) => failedBuilds(platform, ["greeter"], builds);
    expect(lines(build("v1.0.1", "BUILDING"))).to.deep.equal(["echo-dev/greeter:v1.0.1 is being built."]);
    expect(lines({ ...build("v1.0.1", "FAILED"), reason: "no FROM" })).to.deep.equal([
      "The build of echo-dev/greeter:v1.0.1 failed: no FROM\n  log: npm run sandbox -- build-log id-v1.0.1",
    ]);
    expect(lines(build("v1.0.2", "SUCCESS"), build("v1.0.1", "FAILED")), "repaired").to.deep.equal([]);
    expect(lines(build("v1.0.1", "FAILED", "echo-dev/echo-server")), "of another service").to.deep.equal([]);
  });
});
