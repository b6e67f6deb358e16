import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeUpdater, type UpdaterOptions } from "../../../image-updater";
import { type ClusterHostProcess, startClusterHost } from "../../../kubernetes";
import type { KubeObject } from "../../../kubernetes/api/client";
import type { Objects } from "../../../kubernetes/api/objects";
import { ManagedProcess, PortBook, waitFor } from "../../../supervisor";
import { botToken, Deployment } from "../../image-updater/deployment";
import { host, OciServer } from "../../oci/oci-server";
import { kubernetesTools } from "../kubernetes/tools";

export { host };
export const fleetId = "c1f1ee70000000000000000000000001e";
const kind = { apiVersion: "argoproj.io/v1alpha1", kind: "Application" };

export interface ApplicationOptions {
  /** Without their prefix. `image-list` is `app=<host>/echo-dev/echo` and the method `git` unless given. */
  annotations?: Record<string, string>;
  sourceType?: "Helm" | "Kustomize";
  path?: string;
  /** Tags or whole names of what runs. @default ["v1.0.0"] */
  live?: string[];
}

/** A Fleet with GitOps but without Argo CD, a GitHub with a deployment repository, a registry, and the updater. */
export class Surroundings {
  readonly home = mkdtempSync(join(tmpdir(), "updater-"));
  readonly registry = new OciServer();
  readonly deployment = new Deployment();
  readonly logFile = join(this.home, "updater.log");
  fleet!: Objects;
  process!: ManagedProcess;
  #clusters!: ClusterHostProcess;
  #options!: UpdaterOptions;

  async start(): Promise<this> {
    const tools = await kubernetesTools();
    const clusterHome = join(this.home, "clusters");
    mkdirSync(clusterHome);
    this.#clusters = await startClusterHost({ home: clusterHome, ...tools });
    await Promise.all([
      this.#clusters.ensure(fleetId, "fleet"),
      this.registry.start(),
      this.deployment.start(),
    ]);
    await this.#clusters.gitops(fleetId, true, false);
    this.fleet = await this.#clusters.objects(fleetId);
    const kubeconfigFile = join(this.home, "kubeconfig");
    const { yaml } = await this.#clusters.kubeconfig(fleetId, "image-updater", 3600);
    writeFileSync(kubeconfigFile, yaml, { mode: 0o600 });
    await this.secret("acr", { acr: this.registry.login });
    await this.secret(
      "repository",
      { url: this.deployment.url, username: "x-access-token", password: botToken },
      { "argocd.argoproj.io/secret-type": "repository" },
    );
    await this.registries("");
    const ports = new PortBook(join(this.home, "ports.json"));
    this.#options = {
      home: join(this.home, "updater"),
      kubeconfigFile,
      namesFile: this.registry.namesFile,
      caFile: this.registry.caFile,
      healthPort: await ports.port("updater"),
      interval: "200ms",
      secrets: [botToken],
      logFile: this.logFile,
      pidFile: join(this.home, "updater.pid"),
    };
    return this;
  }

  async stop(): Promise<void> {
    await this.stopUpdater();
    await this.#clusters?.stop();
    await this.deployment.stop();
    await this.registry.stop();
    rmSync(this.home, { recursive: true, force: true });
  }

  /** The updater's access to the Fleet. */
  kubeconfig(): string {
    return readFileSync(this.#options.kubeconfigFile, "utf8");
  }

  /** Arguments of the process, for those who start it in another way. */
  describe(options: Partial<UpdaterOptions> = {}) {
    return describeUpdater({ ...this.#options, ...options });
  }

  async startUpdater(options: Partial<UpdaterOptions> = {}): Promise<void> {
    this.process = new ManagedProcess(this.describe(options));
    await this.process.start();
  }

  async stopUpdater(): Promise<void> {
    await this.process?.stop();
  }

  async restartUpdater(): Promise<void> {
    await this.stopUpdater();
    await this.startUpdater();
  }

  /** kill -9 of the whole process group, git included. */
  async killUpdater(): Promise<void> {
    process.kill(-Number(readFileSync(this.describe().pidFile, "utf8")), "SIGKILL");
    await this.process.ended;
  }

  log(): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, "utf8") : "";
  }

  /** Waits for a line. @returns what it matches */
  async logged(pattern: RegExp): Promise<string> {
    await waitFor(
      `a line ${pattern}`,
      async () => (pattern.test(this.log()) ? undefined : this.process.tail(5)),
      { within: 30_000 },
    );
    return pattern.exec(this.log())![0];
  }

  /** Waits until so many cycles have ended from now on. */
  async cycles(count: number): Promise<void> {
    const ended = () => this.log().split("Processing results:").length;
    const before = ended();
    // The one that goes on now began before.
    await waitFor(
      `${count} cycles`,
      async () => (ended() > before + count ? undefined : `${ended() - before}`),
      { within: 60_000 },
    );
  }

  async secret(name: string, stringData: Record<string, string>, labels: Record<string, string> = {}) {
    const metadata = { name, namespace: "argocd", labels };
    const object: KubeObject = { apiVersion: "v1", kind: "Secret", metadata, stringData };
    await this.fleet.apply(object, { manager: "test", force: true });
  }

  /** Sets registries.conf: the test's registry, with further fields (`, credsexpire: 1s`). */
  async registries(more: string, text?: string): Promise<void> {
    const entry = `{name: acr, api_url: "https://${host}", prefix: ${host}, credentials: "secret:argocd/acr#acr"${more}}`;
    const object: KubeObject = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argocd-image-updater-config", namespace: "argocd" },
      data: { "registries.conf": text ?? `registries: [${entry}]` },
    };
    await this.fleet.apply(object, { manager: "test", force: true });
  }

  /** An Application as Argo CD would have compared it. */
  async application(name: string, options: ApplicationOptions = {}): Promise<void> {
    const { live = ["v1.0.0"], sourceType = "Helm", path = "charts/echo" } = options;
    const image = `${host}/echo-dev/echo`;
    const given = { "image-list": `app=${image}`, "write-back-method": "git", ...options.annotations };
    const annotations = Object.fromEntries(
      Object.entries(given).map(([key, value]) => [`argocd-image-updater.argoproj.io/${key}`, value]),
    );
    const images = live.map((each) => (each.includes("/") ? each : `${image}:${each}`));
    const object: KubeObject = {
      ...kind,
      metadata: { name, namespace: "argocd", annotations },
      spec: {
        project: "default",
        destination: { name: "in-cluster", namespace: "echo-dev" },
        source: { repoURL: this.deployment.url, path, targetRevision: "main" },
      },
      status: { sourceType, summary: { images } },
    };
    await this.fleet.apply(object, { manager: "test", force: true });
  }

  async get(name: string): Promise<KubeObject | undefined> {
    return this.fleet.get({ ...kind, name, namespace: "argocd" });
  }

  async removeApplications(): Promise<void> {
    const applications = await this.fleet.list(kind.apiVersion, kind.kind, "argocd");
    for (const { metadata } of applications) {
      await this.fleet.delete({ ...kind, name: metadata.name, namespace: "argocd" });
    }
  }

  /** Waits until a file on a branch says something. */
  async written(file: string, text: string, branch = "main"): Promise<void> {
    const probe = async () => {
      const content = this.#file(file, branch);
      return content.includes(text) ? undefined : `${content}\n${this.process?.tail(4)}`;
    };
    await waitFor(`${text} in ${file}`, probe, { within: 30_000 });
  }

  #file(path: string, branch: string): string {
    try {
      return this.deployment.file(path, branch);
    } catch {
      return "no such file";
    }
  }
}
