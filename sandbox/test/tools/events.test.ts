import { expect } from "chai";
import { duration, lineReporter, type ToolEvent, describe as text } from "../../tools/events";

const about = { tool: "a", title: "the a" };
const progress = (elapsedSeconds: number): ToolEvent => ({
  ...{ kind: "progress", ...about, step: "build", text: "1 of 2 packages" },
  ...{ elapsedSeconds, expectedSeconds: 200 },
});

describe("plain lines about tools", () => {
  it("tell beginnings and ends at once, progress now and then", () => {
    const lines: string[] = [];
    const report = lineReporter((line) => lines.push(line), 30);
    report({ kind: "started", ...about, step: "build", expectedSeconds: 200 });
    for (const second of [1, 2, 31, 45, 60, 62]) report(progress(second));
    const result = { path: "/a", version: "1.0.0", origin: "built" } as const;
    report({ kind: "ready", ...about, result, cached: false, elapsedSeconds: 65 });
    expect(lines).to.deep.equal([
      "the a: building from Go modules (about 3 min 20 s with empty caches)",
      "the a: 1 of 2 packages, 31 s (about 3 min 20 s with empty caches)",
      "the a: 1 of 2 packages, 1 min 2 s (about 3 min 20 s with empty caches)",
      "the a: 1.0.0, built from Go modules in 1 min 5 s",
    ]);
  });

  it("say what will be done, how long it takes, and when the disk is too small for it", () => {
    const plan: ToolEvent = {
      ...{ kind: "plan" as const, downloads: ["the a"], builds: ["the b", "the c"], standIns: [] },
      ...{ seconds: 600, bytes: 9e9, freeBytes: 5e9 },
    };
    expect(text(plan)).to.equal(
      "To download: the a; to build from Go modules: the b, the c (at most about 10 min on 2 cores and 9.0 GB of disk; " +
        "faster the more of it Go's caches hold). Only 5.0 GB of disk are free",
    );
    expect(text({ ...plan, freeBytes: 50e9 })).to.match(/hold\)$/);
  });

  it("say why downloads can't be had", () => {
    const reasons = ["x is not known here", "y answers 403"];
    const event: ToolEvent = { kind: "unreachable", reasons, afterSeconds: 0.04 };
    expect(text(event)).to.equal(
      "No official downloads from here (found out in 0.0 s): x is not known here; y answers 403",
    );
  });

  it("give durations in minutes and seconds", () => {
    expect([0, 59.4, 60, 125].map(duration)).to.deep.equal(["0 s", "59 s", "1 min", "2 min 5 s"]);
  });
});
