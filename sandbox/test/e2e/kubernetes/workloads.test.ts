import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type ClusterHostProcess, type ImageSource, startClusterHost } from "../../../kubernetes";
import type { KubeObject } from "../../../kubernetes/api/client";
import { keyOf, type Objects } from "../../../kubernetes/api/objects";
import { waitFor } from "../../../supervisor";
import { kubernetesTools } from "./tools";
import { available, deployment, type EventView, type PodView } from "./workload-objects";

const member = "c01b4c73f17580d6add8d237c4df8f99e";
const registry = "acme-dev-registry.cn-hangzhou.cr.aliyuncs.com";
const digest = `sha256:${"a".repeat(64)}`;

/** A registry with three repositories: `echo` and `broken` for everybody, `private` for who has a login. */
const images: ImageSource = {
  async pull(image, credentials) {
    const [, name = "", tag = ""] = /\/echo-dev\/(\w+):(\w+)$/.exec(image) ?? [];
    if (!image.startsWith(registry)) return { kind: "unreachable", message: `no such host: ${image}` };
    if (name === "private" && credentials?.password !== "temporary") {
      return { kind: "unauthorized", message: `${image}: pull access denied` };
    }
    if (tag === "missing") return { kind: "missing", message: `${image}: not found` };
    const entrypoint = name === "broken" ? ["/bin/false"] : ["/server"];
    return { kind: "ok", entrypoint, cmd: [], env: [], labels: {}, digest };
  },
};
const logins = {
  instanceOf: (host: string) => (host === registry ? "cri-1" : undefined),
  login: () => ({ user: "cr_temp_user", password: "temporary" }),
};
const image = (name: string, tag = "v1") => `${registry}/echo-dev/${name}:${tag}`;

