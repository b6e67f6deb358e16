import { expect } from "chai";
import type { Component } from "../../../argocd";
import { waitFor } from "../../../supervisor";
import type { ReleaseWatch } from "../../../world/release";
import { usePipeline } from "../support/pipeline";
import { webhookDeliveries } from "./webhook-deliveries";
import { deploymentHead, writeBacks } from "./write-backs";

const service = "greeter";
const environments = ["dev", "production", "staging"];

/**
 * SIGKILL to parts of Argo CD in the middle of a release; nobody starts them again but the kubelet's stand-in, at
 * once, then after 10 and 20 seconds as Kubernetes does.
 */
describe("a release in the middle of which something is killed", function () {
  this.timeout(600_000);
  const pipeline = usePipeline();
  const argocd = () => pipeline().sandbox.argocd;
  const faults = () => pipeline().sandbox.github.faults;
  const push = "/acme/echo-deploy.git/git-receive-pack";
  let head: string;
  let deployments: number;

  beforeEach(async () => {
    head = await deploymentHead(pipeline());
    deployments = await lastDeployment();
  });
  afterEach(() => faults().clear());

  const statusOf = (component: Component) => {
    const found = argocd()
      .status(pipeline().fleet)
      .find((each) => each.component === component);
    if (!found) throw new Error(`there is no ${component}`);
    return found;
  };
  /** Stops a component for the moment, so that the kill meets it where the test wants it. */
  const freeze = (component: Component) => process.kill(-statusOf(component).pid!, "SIGSTOP");
  /** Kills components and waits until they run again. */
  const kill = async (...components: Component[]) => {
    const before = components.map(statusOf);
    for (const { component } of before) argocd().kill(pipeline().fleet, component);
    for (const { component, restarts } of before) {
      const probe = async () => {
        const now = statusOf(component);
        if (!now.running || now.restarts <= restarts) return JSON.stringify(now);
        return component === "server" ? serverAnswers() : undefined;
      };
      await waitFor(`the restart of ${component}`, probe, { within: 120_000 });
    }
  };
  const serverAnswers = async () => {
    const { network } = pipeline().sandbox;
    const { status } = await network.request(`https://${argocd().address(pipeline().fleet)!.host}/healthz`);
    return status === 200 ? undefined : `status ${status}`;
  };
  const arrivesOnce = async (watch: ReleaseWatch) => {
    await pipeline().arrived(watch, 180_000);
    await pipeline().settles(`${service}-dev`, `Synced Healthy ${watch.release.tag}`, 120_000);
    await pipeline().updaterRound();
    expect(await writeBacks(pipeline(), head)).to.deep.equal(
      environments.map((environment) => `build: automatic update of ${service}-${environment}`),
    );
    expect(await lastDeployment(), "deployments to dev").to.equal(deployments + 1);
  };
  /** Argo CD numbers what it deploys. */
  const lastDeployment = async () => {
    const objects = await pipeline().sandbox.clusters.objects(pipeline().fleet);
    const key = { apiVersion: "argoproj.io/v1alpha1", kind: "Application", namespace: "argocd" };
    const application = await objects.get({ ...key, name: `${service}-dev` });
    const { history = [] } = application!["status"] as { history?: { id: number }[] };
    return history.at(-1)?.id ?? -1;
  };
  const writtenBack = (watch: ReleaseWatch) =>
    pipeline().until(
      watch,
      "written back everywhere",
      ({ environments }) => Object.values(environments).every((legs) => legs.writtenBack !== undefined),
      120_000,
    );
  /** How many pushes Image Updater has said to have arrived. */
  const known = () =>
    pipeline()
      .updaterLog()
      .filter((line) => line.includes("Successfully updated the live application spec")).length;
  /** Waits until a push of Image Updater has met the fault. */
  const metFault = () =>
    waitFor(
      "a push to the deployment repository",
      async () => (faults().list().length ? "none yet" : undefined),
      {
        within: 120_000,
      },
    );

  it("arrives once when everything is killed after the build, before the write-back", async () => {
    freeze("image-updater");
    const watch = await pipeline().release(service);
    const { environments } = await pipeline().until(
      watch,
      "built",
      ({ built }) => built !== undefined,
      120_000,
    );
    expect(Object.values(environments).some(({ writtenBack }) => writtenBack)).to.equal(false);
    await kill("application-controller", "repo-server", "server");
    await kill("image-updater");
    await arrivesOnce(watch);
  });

  it("arrives once when Image Updater is killed before its push arrives", async () => {
    faults().add({ path: push, hang: true, times: 1 });
    const watch = await pipeline().release(service);
    await metFault();
    await kill("image-updater");
    await arrivesOnce(watch);
  });

  it("arrives once when Image Updater is killed after its push arrived, before it knows", async () => {
    faults().add({ path: push, replyDelay: 30_000, times: 1 });
    const watch = await pipeline().release(service);
    const knew = known();
    await pipeline().until(
      watch,
      "a first write-back",
      ({ environments }) => Object.values(environments).some((legs) => legs.writtenBack !== undefined),
      120_000,
    );
    expect(known()).to.equal(knew);
    await kill("image-updater");
    await arrivesOnce(watch);
  });

  it("arrives once when the controller and repo-server are killed after the write-back, before the deployment", async () => {
    freeze("application-controller");
    const watch = await pipeline().release(service);
    await writtenBack(watch);
    await pipeline().sandbox.github.settled();
    expect(await lastDeployment()).to.equal(deployments);
    await kill("application-controller", "repo-server");
    await arrivesOnce(watch);
  });

  it("arrives once when argocd-server is killed while GitHub tells it, after the look that the runbook asks for", async () => {
    const known = (await webhookDeliveries(pipeline())).map(({ id }) => id);
    freeze("server");
    const watch = await pipeline().release(service);
    await writtenBack(watch);
    await kill("server");
    await pipeline().sandbox.github.settled();
    const told = (await webhookDeliveries(pipeline())).filter(({ id }) => !known.includes(id));
    expect(told.map(({ status_code }) => status_code)).to.deep.equal([0, 0, 0]);
    // docs/runbooks/incident.md, "The webhook fails". Without it Argo CD looks by itself after three minutes.
    for (const environment of environments) await pipeline().refresh(`${service}-${environment}`);
    await arrivesOnce(watch);
  });
});
