import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Grant, Tokens } from "../../registry/tokens";

describe("a bearer token of the registry", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tokens-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const tokens = (lifetime = 300, file = "key") => new Tokens(join(folder, file), lifetime);
  const grant: Grant = {
    instanceId: "cri-1",
    user: "me",
    access: [{ name: "echo/server", actions: ["pull"] }],
  };

  it("is read by whoever has the key, also after a restart", () => {
    expect(tokens().read(tokens().issue(grant))).to.deep.include(grant);
  });

  it("is worth nothing when it was changed, cut off, signed by somebody else, or is too old", () => {
    const token = tokens().issue(grant);
    const [header, , signature] = token.split(".");
    const forged = Buffer.from(JSON.stringify({ ...grant, user: "root", exp: 9e9 })).toString("base64url");
    expect(tokens().read(`${header}.${forged}.${signature}`)).to.equal(undefined);
    expect(tokens().read(token.slice(0, -1))).to.equal(undefined);
    expect(tokens().read("")).to.equal(undefined);
    expect(tokens(300, "other").read(token)).to.equal(undefined);
    expect(tokens().read(tokens(-1).issue(grant))).to.equal(undefined);
  });
});