describe("workloads on a member cluster", function () {
  this.timeout(180_000);
  let home: string;
  let host: ClusterHostProcess;
  let objects: Objects;
  let start: () => Promise<ClusterHostProcess>;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "workloads-"));
    const tools = await kubernetesTools();
    start = () => startClusterHost({ home, images, logins, ...tools });
    host = await start();
    await host.ensure(member, "member");
    objects = await host.objects(member);
  });
  after(async () => {
    await host?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const apply = (object: KubeObject) => objects.apply(object, { manager: "test", force: true });
  const podsOf = async (name: string, namespace = "default") =>
    (await objects.list("v1", "Pod", namespace)).filter(
      ({ metadata }) => metadata.labels?.["app"] === name,
    ) as PodView[];
  const eventsOf = async (name: string) => {
    const pods = (await podsOf(name)).map(({ metadata }) => metadata.uid);
    const events = (await objects.list("v1", "Event", "default")) as EventView[];
    return events.filter(
      ({ involvedObject, type }) => type === "Warning" && pods.includes(involvedObject.uid),
    );
  };
  const warnings = async (name: string) =>
    (await eventsOf(name)).map(({ reason, message }) => `${reason} ${message}`);
  const untilAvailable = (object: KubeObject) =>
    waitFor(`Deployment ${object.metadata.name}`, async () => available(await objects.get(keyOf(object))), {
      within: 60_000,
    });
  const untilGone = (object: KubeObject) =>
    waitFor(
      `the end of ${object.kind} ${object.metadata.name}`,
      async () => ((await objects.get(keyOf(object))) ? "it is there" : undefined),
      { within: 60_000 },
    );
  const untilContainer = (
    name: string,
    judge: (status: NonNullable<PodView["status"]["containerStatuses"]>[number]) => boolean,
  ) =>
    waitFor(
      `a container of ${name}`,
      async () => {
        const [pod] = await podsOf(name);
        const [status] = pod?.status.containerStatuses ?? [];
        return status && judge(status) ? undefined : JSON.stringify(pod?.status ?? "no pod");
      },
      { within: 60_000 },
    );

  it("makes a Deployment available, pod by pod, without a node", async () => {
    const echo = deployment("echo", image("echo"), { replicas: 3 });
    await apply(echo);
    await untilAvailable(echo);
    const pods = await podsOf("echo");
    expect(pods).to.have.length(3);
    for (const pod of pods) {
      expect(pod.status.phase).to.equal("Running");
      expect(pod.spec).not.to.have.property("nodeName");
      expect(pod.status.containerStatuses?.[0]?.imageID).to.equal(`${registry}/echo-dev/echo@${digest}`);
    }
  });

  it("rolls a new image out", async () => {
    const echo = deployment("echo", image("echo", "v2"), { replicas: 3 });
    await apply(echo);
    await untilAvailable(echo);
    const used = (await podsOf("echo")).map(({ spec }) => spec.containers[0]?.image);
    expect(new Set(used)).to.deep.equal(new Set([image("echo", "v2")]));
  });

  it("waits for an image that isn't there and says why, and the old pods stay", async () => {
    await apply(deployment("echo", image("echo", "missing"), { replicas: 3 }));
    const waiting = async () =>
      (await podsOf("echo")).flatMap(({ status }) => status.containerStatuses?.[0]?.state.waiting ?? []);
    await waitFor(
      "a pod that has no image",
      async () =>
        (await waiting()).some(({ reason }) => reason === "ImagePullBackOff") ? undefined : "none",
      { within: 60_000 },
    );
    const [first] = await waiting();
    expect(first?.message).to.equal(
      `Back-off pulling image "${image("echo", "missing")}": ${image("echo", "missing")}: not found`,
    );
    const missing = image("echo", "missing");
    expect(await warnings("echo")).to.deep.equal([
      `Failed Failed to pull image "${missing}": ${missing}: not found`,
    ]);
    const ready = (await podsOf("echo")).filter(({ status }) => status.containerStatuses?.[0]?.ready);
    expect(ready).to.have.length(3);
    await apply(deployment("echo", image("echo", "v2"), { replicas: 3 }));
    await untilAvailable(deployment("echo", ""));
  });

  it("starts a container that ends again and again, and never calls it ready", async () => {
    await apply(deployment("broken", image("broken")));
    await untilContainer("broken", ({ restartCount, ready }) => restartCount >= 2 && !ready);
    await untilContainer("broken", ({ state }) => state.waiting?.reason === "CrashLoopBackOff");
    expect(available(await objects.get(keyOf(deployment("broken", ""))))).to.be.a("string");
  });

  it("warns of a container that ends again and again in one event that counts", async () => {
    expect(await warnings("broken")).to.deep.equal(["BackOff Back-off restarting failed container app"]);
    const [event] = await eventsOf("broken");
    expect(event?.count).to.be.at.least(3);
  });

  it("pulls a private image with the credential helper where that watches, nowhere else", async () => {
    await objects.createIfAbsent(
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "echo-dev" } },
      "test",
    );
    await apply(deployment("private", image("private")));
    await untilContainer("private", ({ state }) => state.waiting?.message?.includes("denied") === true);
    const config = {
      AcrInstanceInfo: [{ instanceId: "cri-1", regionId: "cn-hangzhou" }],
      watchNamespace: "echo-dev",
    };
    await host.installAddon(member, {
      name: "managed-aliyun-acr-credential-helper",
      version: "v24.11.4.0",
      config: JSON.stringify(config),
    });
    const watched = deployment("private", image("private"), { namespace: "echo-dev" });
    await apply(watched);
    await untilAvailable(watched);
    expect((await podsOf("private"))[0]?.status.containerStatuses?.[0]?.ready).to.equal(false);
  });

  it("pulls with the pod's own secrets", async () => {
    const auth = Buffer.from("cr_temp_user:temporary").toString("base64");
    await apply({
      apiVersion: "v1",
      kind: "Secret",
      type: "kubernetes.io/dockerconfigjson",
      metadata: { name: "pull", namespace: "default" },
      stringData: { ".dockerconfigjson": JSON.stringify({ auths: { [registry]: { auth } } }) },
    });
    const own = deployment("own", image("private"), { imagePullSecrets: [{ name: "pull" }] });
    await apply(own);
    await untilAvailable(own);
  });

  it("ends Jobs: with success, or with failure when the command is known to fail", async () => {
    const job = (name: string, command?: string[]): KubeObject => ({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name, namespace: "default" },
      spec: {
        backoffLimit: 0,
        template: {
          spec: { restartPolicy: "Never", containers: [{ name: "job", image: "busybox", command }] },
        },
      },
    });
    await apply(job("migrate"));
    await apply(job("fails", ["sh", "-c", "exit 3"]));
    for (const [name, condition] of [
      ["migrate", "Complete"],
      ["fails", "Failed"],
    ] as const) {
      await waitFor(
        `Job ${name}`,
        async () => {
          const status = (await objects.get(keyOf(job(name))))?.["status"] as {
            conditions?: { type: string; status: string }[];
          };
          const met = status.conditions?.some(({ type, status }) => type === condition && status === "True");
          return met ? undefined : JSON.stringify(status);
        },
        { within: 60_000 },
      );
    }
  });

  it("ends a Deployment in the foreground with its pods, and a namespace with what is in it", async () => {
    const echo = deployment("echo", "");
    await objects.delete(keyOf(echo), "Foreground");
    await untilGone(echo);
    expect(await podsOf("echo")).to.deep.equal([]);
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "echo-dev" } };
    await objects.delete(keyOf(namespace), "Foreground");
    await untilGone(namespace);
  });

  it("goes on after a restart with the pods as they were", async () => {
    const before = (await podsOf("own"))[0]?.metadata.uid;
    await host.stop();
    host = await start();
    objects = await host.objects(member);
    const [pod] = await podsOf("own");
    expect(pod?.metadata.uid).to.equal(before);
    expect(pod?.status.containerStatuses?.[0]).to.include({ ready: true, restartCount: 0 });
    const scaled = deployment("own", image("private"), {
      imagePullSecrets: [{ name: "pull" }],
      replicas: 2,
    });
    await apply(scaled);
    await untilAvailable(scaled);
    await untilContainer("broken", ({ restartCount }) => restartCount >= 3);
  });
});
