import { expect } from "chai";
import { ServerProcesses } from "../../kubernetes/fleet/server-processes";
import type { Pod } from "../../kubernetes/kubelet/pod";

const pod = (uid: string, template: string): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: uid, namespace: "argocd", uid, labels: { "pod-template-hash": template } },
  spec: { containers: [] },
});

describe("pods of argocd-server and the processes behind them", () => {
  let restarts = 0;
  let failure: Error | undefined;
  let running = 0;
  const restart = async () => {
    restarts += 1;
    running += 1;
    await new Promise((resolve) => setImmediate(resolve));
    expect(running, "one restart at a time").to.equal(1);
    running -= 1;
    if (failure) throw failure;
  };
  const begin = (...older: string[]) => new ServerProcesses(new Set(older), restart);
  /** Both containers of a pod, ready. */
  const run = async (processes: ServerProcesses, of: Pod) => {
    const both = [processes.execute(of), processes.execute(of)];
    await Promise.all(both.map(({ ready }) => ready));
    return { end: () => Promise.all(both.map(({ stop }) => stop())) };
  };

  beforeEach(() => {
    restarts = 0;
    failure = undefined;
  });

  it("gives the processes as they are to the pod that was there before them", async () => {
    await run(begin("a"), pod("a", "1"));
    expect(restarts).to.equal(0);
  });

  it("restarts them for a pod that is younger: they may not have read what it was made for", async () => {
    await run(begin(), pod("a", "1"));
    expect(restarts).to.equal(1);
  });

  it("restarts them once when the pods are rolled, before the old one has gone", async () => {
    const processes = begin("a");
    const old = await run(processes, pod("a", "1"));
    await run(processes, pod("b", "2"));
    expect(restarts).to.equal(1);
    await old.end();
    expect(restarts).to.equal(1);
  });

  it("restarts them when the pod was deleted and another comes from the same template", async () => {
    const processes = begin("a");
    await (await run(processes, pod("a", "1"))).end();
    await run(processes, pod("b", "1"));
    expect(restarts).to.equal(1);
  });

  it("lets two pods of one template share them, and rolls both with one restart", async () => {
    const processes = begin("a", "b");
    const old = await Promise.all([run(processes, pod("a", "1")), run(processes, pod("b", "1"))]);
    expect(restarts).to.equal(0);
    await run(processes, pod("c", "2"));
    await old[0].end();
    await run(processes, pod("d", "2"));
    await old[1].end();
    expect(restarts).to.equal(1);
  });

  it("ends the containers of a pod whose restart fails, and tries again when they do", async () => {
    const processes = begin();
    failure = new Error("no such log level");
    const both = [processes.execute(pod("a", "1")), processes.execute(pod("a", "1"))];
    for (const { ended } of both) {
      expect(await ended).to.deep.equal({ exitCode: 1, message: "no such log level" });
    }
    expect(restarts).to.equal(1);
    failure = undefined;
    await run(processes, pod("a", "1"));
    expect(restarts).to.equal(2);
  });

  it("doesn't restart them for a pod that goes before its turn", async () => {
    const processes = begin();
    const first = processes.execute(pod("a", "1"));
    const second = processes.execute(pod("b", "2"));
    await second.stop();
    await Promise.all([first.ready, second.ready]);
    expect(await second.ended).to.deep.equal({ exitCode: 0, message: "" });
    expect(restarts).to.equal(1);
  });
});
