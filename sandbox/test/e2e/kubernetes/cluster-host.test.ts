import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type ClusterHostProcess, startClusterHost } from "../../../kubernetes";
import { ApiError, KubeClient, type KubeObject } from "../../../kubernetes/api/client";
import { parseKubeconfig } from "../../../kubernetes/api/kubeconfig";
import { keyOf, type ObjectKey, Objects } from "../../../kubernetes/api/objects";
import { waitFor } from "../../../supervisor";
import { kubernetesTools } from "./tools";

const fleet = "c1f1ee70000000000000000000000001a";
const core = (kind: string) => ({ apiVersion: "v1", kind });
const member = { id: "c01b4c73f17580d6add8d237c4df8f99e", name: "dev-workloads" };

describe("the cluster host", function () {
  this.timeout(180_000);
  let home: string;
  let host: ClusterHostProcess;
  let start: () => Promise<ClusterHostProcess>;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "clusters-"));
    const tools = await kubernetesTools();
    start = () => startClusterHost({ home, ...tools });
    host = await start();
    await Promise.all([host.ensure(fleet, "fleet"), host.ensure(member.id, "member")]);
  });
  after(async () => {
    await host?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const fleetObject = async (
    apiVersion: string,
    kind: string,
    name: string,
    namespace: string | undefined = "argocd",
  ) => (await host.objects(fleet)).get({ apiVersion, kind, name, namespace });
  const connect = async (id: string, seconds = 3600) =>
    new Objects(new KubeClient(parseKubeconfig((await host.kubeconfig(id, "ram-user-1", seconds)).yaml)));
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: Error) => error,
    );

  it("says how long each process took to be ready", () => {
    const status = host.status();
    expect(status.map(({ name }) => name)).to.have.members([
      "etcd",
      `kube-apiserver ${fleet}`,
      `kube-apiserver ${member.id}`,
      `kube-controller-manager ${fleet}`,
      `kube-controller-manager ${member.id}`,
    ]);
    for (const { readyAfter } of status) expect(readyAfter).to.be.greaterThan(0);
  });

  it("hands out kubeconfigs whose client certificate names the user and ends when it says", async () => {
    const objects = await connect(fleet);
    const review = await objects.client.call<{
      status: { userInfo: { username: string; groups: string[] } };
    }>("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
      body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
    });
    expect(review.status.userInfo.username).to.equal("ram-user-1");
    expect(review.status.userInfo.groups).to.include("system:masters");
    const { expiration } = await host.kubeconfig(fleet, "ram-user-1", 3600);
    expect(Date.parse(expiration) - Date.now()).to.be.within(3_500_000, 3_600_000);
    objects.client.close();
  });

  it("refuses an expired certificate and whoever has none", async () => {
    const expired = await connect(fleet, -60);
    expect(await failure(expired.client.call("GET", "/api/v1/namespaces")))
      .to.be.instanceOf(ApiError)
      .with.property("code", 401);
    const { server, ca, namespace } = parseKubeconfig((await host.kubeconfig(fleet, "u", 60)).yaml);
    const nobody = new KubeClient({ server, ca, namespace });
    expect(await failure(nobody.call("GET", "/readyz")))
      .to.be.instanceOf(ApiError)
      .with.property("code", 401);
  });

  it("keeps clusters apart", async () => {
    const config = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "only-here", namespace: "default" },
    };
    await (await host.objects(member.id)).createIfAbsent(config, "test");
    expect(await fleetObject("v1", "ConfigMap", "only-here", "default")).to.equal(undefined);
  });

  it("puts on the Fleet what the hosted Argo CD brings along, once", async () => {
    await host.gitops(fleet, true, false);
    const config = await fleetObject("v1", "ConfigMap", "argocd-image-updater-config");
    expect((config as { data?: Record<string, string> }).data?.["registries.conf"]).to.contain(
      "registries:\n- name:",
    );
    for (const name of ["argocd-cm", "argocd-rbac-cm", "argocd-notifications-cm"]) {
      expect(await fleetObject("v1", "ConfigMap", name), name).not.to.equal(undefined);
    }
    expect(await fleetObject("argoproj.io/v1alpha1", "AppProject", "default")).not.to.equal(undefined);
    expect(await fleetObject("v1", "Service", "argocd-server")).not.to.equal(undefined);
    const random = async () =>
      ((await fleetObject("v1", "Secret", "argocd-secret")) as { data?: Record<string, string> }).data;
    const first = await random();
    expect(first?.["server.secretkey"]).to.match(/^\S{32,}$/);
    await host.gitops(fleet, true, true);
    expect(await random()).to.deep.equal(first);
  });

  it("attaches a member: an account there, a cluster Secret with that account's token here", async () => {
    await host.attach(fleet, member);
    const secret = (await fleetObject("v1", "Secret", `cluster-${member.id}`)) as KubeObject & {
      data: Record<string, string>;
    };
    expect(secret.metadata.labels).to.include({ "argocd.argoproj.io/secret-type": "cluster" });
    expect(secret.metadata.annotations).to.include({ cluster_id: member.id, cluster_name: member.name });
    const text = (key: string) => Buffer.from(secret.data[key] ?? "", "base64").toString();
    expect(text("name")).to.equal(`${member.id}-${member.name}`);
    const { bearerToken, tlsClientConfig } = JSON.parse(text("config"));
    const ca = Buffer.from(tlsClientConfig.caData, "base64").toString();
    const argocd = new KubeClient({ server: text("server"), ca, token: bearerToken, namespace: "default" });
    // The API server learns of a new binding a moment later.
    const list = () => argocd.call<{ items: unknown[] }>("GET", "/api/v1/namespaces");
    const may = async () => ("items" in (await list()) ? undefined : "no list");
    await waitFor("the rights of the account", may, { within: 10_000 });
    const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: "not-mine" } };
    const refused = await failure(argocd.call("POST", "/api/v1/namespaces", { body }));
    expect(refused?.message).to.contain("argocd-ackone-sa").and.to.contain("cannot create resource");
    argocd.close();
  });

  it("doesn't switch GitOps off while Applications exist", async () => {
    const objects = await host.objects(fleet);
    const application: KubeObject = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: {
        name: "left",
        namespace: "argocd",
        finalizers: ["resources-finalizer.argocd.argoproj.io"],
      },
      spec: {
        project: "default",
        source: { repoURL: "https://git/x", path: "." },
        destination: { name: "in-cluster", namespace: "x" },
      },
    };
    await objects.createIfAbsent(application, "test");
    await objects.delete(keyOf(application));
    const refused = await failure(host.gitops(fleet, false, false));
    expect(refused?.message).to.equal(
      "GitOps can't be turned off while Applications exist (left): delete them first",
    );
    await objects.merge(keyOf(application), { metadata: { finalizers: null } });
  });

  it("finishes deletions: a namespace with what is in it, and in the foreground what an owner leaves", async () => {
    const objects = await host.objects(member.id);
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "short-lived" } };
    await objects.createIfAbsent(namespace, "test");
    const config = (name: string, owner?: KubeObject): KubeObject => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name,
        namespace: "short-lived",
        ...(owner
          ? {
              ownerReferences: [
                {
                  ...{ apiVersion: "v1", kind: "ConfigMap", name: owner.metadata.name },
                  ...{ uid: owner.metadata.uid, blockOwnerDeletion: true },
                },
              ],
            }
          : {}),
      },
    });
    await objects.createIfAbsent(config("owner"), "test");
    const owner = (await objects.get(keyOf(config("owner")))) as KubeObject;
    await objects.createIfAbsent(config("owned", owner), "test");
    await objects.delete(keyOf(owner), "Foreground");
    const gone = (key: ObjectKey) => async () => ((await objects.get(key)) ? "it is there" : undefined);
    await waitFor("the end of the owner", gone(keyOf(owner)), { within: 20_000 });
    expect(await objects.get(keyOf(config("owned")))).to.equal(undefined);

    await objects.createIfAbsent(config("inside"), "test");
    await objects.delete(keyOf(namespace), "Foreground");
    await waitFor("the end of the namespace", gone(keyOf(namespace)), { within: 20_000 });
  });

  it("makes the accounts and roles that pods and people rely on", async () => {
    const objects = await host.objects(member.id);
    const account = await objects.get({ ...core("ServiceAccount"), namespace: "default", name: "default" });
    expect(account).not.to.equal(undefined);
    const key = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", name: "view" };
    const probe = async () => {
      const { rules } = (await objects.get(key)) as unknown as { rules: unknown[] | null };
      return rules?.length ? undefined : "no rules";
    };
    await waitFor("the aggregated role view", probe, { within: 10_000 });
  });

  it("starts a controller manager again that has ended by itself", async () => {
    const pidFile = join(home, "pids", `kube-controller-manager-${member.id}.pid`);
    const group = Number(readFileSync(pidFile, "utf8"));
    process.kill(-group, "SIGKILL");
    const probe = async () => {
      const now = existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : group;
      const runs = host.status().some(({ name }) => name === `kube-controller-manager ${member.id}`);
      return runs && now !== group ? undefined : "it doesn't run";
    };
    await waitFor("the controller manager", probe, { within: 20_000 });
  });

  it("brings the same clusters with the same data and addresses after a restart", async () => {
    const before = host.clusters();
    const kubeconfig = await host.kubeconfig(fleet, "ram-user-1", 3600);
    await host.stop();
    expect(host.status()).to.deep.equal([]);
    host = await start();
    expect(host.clusters()).to.deep.equal(before);
    const objects = new Objects(new KubeClient(parseKubeconfig(kubeconfig.yaml)));
    expect(
      await objects.get({ apiVersion: "v1", kind: "ConfigMap", namespace: "argocd", name: "argocd-cm" }),
    ).not.to.equal(undefined);
    objects.client.close();
  });

  it("detaches a member and leaves nothing of ACK One on it", async () => {
    await host.detach(fleet, member.id);
    expect(await fleetObject("v1", "Secret", `cluster-${member.id}`)).to.equal(undefined);
    const objects = await host.objects(member.id);
    expect(
      await objects.get({ apiVersion: "v1", kind: "Namespace", name: "ack-multiple-clusters" }),
    ).to.equal(undefined);
    await host.detach(fleet, member.id);
  });

  it("turns GitOps off and on again", async () => {
    await host.gitops(fleet, false, false);
    expect(await fleetObject("v1", "Namespace", "argocd", undefined)).to.equal(undefined);
    await host.gitops(fleet, true, false);
    expect(await fleetObject("v1", "ConfigMap", "argocd-cm")).not.to.equal(undefined);
  });

  it("forgets a removed cluster: the same id is an empty cluster afterwards", async () => {
    await host.remove(fleet);
    expect(host.clusters().map(({ id }) => id)).to.deep.equal([member.id]);
    await host.ensure(fleet, "fleet");
    expect(await fleetObject("v1", "Namespace", "argocd", undefined)).to.equal(undefined);
  });
});
