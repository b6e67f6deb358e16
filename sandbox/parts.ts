import { join } from "node:path";
import { HostedArgocd } from "./argocd";
import { admits } from "./argocd/public-access";
import { createBuilder } from "./builder";
import { type Alibaba, startAlibaba } from "./emulators/alibaba";
import { type Github, startGithub } from "./emulators/github";
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
import type { EnsuredTool } from "./tools";
import type { Credentials } from "./world/credentials";
import type { Home } from "./world/home";
import { PushLog } from "./world/pipeline";
import type { sandboxTools } from "./world/tools";
import type { World } from "./world/world";

/** The parts of a sandbox that run in this process, each with its children. */
export interface Parts {
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

export interface PartsOptions {
  home: Home;
  credentials: Credentials;
  tools: Record<(typeof sandboxTools)[number], EnsuredTool>;
  world: World;
  /** Go duration between two rounds of Image Updater. */
  updaterInterval: string;
  /** File for the authorities that programs of the sandbox trust. */
  caBundle: string;
}

/**
 * Starts the parts, those first that others lean on.
 * @param started gets each part as soon as it runs, so that a start that fails can be taken back
 */
export async function startParts(options: PartsOptions, started: Partial<Parts>): Promise<Parts> {
  const { home, credentials, tools, world, caBundle } = options;
  await endLeftovers(home.kubernetes);
  const ports = new PortBook(join(home.state, "ports.json"));
  const movable = (name: string) => ports.port(name, { movable: true });
  const authority = await Authority.open(join(home.kubernetes, "pki"));
  authority.writeBundle(caBundle);
  const names = new NameBook(join(home.state, "names.json"));
  const network = new Network(names, authority.certificate);
  const proxy = new LocalProxy(names);
  started.proxy = proxy;
  await proxy.start(await movable("proxy"));
  const pushes = new PushLog();
  // The emulators lean on each other: GitHub calls Argo CD only if the account lets it, and pushes start builds.
  let alibaba: Alibaba | undefined;
  const github = await startGithub({
    home: home.github,
    port: await ports.port("github"),
    tokens: [{ token: credentials.githubToken, login: world.github.bot }],
    owners: world.github.owners,
    network,
    reachable: (host, from) => alibaba !== undefined && letsIn(alibaba, host, from),
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
  await githubFront.start(await movable("github-https"));
  const argocd = createArgocd(options, { ports, names, authority, proxy });
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
  return { names, proxy, githubFront, alibaba, github, clusters, argocd, registry, pushes };
}

/** Stops in reverse order: clients first, the API servers and etcd last. */
export async function stopParts(parts: Partial<Parts>): Promise<void> {
  const { proxy, githubFront, alibaba, github, clusters, argocd, registry } = parts;
  await alibaba?.stop();
  await clusters?.stop();
  await argocd?.stopAll();
  await registry?.stop();
  await githubFront?.stop();
  await github?.stop();
  await proxy?.stop();
}

function createArgocd(
  { home, tools, updaterInterval }: PartsOptions,
  shared: { ports: PortBook; names: NameBook; authority: Authority; proxy: LocalProxy },
): HostedArgocd {
  const { ports, names, authority } = shared;
  const proxy = `http://127.0.0.1:${shared.proxy.port}`;
  return new HostedArgocd({
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
    proxy,
    updater: async (place) =>
      describeUpdater({
        ...place,
        namesFile: join(home.state, "names.json"),
        // Not the whole bundle: it is parsed for every connection.
        caFile: join(home.kubernetes, "pki", "ca.crt"),
        proxy,
        healthPort: await ports.port(`image-updater ${place.fleetId}`, { movable: true }),
        interval: updaterInterval,
      }),
  });
}

/** Argo CD's public address is the only one that the account can close. */
function letsIn(alibaba: Alibaba, host: string, from: string): boolean {
  const fleetId = /^argocd\.([^.]+)\./.exec(host)?.[1];
  if (fleetId === undefined) return true;
  const fleet = alibaba.dump().fleets.find(({ id }) => id === fleetId);
  return fleet !== undefined && admits(fleet, from);
}
