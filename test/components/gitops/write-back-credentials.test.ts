import { expect } from "chai";
import {
  WriteBackCredentials,
  type WriteBackCredentialsArgs,
} from "../../../components/gitops/write-back-credentials";
import { opensshKey } from "../../support/keys";
import { failureOf, outputOf, record } from "../../support/mocks";

const https = "https://github.com/acme/echo-deploy.git";
const ssh = "git@github.com:acme/echo-deploy.git";
const encoded = (text: string) => Buffer.from(text).toString("base64");

const build = (args: Partial<WriteBackCredentialsArgs> = {}) =>
  new WriteBackCredentials("write-back", {
    url: https,
    credentials: { type: "token", username: "acme-bot", token: "ghp_hunter2" },
    ...args,
  });

describe("components/gitops/write-back-credentials", () => {
  it("makes the Secret git-creds with a token for an https URL", async () => {
    const graph = await record(() => build());
    expect(graph.shape()).to.deep.equal([
      "ackone:gitops:WriteBackCredentials write-back",
      "kubernetes:core/v1:Secret write-back-secret",
    ]);
    const secret = graph.named("write-back-secret");
    expect(secret.parent).to.equal("write-back");
    expect(secret.inputs).to.deep.equal({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "git-creds", namespace: "argocd" },
      type: "Opaque",
      data: { username: encoded("acme-bot"), password: encoded("ghp_hunter2") },
    });
    expect(secret.secrets).to.deep.equal(["data"]);
    expect((await outputOf(graph.result.secretName)).value).to.equal("git-creds");
  });

  it("makes it with a key for an SSH URL", async () => {
    const privateKey = opensshKey();
    const graph = await record(() => build({ url: ssh, credentials: { type: "ssh", privateKey } }));
    expect(graph.named("write-back-secret").inputs.data).to.deep.equal({
      sshPrivateKey: encoded(privateKey),
    });
  });

  it("refuses user name and token with an SSH URL, which Image Updater can't use", async () => {
    expect(await failureOf(() => build({ url: ssh }))).to.equal(
      "write-back.credentials: a token can't be used with an SSH URL; use the https URL of acme/echo-deploy, or credentials of type ssh",
    );
  });

  it("refuses a GitHub App, which older versions of Image Updater don't read", async () => {
    const credentials = { type: "githubApp" } as unknown as WriteBackCredentialsArgs["credentials"];
    expect(await failureOf(() => build({ credentials }))).to.equal(
      "write-back.credentials.type: \"githubApp\" can't be used for write-back credentials of their own; use token or ssh, or write back with the repository's credentials",
    );
  });
});
