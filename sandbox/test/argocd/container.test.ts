import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Backoff, kubernetesPolicy } from "../../argocd/backoff";
import { Container, type Ended } from "../../argocd/container";
import { type ProcessSpec, waitFor } from "../../supervisor";

describe("a container", () => {
  let home: string;
  let container: Container;
  let ends: Ended[];
  let starts = 0;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "container-"));
    ends = [];
    starts = 0;
  });
  afterEach(async () => {
    await container.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** Runs a shell script; it is ready when it has written the file `ready`. */
  const make = (script: string, more: Partial<ProcessSpec> = {}) =>
    new Container(
      async () => {
        starts += 1;
        rmSync(join(home, "ready"), { force: true });
        return {
          name: "sample",
          command: "/bin/sh",
          args: ["-c", script],
          cwd: home,
          env: { TURN: String(starts) },
          logFile: join(home, "sample.log"),
          pidFile: join(home, "sample.pid"),
          ready: async () => (existsSync(join(home, "ready")) ? undefined : "no file"),
          readyWithin: 5000,
          ...more,
        };
      },
      { policy: { base: 60, limit: 100, forgiven: 60_000 }, onEnd: (ended) => ends.push(ended) },
    );
  const seen = (what: string, holds: () => boolean) =>
    waitFor(what, async () => (holds() ? undefined : `${starts} starts, ${ends.length} ends`), {
      within: 15_000,
    });

  it("is started again when it ends, later each time, with what it is to have by then", async () => {
    container = make(
      'echo "$TURN" >> turns; touch ready; test "$TURN" = 4 && exec sleep 60; sleep 1; exit 3',
    );
    await container.start();
    const turns = () => readFileSync(join(home, "turns"), "utf8");
    await seen("the fourth start", () => turns() === "1\n2\n3\n4\n" && container.running);
    expect(ends.map(({ name, again }) => [name, again])).to.deep.equal([
      ["sample", 0],
      ["sample", 60],
      ["sample", 100],
    ]);
    expect(container.restarts).to.equal(3);
  });

  it("comes back after a SIGKILL that nobody waits for", async () => {
    container = make("touch ready; exec sleep 60");
    await container.start();
    const { pid } = container;
    container.kill();
    await seen("another process", () => container.pid !== undefined && container.pid !== pid && starts === 2);
    expect(ends).to.have.length(1);
  });

  it("isn't kept when its first start fails, and says why", async () => {
    container = make("echo cannot read the settings; exit 2");
    const error = await container.start().then(
      () => undefined,
      (reason: Error) => reason.message,
    );
    expect(error).to.contain("cannot read the settings");
    expect(container.running).to.equal(false);
    await container.restart();
    expect(starts).to.equal(1);
  });

  it("is tried again when a restart fails", async () => {
    container = make('test "$TURN" = 2 && exit 1; touch ready; exec sleep 60');
    await container.start();
    let between = 0;
    const failed = await container
      .restart(() => (between += 1))
      .then(
        () => false,
        () => true,
      );
    expect([failed, between]).to.deep.equal([true, 1]);
    await seen("the third start", () => starts === 3 && container.running);
  });

  it("stays down after a stop, even one in the middle of a start", async () => {
    container = make("exec sleep 60");
    const starting = container.start().then(
      () => "ready",
      () => "given up",
    );
    await seen("a process", () => container.running);
    await container.stop();
    expect(await starting).to.equal("given up");
    writeFileSync(join(home, "ready"), "");
    await container.restart();
    expect([container.running, starts, ends.length]).to.deep.equal([false, 1, 0]);
  });

  it("waits like a kubelet: at once, 10 s, twice as long each time up to 5 min, and forgives after 10 min", () => {
    const backoff = new Backoff();
    const waits = Array.from({ length: 8 }, () => backoff.next(1000) / 1000);
    expect(waits).to.deep.equal([0, 10, 20, 40, 80, 160, 300, 300]);
    expect(backoff.next(kubernetesPolicy.forgiven)).to.equal(0);
    expect(backoff.next(1000)).to.equal(10_000);
    expect(backoff.restarts).to.equal(10);
  });
});
