import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { callControl, findRunning } from "../../control/control-client";
import { serveControl } from "../../control/control-server";
import { loadCredentials, writePrivately } from "../../world/credentials";
import { type Home, openHome } from "../../world/home";
import type { SandboxInfo } from "../../world/info";

describe("control", () => {
  let home: Home;
  let control: Awaited<ReturnType<typeof serveControl>>;
  let info: SandboxInfo;

  beforeEach(async () => {
    home = openHome(mkdtempSync(join(tmpdir(), "control-")));
    const { controlToken } = loadCredentials(home.credentialsFile);
    control = await serveControl(controlToken, {
      ping: () => ({}),
      echo: (body) => body,
      fail: () => {
        throw new Error("it can't be done");
      },
    });
    info = { control: control.url } as SandboxInfo;
  });

  afterEach(async () => {
    await control.stop();
    rmSync(home.root, { recursive: true, force: true });
  });

  it("hands a value to the handler of that name and its answer back", async () => {
    expect(await callControl(home, info, "echo", { a: [1] })).to.deep.equal({ a: [1] });
  });

  it("gives the handler's error on, and says which requests it doesn't know", async () => {
    const message = (name: string) =>
      callControl(home, info, name).then(String, (error: Error) => error.message);
    expect(await message("fail")).to.equal("it can't be done");
    expect(await message("nothing")).to.equal("no such request: /nothing");
  });

  it("refuses whoever doesn't know the token", async () => {
    const answer = await fetch(`${control.url}/echo`, {
      method: "POST",
      headers: { authorization: "Bearer x" },
    });
    expect(answer.status).to.equal(401);
    expect(await answer.json()).to.deep.equal({ error: "wrong or missing control token" });
  });

  it("finds a sandbox that answers, and none when the file is left from one that was killed", async () => {
    expect(await findRunning(home)).to.equal(undefined);
    writePrivately(home.runFile, info);
    expect(await findRunning(home)).to.deep.equal(info);
    await control.stop();
    expect(await findRunning(home)).to.equal(undefined);
  });
});
