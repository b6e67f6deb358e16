import { join } from "node:path";
import type { HostedArgocd } from "./argocd";
import type { Alibaba, Fault as AlibabaFault, BuildFault } from "./emulators/alibaba";
import type { Github, Fault as GithubFault } from "./emulators/github";
import type { ClusterHostProcess } from "./kubernetes";
import { Network } from "./network/request";
import { type Parts, startParts, stopParts } from "./parts";
import { ensureTools, layOutPulumiHome } from "./tools";
import { type Credentials, loadCredentials } from "./world/credentials";
import { type Holdings, readHoldings } from "./world/holdings";
import { type Home, openHome, sandboxFolder, toolCache } from "./world/home";
import type { SandboxInfo } from "./world/info";
import { type PipelineView, readPipeline } from "./world/pipeline";
import { sandboxTools } from "./world/tools";
import { world as committedWorld, type World } from "./world/world";

export interface SandboxOptions {
  /** The sandbox's folder. Everything it writes, but for the tools, lies in it. */
  home: string;
  /** What exists before the first `up`. @default the world of the committed stacks */
  world?: World;
  /** Time between two rounds of Image Updater, as its option takes it. ACK One's default is 2m. @default "10s" */
  updaterInterval?: string;
}

/** A fault of one of the emulators; an empty one clears all faults. */
export interface FaultRequest {
  alibaba?: AlibabaFault;
  github?: GithubFault;
  build?: BuildFault;
  /** Whether a GitHub account is bound in ACR's console. */
  sourceAccountBound?: boolean;
}

/** A sandbox that runs in this process: emulators, registry, clusters and the Fleet's Argo CD. */
export class Sandbox {
  readonly alibaba: Alibaba;
  readonly github: Github;
  readonly clusters: ClusterHostProcess;
  readonly argocd: HostedArgocd;
  /** Hosts that exist in the sandbox alone, for requests from this process. */
  readonly network: Network;
  readonly #parts: Parts;

  private constructor(
    readonly info: SandboxInfo,
    readonly home: Home,
    readonly credentials: Credentials,
    parts: Parts,
  ) {
    this.alibaba = parts.alibaba;
    this.github = parts.github;
    this.clusters = parts.clusters;
    this.argocd = parts.argocd;
    this.network = new Network(parts.names, parts.clusters.ca);
    this.#parts = parts;
  }

  /**
   * Starts a new sandbox, or one that was stopped or killed with everything that it held.
   * @throws when a part of it doesn't start; nothing of it runs then
   */
  static async start(options: SandboxOptions): Promise<Sandbox> {
    const started: Partial<Parts> = {};
    try {
      return await Sandbox.#start(options, started);
    } catch (error) {
      // The first error is the cause; one of stopping would only hide it.
      await stopParts(started).catch(() => {});
      throw error;
    }
  }

  /** @param started gets each part as soon as it runs */
  static async #start(options: SandboxOptions, started: Partial<Parts>): Promise<Sandbox> {
    const { world = committedWorld, updaterInterval = "10s" } = options;
    const home = openHome(options.home);
    const credentials = loadCredentials(home.credentialsFile);
    const tools = await ensureTools(sandboxTools, { cacheDir: toolCache() });
    const pulumi = await layOutPulumiHome(join(home.engine, "home"), tools);
    const caBundle = join(home.state, "ca-bundle.pem");
    const parts = await startParts({ home, credentials, tools, world, updaterInterval, caBundle }, started);
    const { alibaba, github, proxy } = parts;
    for (const { fullName, folder } of world.github.samples) {
      const [owner, name] = fullName.split("/") as [string, string];
      if (!github.exists(owner, name))
        await github.addRepository(fullName, join(sandboxFolder, "samples", folder));
    }
    for (const { fullName, tool, ...layout } of world.github.upstream) {
      const [owner, name] = fullName.split("/") as [string, string];
      if (!github.exists(owner, name)) await github.addRepository(fullName, tools[tool].path, layout);
    }
    const info: SandboxInfo = {
      pid: process.pid,
      home: home.root,
      control: "",
      alibaba: { http: `127.0.0.1:${alibaba.httpPort}`, https: `127.0.0.1:${alibaba.httpsPort}` },
      github: { url: github.url },
      proxy: `http://127.0.0.1:${proxy.port}`,
      caBundle,
      engineBin: pulumi.bin,
      engineEnvironment: pulumi.environment,
    };
    return new Sandbox(info, home, credentials, parts);
  }

  /** What the emulated clouds and clusters hold now. */
  holdings(): Promise<Holdings> {
    return readHoldings(this.alibaba, this.github, this.clusters);
  }

  /** Builds, pushes and Applications: what moves when a release travels. */
  pipeline(): Promise<PipelineView> {
    return readPipeline(this.alibaba, this.#parts.pushes, this.clusters);
  }

  /** An administrator's kubeconfig of a cluster for a day, as the console shows it. */
  async kubeconfig(clusterId: string): Promise<string> {
    return (await this.clusters.kubeconfig(clusterId, "operator", 24 * 3600)).yaml;
  }

  setFault({ alibaba, github, build, sourceAccountBound }: FaultRequest): void {
    if (alibaba) this.alibaba.faults.set(alibaba);
    if (github) this.github.faults.add(github);
    if (build) this.alibaba.buildFaults.set(build);
    if (sourceAccountBound !== undefined) this.alibaba.faults.sourceAccountBound = sourceAccountBound;
    if (alibaba || github || build || sourceAccountBound !== undefined) return;
    this.alibaba.faults.clear();
    this.alibaba.buildFaults.clear();
    this.alibaba.faults.sourceAccountBound = true;
    this.github.faults.clear();
  }

  stop(): Promise<void> {
    return stopParts(this.#parts);
  }
}
