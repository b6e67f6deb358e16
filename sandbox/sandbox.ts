import { join } from "node:path";
import { HostedArgocd } from "./argocd";
import { createBuilder } from "./builder";
import { type Alibaba, type Fault as AlibabaFault, type BuildFault, startAlibaba } from "./emulators/alibaba";
import { type Github, type Fault as GithubFault, startGithub } from "./emulators/github";
import { describeUpdater } from "./image-updater";
import { type ClusterHostProcess, startClusterHost } from "./kubernetes";
import { Authority } from "./kubernetes/pki";
import { HttpsFront } from "./network/https-front";
import { NameBook } from "./network/names";
import { LocalProxy } from "./network/proxy";
import { Network } from "./network/request";
import { imageSource } from "./oci";
import { type Registry, startRegistry } from "./registry";
import { endLeftovers, PortBook } from "./supervisor";
import { ensureTools, layOutPulumiHome } from "./tools";
import { isReachable } from "./world/access";
import { type Credentials, loadCredentials } from "./world/credentials";
import { type Holdings, readHoldings } from "./world/holdings";
import { type Home, openHome, sandboxFolder, toolCache } from "./world/home";
import type { SandboxInfo } from "./world/info";
import { type PipelineView, PushLog, readPipeline } from "./world/pipeline";
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

/** The parts of a sandbox that run in this process, each with its children. */
interface Parts {
  names: NameBook;
  proxy: LocalProxy;
  githubFront: HttpsFront;
  alibaba: Alibaba;
  github: Github;
  clusters: ClusterHostProcess;
  argocd: HostedArgocd;
  registry: Registry;
  pushes: PushLog;
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
    await endLeftovers(home.kubernetes);
    const ports = new PortBook(join(home.state, "ports.json"));
    const authority = await Authority.open(join(home.kubernetes, "pki"));
    const caBundle = join(home.state, "ca-bundle.pem");
    authority.writeBundle(caBundle);
    const names = new NameBook(join(home.state, "names.json"));
    const network = new Network(names, authority.certificate);
    const proxy = new LocalProxy(names);
    started.proxy = proxy;
    const proxyAddress = `http://127.0.0.1:${await proxy.start(await ports.port("proxy", { movable: true }))}`;
    const pushes = new PushLog();
    // The emulators lean on each other: GitHub calls Argo CD only if the account lets it, and pushes start builds.
    let alibaba: Alibaba | undefined;
    const github = await startGithub({
      home: home.github,
      port: await ports.port("github"),
      tokens: [{ token: credentials.githubToken, login: world.github.bot }],
      owners: world.github.owners,
      network,
      reachable: (host, from) => alibaba !== undefined && isReachable(alibaba.dump(), host, from),
      onPush: (event) => {
        pushes.add(event);
        alibaba?.pushed(event);
      },
    });
    started.github = github;
    const githubFront = new HttpsFront(
      { host: "github.com", target: github.url, names },
      await authority.server("github", ["github.com"]),
    );
    started.githubFront = githubFront;
    await githubFront.start(await ports.port("github-https", { movable: true }));
    const argocd = new HostedArgocd({
      home: join(home.root, "argocd"),
      bin: {
        argocd: tools.argocd.path,
        miniredis: tools.miniredis.path,
        kustomize: tools.kustomize.path,
        helm: tools.helm.path,
      },
      ports,
      names,
      authority,
      proxy: proxyAddress,
      updater: async (place) =>
        describeUpdater({
          ...place,
          namesFile: join(home.state, "names.json"),
          // Not the whole bundle: it is parsed for every connection.
          caFile: join(home.kubernetes, "pki", "ca.crt"),
          proxy: proxyAddress,
          healthPort: await ports.port(`image-updater ${place.fleetId}`, { movable: true }),
          interval: updaterInterval,
        }),
    });
    started.argocd = argocd;
    const clusters = await startClusterHost({
      home: home.kubernetes,
      bin: {
        etcd: tools.etcd.path,
        kubeApiserver: tools["kube-apiserver"].path,
        kubeControllerManager: tools["kube-controller-manager"].path,
        argoRollouts: tools["argo-rollouts"].path,
        kruiseRollout: tools["kruise-rollout"].path,
        kustomize: tools.kustomize.path,
      },
      kruiseConfig: tools["kruise-rollout-config"].path,
      argocdManifests: tools["argocd-manifests"].path,
      region: world.region,
      ports,
      controllers: argocd,
      images: imageSource(network),
      logins: {
        instanceOf: (host) => alibaba?.registry.host(host)?.instanceId,
        login(instanceId) {
          if (alibaba === undefined) throw new Error("the registry does not run yet");
          return alibaba.registryLogin(instanceId);
        },
      },
    });
    started.clusters = clusters;
    alibaba = await startAlibaba({
      stateFile: join(home.state, "alibaba.json"),
      callLog: join(home.logs, "alibaba-calls.jsonl"),
      credentials,
      registryLogin: { user: credentials.registryUser, password: credentials.registryPassword },
      tls: clusters.tls,
      ports: { http: await ports.port("alibaba-http"), https: await ports.port("alibaba-https") },
      region: world.region,
      clusters,
      git: github,
      world,
    });
    started.alibaba = alibaba;
    const registry = await startRegistry({
      home: join(home.root, "registry"),
      binary: tools.registry.path,
      ports,
      names,
      authority,
      account: alibaba.registry,
    });
    started.registry = registry;
    alibaba.buildWith(
      createBuilder({
        home: join(home.root, "builds"),
        git: { url: github.url, token: credentials.githubToken },
        registry,
        ca: authority.certificate,
      }),
    );
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
      proxy: proxyAddress,
      caBundle,
      engineBin: pulumi.bin,
      engineEnvironment: pulumi.environment,
    };
    return new Sandbox(info, home, credentials, {
      names,
      proxy,
      githubFront,
      alibaba,
      github,
      clusters,
      argocd,
      registry,
      pushes,
    });
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

/** Stops in reverse order: clients first, the API servers and etcd last. */
async function stopParts(parts: Partial<Parts>): Promise<void> {
  const { proxy, githubFront, alibaba, github, clusters, argocd, registry } = parts;
  await alibaba?.stop();
  await clusters?.stop();
  await argocd?.stopAll();
  await registry?.stop();
  await githubFront?.stop();
  await github?.stop();
  await proxy?.stop();
}
