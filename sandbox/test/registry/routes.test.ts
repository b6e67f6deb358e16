import { expect } from "chai";
import { rightFor, targetOf } from "../../registry/routes";

describe("an address of the registry", () => {
  const known: [string, object][] = [
    ["/v2/echo/server/manifests/v1.0.0", { kind: "manifest", path: "echo/server", reference: "v1.0.0" }],
    ["/v2/echo/server/tags/list", { kind: "tags", path: "echo/server" }],
    ["/v2/echo/tags/tags/list", { kind: "tags", path: "echo/tags" }],
    ["/v2/a/manifests/manifests/x", { kind: "manifest", path: "a/manifests", reference: "x" }],
    ["/v2/echo/server/blobs/sha256:1", { kind: "content", path: "echo/server", rest: "blobs/sha256:1" }],
    ["/v2/echo/server/blobs/uploads/", { kind: "content", path: "echo/server", rest: "blobs/uploads/" }],
  ];
  for (const [address, target] of known) {
    it(`${address} is about the ${(target as { kind: string }).kind} of a repository`, () => {
      expect(targetOf(address)).to.deep.equal(target);
    });
  }

  for (const address of [
    "/v2/_catalog",
    "/v2/server/tags/list",
    "/v2/Echo/server/tags/list",
    "/v2/a/../b/tags/list",
  ]) {
    it(`${address} doesn't exist`, () => expect(targetOf(address)).to.equal(undefined));
  }

  it("is read with the right to pull, changed with the right to push, and never deleted", () => {
    const manifest = { kind: "manifest", path: "a/b", reference: "v1" } as const;
    const upload = { kind: "content", path: "a/b", rest: "blobs/uploads/1" } as const;
    expect(["GET", "HEAD", "PUT", "DELETE"].map((method) => rightFor(method, manifest))).to.deep.equal([
      "pull",
      "pull",
      "push",
      undefined,
    ]);
    expect(rightFor("GET", upload)).to.equal("push");
  });
});
