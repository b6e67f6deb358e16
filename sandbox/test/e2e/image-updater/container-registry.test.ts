import { expect } from "chai";
import { imageSource, Registry, readTag } from "../../../oci";
import { login, ReleaseWorld, sampleDockerfile } from "../registry/release-world";

describe("the OCI client at Container Registry", () => {
  const repository = "echo-dev/echo-server";
  let world: ReleaseWorld;
  const network = { request: (...asked: Parameters<ReleaseWorld["ask"]>) => world.ask(...asked) };

  before(async () => {
    world = await new ReleaseWorld().start();
    await world.service("echo-server", {
      Dockerfile: sampleDockerfile,
      "go.mod": "module echo\n",
      "main.go": "package main\n",
    });
    const clone = await world.clone("echo-server");
    for (const [index, version] of ["v1.0.0", "v1.0.1"].entries()) {
      await world.push(clone, `HEAD:refs/tags/release-${version}`);
      await world.ended("echo-server", index + 1);
    }
  });
  after(() => world.stop());

  it("reads the builder's images with the instance's password, in the order of their builds", async () => {
    const registry = new Registry(network, `https://${world.host()}`, { credentials: login });
    expect(await registry.tags(repository)).to.have.members(["v1.0.0", "v1.0.1"]);
    const [first, second] = await Promise.all(
      ["v1.0.0", "v1.0.1"].map((tag) => readTag(registry, repository, tag)),
    );
    expect(second!.builds[0]!.created.getTime()).to.be.above(first!.builds[0]!.created.getTime());
    expect(second!.builds[0]!.platform).to.equal("linux/amd64");
  });

  it("pulls them for a node with a login, and says why not without", async () => {
    const image = `${world.host()}/${repository}:v1.0.1`;
    const pulled = await imageSource(network).pull(image, login);
    expect(pulled.kind).to.equal("ok");
    expect(pulled).to.have.nested.property("labels.org\\.opencontainers\\.image\\.ref\\.name");
    expect((await imageSource(network).pull(image)).kind).to.equal("unauthorized");
    expect((await imageSource(network).pull(image.replace("v1.0.1", "v9"), login)).kind).to.equal("missing");
  });
});
