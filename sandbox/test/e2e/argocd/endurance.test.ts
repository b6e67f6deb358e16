import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import type { Component } from "../../../argocd";
import { waitFor } from "../../../supervisor";
import { application, configMap, synced } from "./objects";
import { fleetId, Surroundings } from "./support";

const waves = 3;

describe("a hosted Argo CD that is killed, restarted or switched off", function () {
  this.timeout(300_000);
  const around = new Surroundings();
  let version = 0;
  let repoURL: string;

  /** ConfigMaps in sync waves: Argo CD takes two seconds from each to the next, time to end it in the middle. */
  const files = () =>
    Object.fromEntries(
      Array.from({ length: waves }, (_, wave) => [
        `${wave}.json`,
        JSON.stringify({
          ...JSON.parse(configMap(`wave-${wave}`, { version: String(version) })),
          metadata: { name: `wave-${wave}`, annotations: { "argocd.argoproj.io/sync-wave": String(wave) } },
        }),
      ]),
    );
  const onMember = async (wave: number, wanted: number) => {
    const probe = async () => {
      const data = await around.deployed(`wave-${wave}`);
      return data?.["version"] === String(wanted) ? undefined : JSON.stringify(data);
    };
    await waitFor(`wave ${wave} of version ${wanted}`, probe, { within: 60_000, every: 40 });
  };
  const release = async () => {
    version += 1;
    const { sha } = await around.push("deploy", files());
    return sha;
  };
  /** Waits until a killed component runs again. */
  const back = async (component: Component, restarts: number) => {
    const probe = async () => {
      const now = around.process(component);
      return now.running && now.restarts > restarts ? undefined : JSON.stringify(now);
    };
    await waitFor(`the restart of ${component}`, probe, { within: 60_000 });
  };
  const kill = (component: Component) => {
    const { restarts } = around.process(component);
    around.argocd.kill(fleetId, component);
    return back(component, restarts);
  };
  const deployed = async (sha: string) => {
    await around.until("waves", "deployed", synced(sha));
    await onMember(waves - 1, version);
  };

  before(async () => {
    await around.start();
    await around.clusters.gitops(fleetId, true, false);
    await around.login();
    repoURL = await around.repository("deploy", files());
    // A controller that starts may take a project for missing for a moment, which ends a sync that was under way.
    const waves = application("waves", { repoURL });
    const retry = { limit: 5, backoff: { duration: "1s", factor: 1 } };
    await around.onFleet({ ...waves, spec: { ...(waves["spec"] as object), syncPolicy: { retry } } });
    await around.until("waves", "OutOfSync", ({ status }) => status?.sync?.status === "OutOfSync");
  });
  after(() => around.stop());

  it("finishes a sync in the middle of which the controller was killed, once", async () => {
    const sha = await release();
    await around.client.application("waves", "normal");
    await around.client.sync("waves", { revision: sha });
    await onMember(0, version);
    const again = kill("application-controller");
    expect(await around.deployed(`wave-${waves - 1}`)).to.equal(undefined);
    await again;
    await deployed(sha);
    expect((await around.client.history("waves")).map(({ revision }) => revision)).to.deep.equal([sha]);
  });

  it("reads the repository again after repo-server was killed while it was asked", async () => {
    const sha = await release();
    const asked = around.client.application("waves", "hard");
    const again = kill("repo-server");
    await asked;
    await again;
    // A look that failed is only repeated when the next is due, or when somebody asks again.
    await around.client.application("waves", "normal");
    await around.client.sync("waves", { revision: sha });
    await deployed(sha);
  });

  it("keeps sessions and goes on syncing while argocd-server and the cache are killed", async () => {
    const sha = await release();
    await around.client.sync("waves", { revision: sha });
    await Promise.all([kill("server"), kill("redis")]);
    await deployed(sha);
  });

  it("waits longer before each further restart of what keeps ending", async () => {
    const began = Date.now();
    await kill("applicationset-controller");
    const first = Date.now() - began;
    await kill("applicationset-controller");
    const second = Date.now() - began - first;
    expect(second).to.be.greaterThan(450);
    expect(around.process("applicationset-controller").restarts).to.equal(2);
  });

  it("starts a deleted pod anew, with the settings that the Fleet has by then", async () => {
    const pid = around.process("repo-server").pid;
    await around.onFleet({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argocd-cmd-params-cm", namespace: "argocd" },
      data: { "reposerver.log.level": "no-such-level" },
    });
    const refused = await around.argocd.restart(fleetId, "repo-server").then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(refused).to.contain("no-such-level");
    await around.onFleet({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argocd-cmd-params-cm", namespace: "argocd" },
      data: { "reposerver.log.level": "info" },
    });
    await around.argocd.restart(fleetId, "repo-server");
    expect(around.process("repo-server").pid).not.to.equal(pid);
    const sha = await release();
    await around.client.application("waves", "hard");
    await around.client.sync("waves", { revision: sha });
    await deployed(sha);
  });

  it("has the Image Updater in the pod of argocd-server: they are deleted together, and end each for itself", async () => {
    const pids = () => ["server", "image-updater"].map((name) => around.process(name as Component).pid);
    const [server, updater] = pids();
    await kill("image-updater");
    expect(pids()[0]).to.equal(server);
    expect(pids()[1]).not.to.equal(updater);
    const before = pids();
    await around.argocd.restart(fleetId, "server");
    expect(pids()).not.to.include(before[0]).and.not.to.include(before[1]);
    expect(await around.client.version()).to.contain("v3.1.9");
  });

  it("is there again after the whole host was stopped and started, with the same password", async () => {
    const password = await around.password();
    const pids = around.argocd.status(fleetId).map(({ pid }) => pid as number);
    await around.clusters.stop();
    expect(await alive(pids)).to.deep.equal([]);
    expect(around.names.portOf(around.host)).to.equal(undefined);
    await around.startClusters();
    expect(await around.password()).to.equal(password);
    await around.login();
    await around.until("waves", "as it was", ({ status }) => status?.sync?.status === "Synced");
    const sha = await release();
    await around.client.application("waves", "normal");
    await around.client.sync("waves", { revision: sha });
    await deployed(sha);
  });

  it("leaves nothing behind when GitOps is switched off", async () => {
    const pids = around.argocd.status(fleetId).map(({ pid }) => pid as number);
    expect(pids.filter(Number.isInteger)).to.have.length(6);
    await around.client.delete("waves");
    const gone = async () => ((await around.client.applications()).length > 0 ? "still there" : undefined);
    await waitFor("the end of the Application", gone, { within: 30_000 });
    for (let wave = 0; wave < waves; wave++) {
      expect(await around.deployed(`wave-${wave}`)).to.equal(undefined);
    }
    await around.clusters.gitops(fleetId, false, false);
    expect(await alive(pids)).to.deep.equal([]);
    expect(around.argocd.status(fleetId)).to.deep.equal([]);
    expect(around.names.portOf(around.host)).to.equal(undefined);
    const home = join(around.home, "argocd");
    expect(existsSync(join(home, fleetId))).to.equal(false);
    expect(readdirSync(join(home, "pids"))).to.deep.equal([]);
  });
});

/** Processes in these groups; the dead that nobody has collected yet don't count. */
async function alive(groups: number[]): Promise<string[]> {
  const { stdout } = await execa("ps", ["-A", "-o", "pgid=,stat=,args="]);
  return stdout.split("\n").filter((line) => {
    const [group, state = ""] = line.trim().split(/\s+/);
    return groups.includes(Number(group)) && !state.startsWith("Z");
  });
}
