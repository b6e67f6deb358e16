import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { attributesOf, removeCutAttributes } from "../../engine/state-attributes";

describe("engine/state-attributes: a run that was killed while it wrote the state", () => {
  let home: string;
  let file: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "attributes-"));
    file = attributesOf(home, "dev");
    mkdirSync(dirname(file), { recursive: true });
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  for (const [what, text] of [
    ["an empty file", ""],
    ["half a file", '{"user.cache_control"'],
  ] as const) {
    it(`leaves ${what}, which is removed`, () => {
      writeFileSync(file, text);
      expect(removeCutAttributes(home, "dev")).to.equal(true);
      expect(existsSync(file)).to.equal(false);
    });
  }

  it("may leave them whole, and then they stay", () => {
    writeFileSync(file, '{"md5":"o+ZL"}');
    expect(removeCutAttributes(home, "dev")).to.equal(false);
    expect(readFileSync(file, "utf8")).to.equal('{"md5":"o+ZL"}');
  });

  it("may leave none, as after they were removed", () => {
    expect(removeCutAttributes(home, "dev")).to.equal(false);
  });
});
