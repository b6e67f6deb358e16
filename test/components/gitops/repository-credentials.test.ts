import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import {
  RepositoryCredentials,
  type RepositoryCredentialsArgs,
} from "../../../components/gitops/repository-credentials";
import { opensshKey, rsaKey } from "../../support/keys";
import { failureOf, outputOf, type Recording, record, unknown } from "../../support/mocks";
import { unknownOutput } from "../../support/unknown";

const https = "https://github.com/acme/echo-deploy.git";
const ssh = "git@github.com:acme/echo-deploy.git";

const build = (args: Partial<RepositoryCredentialsArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new RepositoryCredentials(
    "repository",
    {
      url: https,
      credentials: { type: "token", token: "ghp_hunter2" },
      secretName: "acme-deploy",
      ...args,
    },
    opts,
  );

/** The Secret's data as Argo CD reads it. */
function decoded(graph: Recording): Record<string, string> {
  const data = graph.one("kubernetes:core/v1:Secret").inputs.data as Record<string, string>;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
  );
}

describe("components/gitops/repository-credentials", () => {
  it("makes a Secret with the label by which Argo CD finds repositories", async () => {
    const graph = await record(() => build());
    expect(graph.shape()).to.deep.equal([
      "ackone:gitops:RepositoryCredentials repository",
      "kubernetes:core/v1:Secret repository-secret",
    ]);
    const secret = graph.named("repository-secret");
    expect(secret.parent).to.equal("repository");
    expect(secret.inputs.type).to.equal("Opaque");
    expect(secret.inputs.metadata).to.deep.equal({
      name: "acme-deploy",
      namespace: "argocd",
      labels: { "argocd.argoproj.io/secret-type": "repository" },
    });
    expect(secret.secrets).to.deep.equal(["data"]);
  });

  it("holds a token for an https URL", async () => {
    expect(decoded(await record(() => build()))).to.deep.equal({
      type: "git",
      url: https,
      username: "x-access-token",
      password: "ghp_hunter2",
    });
  });

  it("holds an SSH key for an SSH URL, with the last line end that OpenSSH needs", async () => {
    const key = opensshKey();
    const graph = await record(() =>
      build({ url: ssh, credentials: { type: "ssh", privateKey: key.trimEnd() } }),
    );
    expect(decoded(graph)).to.deep.equal({ type: "git", url: ssh, sshPrivateKey: key });
  });

  it("holds a GitHub App for an https URL, and the project that it is meant for", async () => {
    const key = rsaKey();
    const graph = await record(() =>
      build({
        credentials: { type: "githubApp", appId: "12345", installationId: "678", privateKey: key },
        project: "acme-production",
      }),
    );
    expect(decoded(graph)).to.deep.equal({
      type: "git",
      url: https,
      githubAppID: "12345",
      githubAppInstallationID: "678",
      githubAppPrivateKey: key,
      project: "acme-production",
    });
  });

  it("is deleted before what it depends on", async () => {
    const graph = await record(() => {
      const member = new ConfigMap("member", { metadata: { name: "member" } });
      return build({}, { dependsOn: member });
    });
    expect(graph.named("repository-secret").dependencies).to.deep.equal(["member"]);
  });

  it("hands the URL on when the Secret exists", async () => {
    const { result } = await record(() => build());
    expect((await outputOf(result.url)).value).to.equal(https);
  });

  it("registers the same in a preview in which the URL isn't known yet", async () => {
    const preview = await record(() => build({ url: unknownOutput() }), { preview: true });
    expect(preview.shape()).to.deep.equal((await record(() => build())).shape());
    expect(preview.named("repository-secret").inputs.metadata).to.have.property("name", "acme-deploy");
    expect(preview.named("repository-secret").inputs.data).to.equal(unknown);
  });

  const key = { type: "ssh", privateKey: opensshKey() } as const;
  const app = { type: "githubApp", appId: "1", installationId: "2", privateKey: rsaKey() } as const;
  const bad: [string, Partial<RepositoryCredentialsArgs>, string][] = [
    [
      "a token with an SSH URL",
      { url: ssh },
      "repository.credentials: a token can't be used with an SSH URL; use the https URL of acme/echo-deploy, or credentials of type ssh",
    ],
    [
      "a GitHub App with an SSH URL",
      { url: ssh, credentials: app },
      "repository.credentials: a GitHub App can't be used with an SSH URL; use the https URL of acme/echo-deploy, or credentials of type ssh",
    ],
    [
      "an SSH key with an https URL",
      { credentials: key },
      "repository.credentials: an SSH key can't be used with an https URL; use git@github.com:acme/echo-deploy.git, or credentials of type token or githubApp",
    ],
    [
      "an SSH key with an https URL that is known late",
      { url: pulumi.output(https), credentials: key },
      "repository.credentials: an SSH key can't be used with an https URL; use git@github.com:acme/echo-deploy.git, or credentials of type token or githubApp",
    ],
    [
      "something else as an SSH key",
      { url: ssh, credentials: { type: "ssh", privateKey: "ghp_hunter2" } },
      "repository.credentials.privateKey is not an SSH private key: it starts with -----BEGIN … PRIVATE KEY----- and ends with -----END … PRIVATE KEY----- (ssh-keygen -t ed25519 -N '' -f deploy-key)",
    ],
    [
      "an empty token",
      { credentials: { type: "token", token: pulumi.secret("") } },
      "repository.credentials.token is empty",
    ],
    [
      "a GitHub App's name instead of its number",
      { credentials: { ...app, appId: "acme-bot" } },
      'repository.credentials.appId: "acme-bot" is not a number; GitHub shows it on the App\'s settings page',
    ],
    [
      "an unknown kind",
      { credentials: { type: "password" } as unknown as RepositoryCredentialsArgs["credentials"] },
      'repository.credentials.type: "password" is not a kind of Git credentials; use token, ssh or githubApp',
    ],
  ];
  for (const [what, args, message] of bad) {
    it(`refuses ${what}`, async () => {
      expect(await failureOf(() => build(args))).to.equal(message);
    });
  }
});
