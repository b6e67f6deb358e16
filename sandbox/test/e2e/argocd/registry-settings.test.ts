import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { type Engine, type EngineOptions, openEngine } from "../../../engine/engine";
import { openOperator } from "../../../operations/open";
import { waitFor } from "../../../supervisor";
import { inSteps } from "../support/in-steps";
import { succeed } from "../support/runs";
import { useSandbox } from "../support/test-sandbox";

/** Of the settings that the hosted Argo CD brings along. */
const hosted = "registry-vpc.cn-hangzhou.aliyuncs.com";
const secondHost = "acme-dev-registry-vpc.cn-hangzhou.cr.aliyuncs.com";
const firstHost = "acme-dev-registry.cn-hangzhou.cr.aliyuncs.com";

const text = (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : "");

/** What Image Updater knows of the registry: it reads its settings when it starts. The tests build on each other. */
describe("the registry's settings and the pods that read them", function () {
  this.timeout(600_000);
  inSteps();

  const sandbox = useSandbox({ updaterInterval: "2s" });
  const engine = (options?: EngineOptions): Promise<Engine> => openEngine(sandbox().info, "dev", options);
  const fleet = () =>
    sandbox()
      .clusters.clusters()
      .find(({ kind }) => kind === "fleet")!.id;
  const logFile = () => join(sandbox().home.root, "argocd", "logs", `argocd-image-updater-${fleet()}.log`);
  const pid = () =>
    sandbox()
      .argocd.status(fleet())
      .find(({ component }) => component === "image-updater")?.pid;
  /** The registries that the last two processes of Image Updater have read at their starts. */
  const loaded = () =>
    [`${logFile()}.1`, logFile()].map((file) => {
      const [, hosts] = /Loaded \d+ registry configurations from [^:]*: ([^"\n]*)/.exec(text(file)) ?? [];
      return hosts;
    });
  const untilLoaded = (...hosts: string[]) =>
    waitFor("the settings", async () => (loaded().join() === hosts.join() ? undefined : loaded().join()), {
      within: 20_000,
    });

  it("are known after the first up, for which the pods were restarted once", async () => {
    await succeed(await engine(), "up");
    await untilLoaded(hosted, firstHost);
    const probe = async () => {
      const results = text(logFile()).match(/Processing results: .*/g) ?? [];
      return results.some((line) => /applications=[1-9]\d* .* errors=0/.test(line))
        ? undefined
        : (results.at(-1) ?? "-");
    };
    await waitFor("a cycle without errors", probe, { within: 60_000 });
  });

  it("restart nothing in a second up, nor in a refresh", async () => {
    const before = pid();
    await succeed(await engine(), "up", { expectNoChanges: true });
    await succeed(await engine(), "refresh", { expectNoChanges: true });
    expect(pid()).to.equal(before);
  });

  it("are read again when an operator restarts the pods, and Argo CD lets him in again", async () => {
    const pids = () =>
      sandbox()
        .argocd.status(fleet())
        .map(({ component, pid }) => ({ component, pid }));
    const before = pids();
    const open = () =>
      openOperator(sandbox().info, {
        consoles: { builds: async () => [], buildLog: async () => [] },
        print: () => {},
      });
    const { environment } = await open();
    const kubectl = async (...args: string[]) =>
      (await execa("kubectl", ["--context", "fleet", "-n", "argocd", ...args], { env: environment })).stdout;
    await kubectl("rollout", "restart", "deployment", "argocd-server");
    expect(await kubectl("rollout", "status", "deployment", "argocd-server", "--timeout=120s")).to.contain(
      "successfully rolled out",
    );
    const changed = pids().filter((one, index) => one.pid !== before[index]?.pid);
    expect(changed.map(({ component }) => component)).to.have.members(["server", "image-updater"]);
    await open(); // logs in
    await untilLoaded(firstHost, firstHost);
    await succeed(await engine(), "up", { expectNoChanges: true });
  });

  it("are read again, once, when the registry's host changes", async () => {
    const edit = (config: Record<string, unknown>) => {
      const registry = config["ackone-delivery:registry"] as Record<string, unknown>;
      registry["vpcLinks"] = [
        { vpcId: "vpc-bp1devplatform00000001", vSwitchId: "vsw-bp1devplatform00000001" },
      ];
    };
    const { changes } = await succeed(await engine({ edit }), "up");
    expect(changes).to.include("update kubernetes:apps/v1:DeploymentPatch image-updater-restart");
    await untilLoaded(firstHost, secondHost);
    const before = pid();
    await succeed(await engine({ edit }), "up", { expectNoChanges: true });
    expect(pid()).to.equal(before);
  });

  it("go with GitOps in a destroy, which restarts nothing on the way", async () => {
    const file = logFile();
    const [started] = text(file).split("\n");
    await succeed(await engine(), "destroy");
    expect(text(file).split("\n")[0]).to.equal(started);
    expect(
      sandbox()
        .clusters.clusters()
        .filter(({ kind }) => kind === "fleet"),
    ).to.deep.equal([]);
  });
});
