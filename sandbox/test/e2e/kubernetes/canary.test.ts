import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parseAllDocuments } from "yaml";
import { type ClusterHostProcess, startClusterHost } from "../../../kubernetes";
import type { KubeObject } from "../../../kubernetes/api/client";
import { keyOf, type Objects } from "../../../kubernetes/api/objects";
import { waitFor } from "../../../supervisor";
import { argoRollout, kruiseRollout, web } from "./canary-objects";
import { canaryTools } from "./tools";
import { available, type PodView } from "./workload-objects";

const member = "c01b4c73f17580d6add8d237c4df8f99e";
const kruise = { name: "ack-kruise", version: "1.8.4", config: "{}" };
const [old, next, bad] = ["docker.io/library/web:v1", "docker.io/library/web:v2", "docker.io/library/web:v3"];
const webhooks = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"] as const;
const admission = "admissionregistration.k8s.io/v1";

describe("canary releases on a member cluster, by the real controllers", function () {
  this.timeout(300_000);
  let home: string;
  let host: ClusterHostProcess;
  let objects: Objects;
  let start: () => Promise<ClusterHostProcess>;
  let manifests: KubeObject[];

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "canary-"));
    const tools = await canaryTools();
    start = () => startClusterHost({ home, ...tools.host });
    const folder = join(tools.argoRolloutsManifests, "cluster-install");
    const text = execFileSync(tools.host.bin.kustomize, ["build", folder], { encoding: "utf8" });
    manifests = parseAllDocuments(text).map((document) => document.toJS() as KubeObject);
    await boot();
    for (const name of ["kruise", "argo", "argo-rollouts"]) {
      await objects.createIfAbsent({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, "test");
    }
  });
  after(async () => {
    await host?.stop();
    expect(readdirSync(join(home, "pids"))).to.deep.equal([]);
    rmSync(home, { recursive: true, force: true });
  });

  async function boot() {
    host = await start();
    await host.ensure(member, "member");
    objects = await host.objects(member);
  }
  const apply = (object: KubeObject) => objects.apply(object, { manager: "test", force: true });
  const status = async <Status>(object: KubeObject) =>
    ((await objects.get(keyOf(object)))?.["status"] ?? {}) as Status;
  /** How many ready pods run each image, e.g. `v1 3, v2 1`. */
  const images = async (namespace: string) => {
    const pods = (await objects.list("v1", "Pod", namespace)) as PodView[];
    const ready = pods.filter(({ status }) => status.containerStatuses?.every((each) => each.ready));
    const tags = ready.map(({ spec }) => spec.containers[0]?.image.split(":")[1] ?? "");
    return [...new Set(tags)]
      .sort()
      .map((tag) => `${tag} ${tags.filter((each) => each === tag).length}`)
      .join(", ");
  };
  const untilImages = (namespace: string, wanted: string, within = 40_000) =>
    waitFor(
      `pods ${wanted}`,
      async () => {
        const found = await images(namespace);
        return found === wanted ? undefined : found;
      },
      { within },
    );
  const program = (name: string) => host.status().filter((each) => each.name.startsWith(name));

  describe("Kruise Rollout", () => {
    type Status = {
      phase?: string;
      canaryStatus?: { currentStepIndex?: number; currentStepState?: string };
      conditions?: { type: string; reason: string }[];
    };
    const untilKruise = (what: string, judge: (status: Status) => boolean) =>
      waitFor(
        what,
        async () => {
          const seen = await status<Status>(kruiseRollout);
          return judge(seen) ? undefined : JSON.stringify(seen);
        },
        { within: 60_000 },
      );
    const untilHealthy = () => untilKruise("a healthy Rollout", ({ phase }) => phase === "Healthy");
    const untilPaused = (step: number) =>
      untilKruise(
        `a pause at step ${step}`,
        // After a rollback the canary's status stays as it was, even while the next one begins: it counts in a rollout.
        ({ phase, canaryStatus, conditions }) =>
          phase === "Progressing" &&
          conditions?.some(({ type, reason }) => type === "Progressing" && reason === "InRolling") === true &&
          canaryStatus?.currentStepIndex === step &&
          canaryStatus.currentStepState === "StepPaused",
      );
    /** Approves the step at which it stands; once more where the manager writes what it knew before over that. */
    const approve = async () => {
      let approved: number | undefined;
      const goesOn = async () => {
        const { phase, canaryStatus } = await status<Status>(kruiseRollout);
        approved ??= canaryStatus?.currentStepIndex;
        if (phase !== "Progressing" || canaryStatus?.currentStepIndex !== approved) return undefined;
        if (canaryStatus?.currentStepState !== "StepPaused") return `${canaryStatus?.currentStepState}`;
        await objects.merge(
          keyOf(kruiseRollout),
          { status: { canaryStatus: { currentStepState: "StepReady" } } },
          { subresource: "status" },
        );
        return `it is paused at step ${canaryStatus.currentStepIndex}`;
      };
      await waitFor("the step after the pause", goesOn, { within: 60_000, every: 1000 });
    };

    it("comes with the add-on: definitions, webhooks, and a manager as a pod", async () => {
      await host.installAddon(member, kruise);
      expect(program("kruise-rollout")).to.have.length(1);
      for (const kind of webhooks) {
        const [found] = await objects.list(admission, kind);
        const [webhook] = found?.["webhooks"] as { clientConfig: { url: string } }[];
        expect(webhook?.clientConfig.url).to.match(/^https:\/\/127\.0\.0\.1:\d+\//);
      }
      await host.installAddon(member, kruise); // changes nothing
      expect(program("kruise-rollout")).to.have.length(1);
    });

    it("refuses a Rollout that it couldn't carry out", async () => {
      const wrong = structuredClone(kruiseRollout) as KubeObject & {
        spec: { strategy: { canary: { steps: unknown[] } } };
      };
      wrong.spec.strategy.canary.steps = [{ replicas: "50%" }, { replicas: "25%" }];
      const refused = await apply(wrong).then(
        () => "accepted",
        (error: Error) => error.message,
      );
      expect(refused).to.contain("denied the request");
    });

    it("stops at the first step, and goes on to the end when it's approved", async () => {
      await apply(web(old));
      await waitFor("the first version", async () => available(await objects.get(keyOf(web("")))), {
        within: 30_000,
      });
      await apply(kruiseRollout);
      await untilHealthy();
      await apply(web(next));
      await untilPaused(1);
      await untilImages("kruise", "v1 3, v2 1");
      await approve();
      await untilHealthy();
      await untilImages("kruise", "v2 4");
    });

    it("goes back to the old image, at once and to a healthy end", async () => {
      await apply(web(bad));
      await untilPaused(1);
      await untilImages("kruise", "v2 3, v3 1");
      await apply(web(next));
      await untilImages("kruise", "v2 4");
      await untilHealthy();
    });

    it("goes on with a paused canary after a restart of the sandbox", async () => {
      await apply(web(bad));
      await untilPaused(1);
      await host.stop();
      expect(readdirSync(join(home, "pids"))).to.deep.equal([]);
      await boot();
      await waitFor(
        "the manager",
        async () => (program("kruise-rollout").length === 1 ? undefined : "it doesn't run"),
        { within: 30_000 },
      );
      await untilPaused(1);
      await approve();
      await untilHealthy();
      await untilImages("kruise", "v3 4");
    });

    it("leaves with the add-on: no webhook stays that would refuse changes", async () => {
      await objects.delete(keyOf(kruiseRollout));
      await waitFor(
        "the end of the Rollout",
        async () => ((await objects.get(keyOf(kruiseRollout))) ? "it is there" : undefined),
        { within: 30_000 },
      );
      await host.uninstallAddon(member, kruise.name);
      for (const kind of webhooks) expect(await objects.list(admission, kind), kind).to.deep.equal([]);
      await waitFor(
        "the end of the manager",
        async () => (program("kruise-rollout").length === 0 ? undefined : "it runs"),
        { within: 10_000 },
      );
      await apply(web(old));
      await untilImages("kruise", "v1 4");
    });
  });

  describe("Argo Rollouts", () => {
    type Status = { phase?: string; currentStepIndex?: number; pauseConditions?: { reason: string }[] };
    const rollout = argoRollout(old);
    const untilPhase = (wanted: string) =>
      waitFor(
        `phase ${wanted}`,
        async () => {
          const seen = await status<Status>(rollout);
          return seen.phase === wanted ? undefined : JSON.stringify(seen);
        },
        { within: 40_000 },
      );
    const patchStatus = (change: Record<string, unknown>) =>
      objects.merge(keyOf(rollout), { status: change }, { subresource: "status" });

    it("is a pod whose program really runs, with the rights of its account", async () => {
      for (const object of manifests) {
        const namespaced = (await objects.type(object.apiVersion, object.kind))?.namespaced;
        if (namespaced) object.metadata.namespace = "argo-rollouts";
        for (const subject of (object["subjects"] as { namespace?: string }[] | undefined) ?? []) {
          subject.namespace = "argo-rollouts";
        }
        await apply(object);
      }
      const deployment = manifests.find(({ kind }) => kind === "Deployment") as KubeObject;
      await waitFor("the controller", async () => available(await objects.get(keyOf(deployment))), {
        within: 40_000,
      });
      expect(program("argo-rollouts")).to.have.length(1);
    });

    it("stops at the first step, and goes on to the end when it's promoted", async () => {
      await apply(rollout);
      await untilPhase("Healthy");
      await apply(argoRollout(next));
      await untilPhase("Paused");
      await untilImages("argo", "v1 3, v2 1");
      // A controller on a slow machine may pause once more, with what it knew before: then it's promoted again.
      const promote = async () => {
        const { currentStepIndex = 0 } = await status<Status>(rollout);
        if (currentStepIndex > 1) return undefined;
        await patchStatus({ pauseConditions: null });
        return `it is at step ${currentStepIndex}`;
      };
      await waitFor("the step after the pause", promote, { within: 20_000, every: 500 });
      await untilPhase("Healthy");
      await untilImages("argo", "v2 4");
    });

    it("goes back when it's aborted, and is healthy once the old image is wanted again", async () => {
      await apply(argoRollout(bad));
      await untilPhase("Paused");
      await patchStatus({ abort: true });
      await untilPhase("Degraded");
      await untilImages("argo", "v2 4");
      await apply(argoRollout(next));
      await untilPhase("Healthy");
    });

    it("runs again when its process or its pod ends", async () => {
      const podOf = async () => (await objects.list("v1", "Pod", "argo-rollouts")) as PodView[];
      const [first] = await podOf();
      await objects.delete(keyOf(first as KubeObject));
      await waitFor(
        "another pod with a program",
        async () => {
          const [pod, ...others] = await podOf();
          const ready = pod?.status.containerStatuses?.[0]?.ready && program("argo-rollouts").length === 1;
          return ready && others.length === 0 && pod?.metadata.uid !== first?.metadata.uid
            ? undefined
            : JSON.stringify(pod?.status ?? "no pod");
        },
        { within: 30_000 },
      );
    });
  });
});
