import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { checkpointOf, restoreCheckpoint } from "../../engine/checkpoint";

describe("engine/checkpoint: a run that was killed while it wrote the state", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "checkpoint-"));
    const { file, backup } = checkpointOf(home, "dev");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(backup, '{"version": 3}');
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  for (const [what, text] of [
    ["an empty file", ""],
    ["half a file", '{"version"'],
  ] as const) {
    it(`gets the last but one version back from ${what}`, () => {
      const { file } = checkpointOf(home, "dev");
      writeFileSync(file, text);
      expect(restoreCheckpoint(home, "dev")).to.equal(true);
      expect(readFileSync(file, "utf8")).to.equal('{"version": 3}');
    });
  }

  it("leaves a whole file alone", () => {
    const { file } = checkpointOf(home, "dev");
    writeFileSync(file, '{"version": 4}');
    expect(restoreCheckpoint(home, "dev")).to.equal(false);
    expect(readFileSync(file, "utf8")).to.equal('{"version": 4}');
  });
});
