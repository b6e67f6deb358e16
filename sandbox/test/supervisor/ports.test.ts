import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { isFree, PortBook, portRange } from "../../supervisor";

describe("the book of ports", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ports-"));
    file = join(folder, "ports.json");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function occupied<T>(port: number, work: () => Promise<T>): Promise<T> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
    try {
      return await work();
    } finally {
      await new Promise((done) => server.close(done));
    }
  }

  it("remembers a port over restarts", async () => {
    const port = await new PortBook(file).port("fleet");
    expect(await isFree(port)).to.equal(true);
    expect(await new PortBook(file).port("fleet")).to.equal(port);
    expect(new PortBook(file).known("fleet")).to.equal(port);
  });

  it("gives every name its own port, also when asked at once", async () => {
    const book = new PortBook(file);
    const ports = await Promise.all(["a", "b", "c", "d"].map((name) => book.port(name)));
    expect(new Set(ports).size).to.equal(4);
  });

  it("chooses in a range that is given, so that two sandboxes that start at once don't choose the same", async () => {
    const range = portRange({ ACKONE_SANDBOX_PORTS: "23000-23100" });
    const book = new PortBook(file, range);
    for (const name of ["a", "b", "c", "d"]) {
      expect(await book.port(name)).to.be.within(23_000, 23_099);
    }
    expect(portRange({})).to.deep.equal({ lowest: 20_000, highest: 32_000 });
  });

  it("refuses a range that is none, or too small", () => {
    for (const given of ["20000", "20000-20050", "30000-20000", "80-9000", "60000-70000", "a-b", ""]) {
      expect(() => portRange({ ACKONE_SANDBOX_PORTS: given })).to.throw(
        `ACKONE_SANDBOX_PORTS: "${given}" is not a range of at least 100 ports; use for example 20000-32000`,
      );
    }
  });

  it("explains a remembered port that somebody else took", async () => {
    const book = new PortBook(file);
    const port = await book.port("fleet");
    const error = await occupied(port, () => book.port("fleet").catch((failure: Error) => failure));
    expect((error as Error).message).to.match(
      /^port \d+ \(fleet\) is used by another program; end that program/,
    );
  });

  it("moves a port that nobody remembers", async () => {
    const book = new PortBook(file);
    const port = await book.port("etcd", { movable: true });
    const moved = await occupied(port, () => book.port("etcd", { movable: true }));
    expect(moved).not.to.equal(port);
    expect(new PortBook(file).known("etcd")).to.equal(moved);
  });
});
