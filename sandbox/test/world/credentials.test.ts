import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { loadCredentials } from "../../world/credentials";
import { homeFolder, toolCache } from "../../world/home";

describe("world/credentials", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "credentials-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("makes them once, for the owner's eyes only, and others for another sandbox", () => {
    const file = join(folder, "a.json");
    const made = loadCredentials(file);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(loadCredentials(file)).to.deep.equal(made);
    const others = Object.values(loadCredentials(join(folder, "b.json")));
    expect(Object.values(made).filter((value) => others.includes(value))).to.deep.equal([made.registryUser]);
  });

  it("names the command that makes new ones when the file is damaged", () => {
    const file = join(folder, "a.json");
    writeFileSync(file, "{");
    expect(() => loadCredentials(file)).to.throw(
      /a\.json can't be read \(.*\); "npm run sandbox -- reset" makes a new one\.$/,
    );
  });
});

describe("world/home", () => {
  it("keeps tools in the user's cache folder, outside of the checkout", () => {
    expect(toolCache({ HOME: "/home/me" })).to.equal("/home/me/.cache/ackone-delivery/tools");
    expect(toolCache({ HOME: "/home/me", XDG_CACHE_HOME: "/cache" })).to.equal(
      "/cache/ackone-delivery/tools",
    );
    expect(toolCache({ HOME: "/home/me", ACKONE_TOOL_CACHE: "/tools" })).to.equal("/tools");
  });

  it("keeps a sandbox where ACKONE_SANDBOX_HOME says", () => {
    expect(homeFolder({ ACKONE_SANDBOX_HOME: "/tmp/one" })).to.equal("/tmp/one");
  });
});
