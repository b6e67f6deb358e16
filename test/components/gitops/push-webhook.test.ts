import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { PushWebhook, type PushWebhookArgs } from "../../../components/gitops/push-webhook";
import { failureOf, record } from "../../support/mocks";
import { unknownOutput } from "../../support/unknown";

const secret = "0123456789abcdef0123456789abcdef";
const host = "argocd.c0123.cn-hangzhou.alicontainer.com";

const build = (changes: Partial<PushWebhookArgs> = {}) =>
  new PushWebhook("hook", { repository: "echo-deploy", argocdHost: host, secret, ...changes });

describe("components/gitops/push-webhook", () => {
  it("makes a webhook for pushes, whose messages are signed", async () => {
    const graph = await record(() => build());
    expect(graph.shape()).to.deep.equal([
      "ackone:gitops:PushWebhook hook",
      "github:index/repositoryWebhook:RepositoryWebhook hook-repository",
      "kubernetes:core/v1:SecretPatch hook-secret",
    ]);
    expect(graph.named("hook-repository").inputs).to.deep.equal({
      repository: "echo-deploy",
      events: ["push"],
      configuration: { url: `https://${host}/api/webhook`, contentType: "json", insecureSsl: false, secret },
    });
  });

  it("goes before another one comes: a renamed repository keeps it, and GitHub refuses two of one address", async () => {
    const graph = await record(() => build());
    expect(graph.named("hook-repository").deleteBeforeReplace).to.equal(true);
  });

  it("gives Argo CD the same secret, as one key of its own Secret", async () => {
    const graph = await record(() => build());
    expect(graph.named("hook-secret").inputs).to.deep.equal({
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: "argocd-secret",
        namespace: "argocd",
        annotations: {
          "pulumi.com/patchForce": "true",
          "pulumi.com/patchFieldManager": "ackone-delivery-webhook",
        },
      },
      data: { "webhook.github.secret": Buffer.from(secret).toString("base64") },
    });
  });

  it("marks the secret on both sides, whether the caller did or not", async () => {
    const graph = await record(() => build());
    const within = (name: string, path: string) =>
      graph.named(name).secrets.some((each) => path === each || path.startsWith(`${each}.`));
    expect(within("hook-repository", "configuration.secret")).to.equal(true);
    expect(within("hook-secret", "data.webhook.github.secret")).to.equal(true);
  });

  it("comes when Argo CD has the secret, and goes before", async () => {
    const graph = await record(() => build());
    expect(graph.named("hook-repository").dependencies).to.deep.equal(["hook-secret"]);
    expect(graph.named("hook-secret").dependencies).to.deep.equal([]);
  });

  it("registers the same in a preview in which Argo CD's host isn't known", async () => {
    const preview = await record(() => build({ argocdHost: unknownOutput() }), { preview: true });
    expect(preview.shape()).to.deep.equal((await record(() => build())).shape());
  });

  const bad: [string, Partial<PushWebhookArgs>, string][] = [
    [
      "a short secret",
      { secret: "hunter2" },
      "hook.secret is too short; it needs 20 characters, for example those of openssl rand -hex 32",
    ],
    [
      "a secret with a line end",
      { secret: `${secret}\n` },
      "hook.secret starts or ends with a space or a line break, or has a control character in it; remove it",
    ],
    [
      "a URL for a host",
      { argocdHost: `https://${host}` },
      `hook.argocdHost: "https://${host}" is not a host name; give it without https:// and without a path`,
    ],
    [
      "a repository with its owner",
      { repository: "acme/echo-deploy" },
      'hook.repository: "acme/echo-deploy" is not the name of a GitHub repository; use 1 to 100 letters, digits, dots, underscores and hyphens, without .git',
    ],
  ];
  for (const [what, changes, message] of bad) {
    it(`refuses ${what}`, async () => {
      expect(await failureOf(() => build(changes))).to.equal(message);
    });
  }

  it("refuses a short secret that is known late, without showing it", async () => {
    const message = await failureOf(() => build({ secret: pulumi.secret("hunter2") }));
    expect(message).to.contain("is too short").and.not.contain("hunter2");
  });
});
