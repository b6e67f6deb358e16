import { expect } from "chai";
import { type Engine, openEngine } from "../../../engine/engine";
import type { KubeObject } from "../../../kubernetes/api/client";
import { waitFor } from "../../../supervisor";
import { buyInstance, onInstance, somebody } from "../support/account";
import { comparable, differences } from "../support/comparable";
import { deleteHook } from "../support/on-github";
import { type Run, succeed } from "../support/runs";
import { useSandbox } from "../support/test-sandbox";

const secret = { apiVersion: "v1", kind: "Secret", namespace: "argocd" };
const application = { apiVersion: "argoproj.io/v1alpha1", kind: "Application", namespace: "argocd" };

/** Somebody changes or deletes what the dev stack made, with the consoles or with kubectl. */
describe("what somebody does by hand", () => {
  const sandbox = useSandbox();
  let engine: Engine;
  let instance: string;
  let asMade: string[];
  let specsAsMade: unknown;

  before(async function () {
    this.timeout(600_000);
    instance = await buyInstance(sandbox());
    engine = await openEngine(sandbox().info, "dev", { edit: onInstance(instance) });
    await succeed(engine, "up");
    asMade = comparable(await sandbox().holdings());
    specsAsMade = await contents();
  });

  const held = () => sandbox().alibaba.dump();
  const repositoryId = (name: string) => held().repositories.find((each) => each.name === name)!.id;
  const ruleOf = (name: string) => held().rules.find(({ repository }) => repository === `echo-dev/${name}`)!;
  const fleet = () => sandbox().clusters.objects(held().fleets[0]!.id);
  const cr = async (action: string, parameters: Record<string, unknown>) => {
    const { status, body } = await somebody(sandbox()).cr(action, { InstanceId: instance, ...parameters });
    expect(body, action).to.include({ IsSuccess: true });
    expect(status, action).to.equal(200);
  };

  /** What the tables of the holdings don't show: the contents of Secrets and Applications. */
  async function contents(): Promise<unknown> {
    const objects = await fleet();
    const essence = ({ metadata, ...rest }: KubeObject) => ({
      name: metadata.name,
      labels: metadata.labels,
      data: rest["data"],
      spec: rest["spec"],
    });
    const secrets = await objects.list("v1", "Secret", "argocd");
    const applications = await objects.list(application.apiVersion, "Application", "argocd");
    return [...secrets, ...applications].map(essence);
  }

  /** What a reader sees: without the engine's own entries, the instance that is only read, and the steps of a replacement. */
  const shown = ({ changes }: Run) =>
    changes.filter((change) => !/^(read|create-replacement|delete-replaced) | pulumi:/.test(change));

  const expectRepaired = async () => {
    expect(differences(comparable(await sandbox().holdings()), asMade)).to.deep.equal([]);
    expect(await contents()).to.deep.equal(specsAsMade);
    await succeed(engine, "up", { refresh: true, expectNoChanges: true });
  };

  it("is shown and undone when it is a change", async () => {
    const repo = repositoryId("echo-server");
    await cr("UpdateRepoBuildRule", {
      RepoId: repo,
      BuildRuleId: ruleOf("echo-server").id,
      PushType: "GIT_TAG",
      PushName: "anything",
      ImageTag: "latest",
    });
    await cr("UpdateRepository", { RepoId: repo, RepoType: "PUBLIC", Summary: "mine" });
    const objects = await fleet();
    await objects.merge({ ...secret, name: "acr" }, { data: { acr: "bWluZTptaW5l" } });
    await objects.merge(
      { ...secret, name: "argocd-secret" },
      { data: { "webhook.github.secret": "bWluZQ==" } },
    );
    await objects.merge(
      { ...application, name: "echo-production" },
      { spec: { source: { targetRevision: "mine" } } },
    );

    const differences = [
      "update ackone:registry:BuildRule image-echo-server-rule-tag",
      "update alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo image-echo-server-repository",
      "update kubernetes:argoproj.io/v1alpha1:Application echo-production-application",
      "update kubernetes:core/v1:Secret registry-credentials-secret",
      "update kubernetes:core/v1:SecretPatch deployment-webhook-secret",
    ];
    expect(shown(await succeed(engine, "preview", { refresh: true }))).to.deep.equal(differences);
    expect(shown(await succeed(engine, "up", { refresh: true }))).to.deep.equal(differences);
    await expectRepaired();
  });

  it("is shown and undone when it is a deletion", async () => {
    await cr("DeleteRepoBuildRule", {
      RepoId: repositoryId("echo-server"),
      BuildRuleId: ruleOf("echo-server").id,
    });
    await cr("DeleteRepository", { RepoId: repositoryId("greeter") });
    const objects = await fleet();
    await objects.delete({ ...secret, name: "acr" });
    await objects.delete({ ...application, name: "echo-production" });
    // Argo CD first deletes what it has deployed.
    const ending = async () =>
      (await objects.get({ ...application, name: "echo-production" })) ? "it is there" : undefined;
    await waitFor("the end of echo-production", ending, { within: 60_000 });
    await deleteHook(sandbox(), "acme/echo-deploy");

    const differences = [
      "create ackone:registry:BuildRule image-echo-server-rule-tag",
      "create ackone:registry:BuildRule image-greeter-rule-tag",
      "create ackone:registry:SourceBinding image-greeter-source",
      "create alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo image-greeter-repository",
      "create github:index/repositoryWebhook:RepositoryWebhook deployment-webhook-repository",
      "create kubernetes:argoproj.io/v1alpha1:Application echo-production-application",
      "create kubernetes:core/v1:Secret registry-credentials-secret",
    ];
    expect(shown(await succeed(engine, "preview", { refresh: true }))).to.deep.equal(differences);
    expect(shown(await succeed(engine, "up", { refresh: true }))).to.deep.equal(differences);
    await expectRepaired();
  });

  it("is not seen by an up without refresh, and stays as somebody left it", async () => {
    const objects = await fleet();
    await objects.delete({ ...secret, name: "acr" });
    expect(shown(await succeed(engine, "up"))).to.deep.equal([]);
    expect(await objects.get({ ...secret, name: "acr" })).to.equal(undefined);
    await succeed(engine, "up", { refresh: true });
    await expectRepaired();
  });
});
