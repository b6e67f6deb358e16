import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { KubeObject } from "../../../kubernetes/api/client";
import { waitFor } from "../../../supervisor";
import { ensureTools } from "../../../tools";
import { toolCache } from "../../../world/home";
import { fleetId, Surroundings } from "./support";

describe("the pods of argocd-server on the Fleet", function () {
  this.timeout(600_000);
  const around = new Surroundings();
  let kubectl = "";
  let kubeconfig = "";

  before(async () => {
    kubectl = (await ensureTools(["kubectl"], { cacheDir: toolCache(), report: () => {} })).kubectl.path;
    await around.start();
    await around.clusters.gitops(fleetId, true, false);
    kubeconfig = join(around.home, "fleet.kubeconfig");
    writeFileSync(kubeconfig, (await around.clusters.kubeconfig(fleetId, "ann", 3600)).yaml);
    await around.login();
  });
  after(() => around.stop());

  const run = async (...args: string[]) =>
    (await promisify(execFile)(kubectl, [`--kubeconfig=${kubeconfig}`, "--namespace=argocd", ...args]))
      .stdout;
  const rolledOut = () => run("rollout", "status", "deployment", "argocd-server", "--timeout=120s");
  const pids = () => [around.process("server").pid, around.process("image-updater").pid];
  const pods = async (): Promise<KubeObject[]> =>
    (await around.clusters.objects(fleetId)).list("v1", "Pod", "argocd");
  const podNames = async () => (await pods()).map(({ metadata }) => metadata.name).sort();
  const restarted = async (before: (number | undefined)[]) => {
    // kubectl may see the Deployment as it was: a pod that is deleted doesn't change its generation.
    const probe = async () => {
      const now = pids();
      const others = now.every((pid, index) => pid !== undefined && pid !== before[index]);
      return others ? undefined : `${now} after ${before}`;
    };
    await waitFor("other processes", probe, { within: 60_000 });
    const login = async () => {
      await around.login();
      return undefined;
    };
    await waitFor("a login to the new process by the public name", login, { within: 60_000 });
  };

  it("are ready when GitOps is on, with the processes that were started with it", async () => {
    expect(await rolledOut()).to.contain("successfully rolled out");
    expect(await run("get", "pods", "-l", "app.kubernetes.io/name=argocd-server", "--no-headers")).to.match(
      /^argocd-server-\S+\s+2\/2\s+Running\s+0 /,
    );
    expect(around.process("server").restarts).to.equal(0);
  });

  it("are restarted by kubectl, which sees the end of it", async () => {
    const [before, names] = [pids(), await podNames()];
    await run("rollout", "restart", "deployment", "argocd-server");
    expect(await rolledOut()).to.contain("successfully rolled out");
    await restarted(before);
    const probe = async () => {
      const now = await podNames();
      return now.length === 1 && now[0] !== names[0] ? undefined : now.join();
    };
    await waitFor("the end of the old pod", probe, { within: 10_000 });
  });

  it("come back when they are deleted", async () => {
    const before = pids();
    await run("delete", "pods", "-l", "app.kubernetes.io/name=argocd-server");
    await rolledOut();
    await restarted(before);
  });

  it("are two with high availability, which share the processes and are restarted together", async () => {
    const before = pids();
    await around.clusters.gitops(fleetId, true, true);
    await rolledOut();
    expect(await podNames()).to.have.length(2);
    expect(pids()).to.deep.equal(before);
    const started = around.updaterStarts;
    await run("rollout", "restart", "deployment", "argocd-server");
    await rolledOut();
    await restarted(before);
    expect(around.updaterStarts).to.equal(started + 1);
  });

  it("are there after a restart of the host, with one of each process", async () => {
    const names = await podNames();
    await around.clusters.stop();
    await around.startClusters();
    await rolledOut();
    expect(await podNames()).to.deep.equal(names);
    const before = pids();
    await around.login();
    await run("rollout", "restart", "deployment", "argocd-server");
    await rolledOut();
    await restarted(before);
  });

  it("go when GitOps is switched off, and are new when it is on again", async () => {
    const all = around.argocd.status(fleetId).map(({ pid }) => pid as number);
    await around.clusters.gitops(fleetId, false, false);
    expect(all.filter(runs)).to.deep.equal([]);
    expect(await pods()).to.deep.equal([]);
    await around.clusters.gitops(fleetId, true, false);
    await rolledOut();
    expect(await podNames()).to.have.length(1);
    await around.login();
  });
});

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
