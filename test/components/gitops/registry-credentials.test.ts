import { expect } from "chai";
import {
  RegistryCredentials,
  type RegistryCredentialsArgs,
} from "../../../components/gitops/registry-credentials";
import { failureOf, outputOf, record } from "../../support/mocks";

const build = (args: Partial<RegistryCredentialsArgs> = {}) =>
  new RegistryCredentials("credentials", { user: "reader@acme", password: "hunter:2!", ...args });

describe("components/gitops/registry-credentials", () => {
  it("makes the Secret that Image Updater expects", async () => {
    const graph = await record(() => build());
    expect(graph.shape()).to.deep.equal([
      "ackone:gitops:RegistryCredentials credentials",
      "kubernetes:core/v1:Secret credentials-secret",
    ]);
    const secret = graph.named("credentials-secret");
    expect(secret.parent).to.equal("credentials");
    expect(secret.deleteBeforeReplace).to.equal(true);
    expect(secret.inputs).to.deep.equal({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "acr", namespace: "argocd" },
      type: "Opaque",
      // One pair, split at the first colon: a colon in the password does no harm.
      data: { acr: Buffer.from("reader@acme:hunter:2!").toString("base64") },
    });
  });

  it("marks the password secret, also when the caller didn't", async () => {
    const graph = await record(() => build());
    expect(graph.named("credentials-secret").secrets).to.deep.equal(["data"]);
  });

  it("tells other settings where the Secret is, in a preview as well", async () => {
    for (const preview of [false, true]) {
      const { result } = await record(() => build(), { preview });
      const reference = await outputOf(result.reference);
      expect(reference.value).to.equal("secret:argocd/acr#acr");
      expect(reference.known).to.equal(true);
    }
  });

  it("can have another name", async () => {
    const { result } = await record(() => build({ secretName: "acr-prod" }));
    expect((await outputOf(result.reference)).value).to.equal("secret:argocd/acr-prod#acr-prod");
  });

  const bad: [Partial<RegistryCredentialsArgs>, string][] = [
    [
      { user: "reader:acme" },
      "credentials.user has a colon in it, but Image Updater takes everything after the first colon for the password; give the user alone",
    ],
    [{ user: "" }, "credentials.user is empty"],
    [{ password: "" }, "credentials.password is empty"],
    [
      { password: "hunter2\n" },
      "credentials.password starts or ends with a space or a line break, or has a control character in it; remove it",
    ],
    [
      { secretName: "ACR" },
      'credentials.secretName: "ACR" is not a Kubernetes name; use lower-case letters, digits and inner dashes, like echo-dev',
    ],
  ];
  for (const [args, message] of bad) {
    it(`refuses ${JSON.stringify(args)} without showing a secret`, async () => {
      const found = await failureOf(() => build(args));
      expect(found).to.equal(message);
      expect(found).not.to.contain("hunter");
    });
  }
});
