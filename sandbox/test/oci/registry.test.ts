import { expect } from "chai";
import { Registry, type RegistryError, readTag } from "../../oci";
import { host, OciServer } from "./oci-server";

describe("the registry client", () => {
  const repository = "echo-dev/echo-server";
  const credentials = { user: "robot", password: "first" };
  let server: OciServer;

  beforeEach(async () => {
    server = await new OciServer().start();
  });
  afterEach(() => server.stop());

  const registry = (login?: typeof credentials) =>
    new Registry(server.network, `https://${host}/`, login && { credentials: login });
  const failure = async (work: Promise<unknown>) => {
    try {
      await work;
    } catch (error) {
      return error as RegistryError;
    }
    throw new Error("nothing failed");
  };

  it("lists the tags of all pages, in the registry's order", async () => {
    const tags = ["v2", "v1", "v10", "latest", "v3"];
    for (const tag of tags) server.push(repository, tag);
    server.pageSize = 2;
    expect(await registry().tags(repository)).to.deep.equal(tags);
    expect(server.calls).to.have.length(3);
  });

  it("gets one token for a repository, and sends nothing before it is asked", async () => {
    server.scheme = "bearer";
    server.push(repository, "v1");
    const client = registry(credentials);
    expect(await client.tags(repository)).to.deep.equal(["v1"]);
    await client.tags(repository);
    const list = `GET /v2/${repository}/tags/list`;
    const token = ["GET /auth", `token repository:${repository}:pull robot`];
    expect(server.calls).to.deep.equal([list, ...token, list, list]);
  });

  it("answers a registry that wants basic authentication", async () => {
    server.scheme = "basic";
    server.push(repository, "v1");
    expect(await registry(credentials).tags(repository)).to.deep.equal(["v1"]);
    const error = await failure(registry().tags(repository));
    expect(error.message).to.equal("unauthorized: authentication required");
  });

  it("says that a wrong password is refused, by whom ever", async () => {
    server.scheme = "bearer";
    server.push(repository, "v1");
    const error = await failure(registry({ user: "robot", password: "old" }).tags(repository));
    expect(error.message).to.equal("unauthorized: wrong password");
    expect(error.isAboutAccess).to.equal(true);
  });

  it("says what is missing: a repository, a host", async () => {
    const error = await failure(registry().tags("echo-dev/other"));
    expect([error.status, error.message]).to.deep.equal([
      404,
      "name unknown: repository name not known to registry",
    ]);
    const unknown = await failure(new Registry(server.network, "https://quay.io").tags("a/b"));
    expect(unknown.message).to.equal("getaddrinfo ENOTFOUND quay.io");
  });

  it("reads when an image was built, for which platform, and the digest of its manifest", async () => {
    const digest = server.push(repository, "v1", { created: "2026-03-01T10:00:00.123456789Z" });
    expect(await readTag(registry(), repository, "v1")).to.deep.equal({
      digest,
      ociIndex: false,
      builds: [{ platform: "linux/amd64", created: new Date("2026-03-01T10:00:00.123Z") }],
    });
  });

  it("reads the wanted images of an index, and its own digest", async () => {
    const digest = server.pushIndex(repository, "v1", [
      { created: "2026-03-01T10:00:00Z" },
      { created: "2026-03-01T11:00:00Z", platform: "linux/arm64/v8" },
    ]);
    const wanted = (platform: string) => platform.startsWith("linux/arm64");
    expect(await readTag(registry(), repository, "v1", wanted)).to.deep.equal({
      digest,
      ociIndex: true,
      builds: [{ platform: "linux/arm64/v8", created: new Date("2026-03-01T11:00:00Z") }],
    });
    const without = await failure(readTag(registry(), repository, "v1", wanted, { ociIndexes: false }));
    expect(without.message).to.match(/accept header does not support OCI indexes/);
  });

  it("follows a blob to where it is without the credentials", async () => {
    server.scheme = "bearer";
    server.redirectsBlobs = true;
    server.push(repository, "v1");
    const { builds } = await readTag(registry(credentials), repository, "v1");
    expect(builds).to.have.length(1);
  });

  it("fails on a manifest that is gone, and on a config without a time", async () => {
    server.pushBroken(repository, "gone");
    expect((await failure(readTag(registry(), repository, "gone"))).message).to.equal(
      "manifest unknown: manifest unknown",
    );
    server.push(repository, "timeless", { created: "yesterday" });
    expect((await failure(readTag(registry(), repository, "timeless"))).message).to.match(/says no time/);
  });
});
