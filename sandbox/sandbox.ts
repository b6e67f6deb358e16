import { join } from "node:path";
import { type Alibaba, type Fault as AlibabaFault, startAlibaba } from "./emulators/alibaba";
import { type Github, type Fault as GithubFault, startGithub } from "./emulators/github";
import { type ClusterHostProcess, startClusterHost } from "./kubernetes";
import { endLeftovers, PortBook } from "./supervisor";
import { ensureTools, layOutPulumiHome } from "./tools";
import { type Credentials, loadCredentials } from "./world/credentials";
import { type Holdings, readHoldings } from "./world/holdings";
import { type Home, openHome, sandboxFolder, toolCache } from "./world/home";
import type { SandboxInfo } from "./world/info";
import { sandboxTools } from "./world/tools";
import { world as committedWorld, type World } from "./world/world";

export interface SandboxOptions {
  /** The sandbox's folder. Everything it writes, but for the tools, lies in it. */
  home: string;
  /** What exists before the first `up`. @default the world of the committed stacks */
  world?: World;
}

/** A fault of one of the emulators; an empty one clears all faults. */
export interface FaultRequest {
  alibaba?: AlibabaFault;
  github?: GithubFault;
  /** Whether a GitHub account is bound in ACR's console. */
  sourceAccountBound?: boolean;
}

/** A sandbox that runs in this process: the emulators and, as its children, etcd and the API servers. */
export class Sandbox {
  private constructor(
    readonly info: SandboxInfo,
    readonly home: Home,
    readonly credentials: Credentials,
    readonly alibaba: Alibaba,
    readonly github: Github,
    readonly clusters: ClusterHostProcess,
  ) {}

  /** Starts a new sandbox, or one that was stopped or killed with everything that it held. */
  static async start({ home: root, world = committedWorld }: SandboxOptions): Promise<Sandbox> {
    const home = openHome(root);
    const credentials = loadCredentials(home.credentialsFile);
    const tools = await ensureTools(sandboxTools, { cacheDir: toolCache() });
    const pulumi = await layOutPulumiHome(join(home.engine, "home"), tools);
    await endLeftovers(home.kubernetes);
    const ports = new PortBook(join(home.state, "ports.json"));
    const clusters = await startClusterHost({
      home: home.kubernetes,
      bin: { etcd: tools.etcd.path, kubeApiserver: tools["kube-apiserver"].path },
      argocdManifests: tools["argocd-manifests"].path,
      region: world.region,
      ports,
    });
    const caBundle = join(home.state, "ca-bundle.pem");
    clusters.writeCaBundle(caBundle);
    const github = await startGithub({
      home: home.github,
      port: await ports.port("github"),
      tokens: [{ token: credentials.githubToken, login: world.github.bot }],
      owners: world.github.owners,
    });
    const alibaba = await startAlibaba({
      stateFile: join(home.state, "alibaba.json"),
      callLog: join(home.logs, "alibaba-calls.jsonl"),
      credentials,
      tls: clusters.tls,
      ports: { http: await ports.port("alibaba-http"), https: await ports.port("alibaba-https") },
      region: world.region,
      clusters,
      git: github,
      world,
    });
    for (const { fullName, folder } of world.github.samples) {
      const [owner, name] = fullName.split("/") as [string, string];
      if (!github.exists(owner, name))
        await github.addRepository(fullName, join(sandboxFolder, "samples", folder));
    }
    const info: SandboxInfo = {
      pid: process.pid,
      home: home.root,
      control: "",
      alibaba: { http: `127.0.0.1:${alibaba.httpPort}`, https: `127.0.0.1:${alibaba.httpsPort}` },
      github: { url: github.url },
      caBundle,
      engineBin: pulumi.bin,
      engineEnvironment: pulumi.environment,
    };
    return new Sandbox(info, home, credentials, alibaba, github, clusters);
  }

  /** What the emulated clouds and clusters hold now. */
  holdings(): Promise<Holdings> {
    return readHoldings(this.alibaba, this.github, this.clusters);
  }

  setFault({ alibaba, github, sourceAccountBound }: FaultRequest): void {
    if (alibaba) this.alibaba.faults.set(alibaba);
    if (github) this.github.faults.add(github);
    if (sourceAccountBound !== undefined) this.alibaba.faults.sourceAccountBound = sourceAccountBound;
    if (alibaba || github || sourceAccountBound !== undefined) return;
    this.alibaba.faults.clear();
    this.alibaba.faults.sourceAccountBound = true;
    this.github.faults.clear();
  }

  /** Stops in reverse order: clients first, the API servers and etcd last. */
  async stop(): Promise<void> {
    await this.alibaba.stop();
    await this.github.stop();
    await this.clusters.stop();
  }
}
