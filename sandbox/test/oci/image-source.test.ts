import { expect } from "chai";
import { imageSource } from "../../oci";
import { host, OciServer } from "./oci-server";

describe("pulling an image for a node's stand-in", () => {
  const repository = "echo-dev/echo-server";
  const image = `${host}/${repository}`;
  let server: OciServer;

  beforeEach(async () => {
    server = await new OciServer().start();
  });
  afterEach(() => server.stop());

  const pull = (name: string, password?: string) =>
    imageSource(server.network).pull(name, password === undefined ? undefined : { user: "robot", password });

  it("gives the settings of the image", async () => {
    const labels = { "org.opencontainers.image.revision": "5a71474" };
    const digest = server.push(repository, "v1", { entrypoint: ["/server"], labels });
    const expected = { kind: "ok", entrypoint: ["/server"], cmd: [], env: ["A=b"], labels, digest };
    expect(await pull(`${image}:v1`)).to.deep.equal(expected);
    expect(await pull(`${image}@${digest}`)).to.deep.equal(expected);
    expect(await pull(`${image}:other@${digest}`), "the digest wins over the tag").to.deep.equal(expected);
  });

  it("takes the node's image of an index", async () => {
    const index = [{ platform: "linux/arm64" }, { entrypoint: ["/amd64"] }];
    const digest = server.pushIndex(repository, "v1", index);
    expect(await pull(`${image}:v1`))
      .to.include({ kind: "ok", digest })
      .and.to.deep.include({
        entrypoint: ["/amd64"],
      });
    server.pushIndex(repository, "arm", [{ platform: "linux/arm64" }]);
    expect(await pull(`${image}:arm`)).to.deep.equal({
      kind: "missing",
      message: `failed to pull and unpack image "${image}:arm": no match for platform in manifest: not found`,
    });
  });

  it("takes latest when nothing is said", async () => {
    server.push(repository, "latest");
    expect((await pull(image)).kind).to.equal("ok");
  });

  it("tells a missing tag, a refusal and a registry that isn't there apart", async () => {
    server.push(repository, "v1");
    expect(await pull(`${image}:v2`)).to.deep.equal({
      kind: "missing",
      message: `failed to pull and unpack image "${image}:v2": ${image}:v2: not found`,
    });
    server.scheme = "bearer";
    const denied = await pull(`${image}:v1`);
    expect(denied.kind).to.equal("unauthorized");
    expect(denied)
      .to.have.property("message")
      .that.matches(/pull access denied.*unauthorized: wrong password/);
    expect((await pull(`${image}:v1`, "wrong")).kind).to.equal("unauthorized");
    expect((await pull(`${image}:v1`, "first")).kind).to.equal("ok");
    expect(await pull("quay.io/argoproj/argo-rollouts:v1")).to.deep.equal({
      kind: "unreachable",
      message: `failed to pull and unpack image "quay.io/argoproj/argo-rollouts:v1": getaddrinfo ENOTFOUND quay.io`,
    });
  });

  it("refuses what is no name of an image", async () => {
    expect((await pull("Not An Image")).kind).to.equal("missing");
  });
});
