import { readdir, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { withLock } from "../../tools/lock";
import { cleanUp, errorOf, temporaryFolder } from "./surroundings";

const signal = new AbortController().signal;

describe("a lock", () => {
  afterEach(cleanUp);

  it("lets one in at a time, and is gone afterwards", async () => {
    const folder = await temporaryFolder();
    let inside = 0;
    const visit = () =>
      withLock(
        join(folder, "x.lock"),
        async () => {
          inside += 1;
          expect(inside).to.equal(1);
          await new Promise((resolve) => setImmediate(resolve));
          inside -= 1;
        },
        { signal },
      );
    await Promise.all([visit(), visit(), visit()]);
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("is given back when the work fails", async () => {
    const file = join(await temporaryFolder(), "x.lock");
    const error = await errorOf(withLock(file, async () => Promise.reject(new Error("oh")), { signal }));
    expect(error.message).to.equal("oh");
    expect(await withLock(file, async () => "in", { signal })).to.equal("in");
  });

  it("of a process that has died is taken over at once, by one of many", async () => {
    const folder = await temporaryFolder();
    const dead = await execa(process.execPath, ["-p", "process.pid"]);
    const holder = { pid: Number(dead.stdout), host: hostname(), token: "dead" };
    await writeFile(join(folder, "x.lock"), JSON.stringify(holder));
    const order: string[] = [];
    const visit = (name: string) =>
      withLock(
        join(folder, "x.lock"),
        async () => {
          order.push(`${name} in`);
          await new Promise((resolve) => setImmediate(resolve));
          order.push(`${name} out`);
        },
        { signal },
      );
    await Promise.all([visit("a"), visit("b")]);
    expect(order.map((entry) => entry.split(" ")[1])).to.deep.equal(["in", "out", "in", "out"]);
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("that nobody has touched for minutes is taken over, whoever held it", async () => {
    const file = join(await temporaryFolder(), "x.lock");
    await writeFile(file, JSON.stringify({ pid: 1, host: "another-machine", token: "old" }));
    const longAgo = new Date(Date.now() - 600_000);
    await utimes(file, longAgo, longAgo);
    expect(await withLock(file, async () => "in", { signal })).to.equal("in");
  });

  it("of a living process is waited for until the caller gives up", async () => {
    const file = join(await temporaryFolder(), "x.lock");
    await writeFile(file, JSON.stringify({ pid: process.pid, host: hostname(), token: "mine" }));
    const stop = new AbortController();
    const waiting: number[] = [];
    const onWait = (pid: number) => {
      waiting.push(pid);
      stop.abort();
    };
    const error = await errorOf(withLock(file, async () => "in", { signal: stop.signal, onWait }));
    expect(error.name).to.equal("AbortError");
    expect(waiting).to.deep.equal([process.pid]);
  });
});
