import { generateKeyPairSync } from "node:crypto";
import { expect } from "chai";
import { World } from "./support";

describe("GitHub emulator: branches and deploy keys", () => {
  const world = new World();
  let sha: string;
  before(async () => {
    await world.start();
    await world.call("POST", "/orgs/acme/repos", { name: "app", auto_init: true });
    sha = (await world.call("GET", "/repos/acme/app/git/ref/heads/main")).body.object.sha;
  });
  after(() => world.stop());

  const refs = (ref: string, id = sha) => world.call("POST", "/repos/acme/app/git/refs", { ref, sha: id });

  it("makes, reads, renames and deletes a branch", async () => {
    const made = await refs("refs/heads/feature/one");
    expect(made.status).to.equal(201);
    expect(made.body).to.deep.include({ ref: "refs/heads/feature/one" });
    expect(made.body.object).to.include({ sha, type: "commit" });
    expect((await world.call("GET", "/repos/acme/app/git/ref/heads/feature/one")).status).to.equal(200);
    const renamed = await world.call("POST", "/repos/acme/app/branches/feature%2Fone/rename", {
      new_name: "two",
    });
    expect(renamed.body.name).to.equal("two");
    expect((await world.call("GET", "/repos/acme/app/git/ref/heads/feature/one")).status).to.equal(404);
    expect((await world.call("DELETE", "/repos/acme/app/git/refs/heads/two")).status).to.equal(204);
    expect((await world.call("GET", "/repos/acme/app/git/ref/heads/two")).status).to.equal(404);
  });

  it("refuses branches in GitHub's words, which the provider looks for", async () => {
    const message = async (answer: ReturnType<typeof refs>) => {
      const { status, body } = await answer;
      return [status, body.message, body.errors];
    };
    expect(await message(refs("refs/heads/main"))).to.deep.equal([
      422,
      "Reference already exists",
      undefined,
    ]);
    expect(await message(refs("refs/heads/x", "1".repeat(40)))).to.deep.equal([
      422,
      "Object does not exist",
      undefined,
    ]);
    expect((await refs("heads/x")).status).to.equal(422);
    expect((await refs("refs/heads/a..b")).status).to.equal(422);
    const path = "/repos/acme/app/git/refs/heads";
    expect(await message(world.call("DELETE", `${path}/x`))).to.deep.equal([
      422,
      "Reference does not exist",
      undefined,
    ]);
    const main = await message(world.call("DELETE", `${path}/main`));
    expect(main).to.deep.equal([422, "Cannot delete the default branch", undefined]);
  });

  it("keeps the default branch the default under its new name", async () => {
    await world.call("POST", "/orgs/acme/repos", { name: "renamed", auto_init: true });
    await world.call("POST", "/repos/acme/renamed/branches/main/rename", { new_name: "trunk" });
    expect((await world.call("GET", "/repos/acme/renamed")).body.default_branch).to.equal("trunk");
  });

  it("keeps deploy keys without their comment", async () => {
    const key = sshKey();
    const made = await world.call("POST", "/repos/acme/app/keys", {
      title: "argocd",
      key: `${key} me@host`,
      read_only: true,
    });
    expect(made.status).to.equal(201);
    expect(made.body).to.include({ title: "argocd", key, read_only: true });
    const path = `/repos/acme/app/keys/${made.body.id}`;
    expect((await world.call("GET", path)).body.key).to.equal(key);
    expect((await world.call("GET", "/repos/acme/app/keys")).body).to.have.length(1);
    expect((await world.call("DELETE", path)).status).to.equal(204);
    expect((await world.call("GET", path)).status).to.equal(404);
  });

  it("refuses a deploy key that is none or that opens something else already", async () => {
    const add = (key: string) => world.call("POST", "/repos/acme/app/keys", { title: "x", key });
    const bad = await add("ssh-ed25519 AAAA");
    expect(bad.body.errors[0].message).to.match(/OpenSSH public key format/);
    expect((await add("-----BEGIN PRIVATE KEY-----")).status).to.equal(422);
    const key = sshKey();
    await add(key);
    expect((await add(key)).body.errors[0].message).to.equal("key is already in use");
  });
});

/** A new public key in OpenSSH's form. */
function sshKey(): string {
  const raw = generateKeyPairSync("ed25519").publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const field = (data: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, data.length]), data]);
  return `ssh-ed25519 ${Buffer.concat([field(Buffer.from("ssh-ed25519")), field(raw)]).toString("base64")}`;
}
