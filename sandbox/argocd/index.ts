/**
 * The hosted Argo CD of a Fleet: the real one, as processes on this machine. ACK One runs it out of the user's sight;
 * what users see of it is on the Fleet (namespace `argocd`) and behind its public name.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KubeClient } from "../kubernetes/api/client";
import { parseKubeconfig } from "../kubernetes/api/kubeconfig";
import { Objects } from "../kubernetes/api/objects";
import type { Authority } from "../kubernetes/pki";
import type { FleetControllers, HostedFleet } from "../kubernetes/ports";
import type { NameBook } from "../network/names";
import { endLeftovers, type PortBook } from "../supervisor";
import type { RestartPolicy } from "./backoff";
import type { Ended } from "./container";
import { type ComponentStatus, FleetArgocd } from "./fleet-argocd";
import { layOutPrograms, type Programs, socketFolder, wipe } from "./folders";
import type { Component, DescribeUpdater } from "./ports";
import { type Polling, portNames, type Surroundings } from "./processes";

export type { RestartPolicy } from "./backoff";
export type { Ended } from "./container";
export type { ComponentStatus } from "./fleet-argocd";
export { type Programs, wipe } from "./folders";
export type { Component, DescribeUpdater, UpdaterPlace } from "./ports";
export type { Polling } from "./processes";

export interface HostedArgocdOptions {
  /** The folder that this part of the sandbox owns: logs, process ids, and while it runs what the processes write. */
  home: string;
  bin: Programs;
  ports: PortBook;
  /** Where the public name of argocd-server is published. */
  names: NameBook;
  /** Signs argocd-server's certificate. */
  authority: Authority;
  /** Address of the sandbox's HTTPS proxy: how repo-server reaches public hosts. Without it, it reaches none. */
  proxy?: string;
  /** The Image Updater, which shares the server's life. @default none */
  updater?: DescribeUpdater;
  /** @default three minutes, as in ACK One */
  polling?: Partial<Polling>;
  /** @default Kubernetes' */
  restarts?: RestartPolicy;
  /** Told when a process ends that nobody stopped. */
  onEnd?: (ended: Ended) => void;
}

/** Public host of a Fleet's Argo CD ("Log on to the GitOps system"). */
export const argocdHost = (fleet: { id: string; region: string }) =>
  `argocd.${fleet.id}.${fleet.region}.alicontainer.com`;

/** The hosted Argo CD of every Fleet of a sandbox. */
export class HostedArgocd implements FleetControllers {
  readonly #options: HostedArgocdOptions;
  readonly #running = new Map<string, { host: string; port: number; argocd: FleetArgocd; end(): void }>();
  /** The start or stop under way of a Fleet: they follow each other. */
  readonly #turns = new Map<string, Promise<void>>();
  #prepared: Promise<string> | undefined;

  constructor(options: HostedArgocdOptions) {
    this.#options = options;
  }

  start(fleet: HostedFleet): Promise<void> {
    return this.#next(fleet.id, () => this.#start(fleet));
  }

  stop(fleetId: string): Promise<void> {
    return this.#next(fleetId, async () => {
      const running = this.#running.get(fleetId);
      if (!running) return;
      this.#options.names.withdraw(running.host);
      await running.argocd.stop();
      running.end();
      this.#running.delete(fleetId);
    });
  }

  /** Stops those of all Fleets. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.stop(id)));
  }

  /**
   * What deleting a component's pod does. Resolves when the new one is ready.
   * @throws Error when the Fleet's GitOps is off
   */
  async restart(fleetId: string, component: Component): Promise<void> {
    await this.#get(fleetId).argocd.restart(component);
  }

  /** SIGKILL to one process, for tests. It is started again by itself; nobody waits for that here. */
  kill(fleetId: string, component: Component): void {
    this.#get(fleetId).argocd.kill(component);
  }

  /** The processes of a Fleet's Argo CD, in starting order; empty while GitOps is off. */
  status(fleetId: string): ComponentStatus[] {
    return this.#running.get(fleetId)?.argocd.status() ?? [];
  }

  /** The public name of a Fleet's argocd-server and its loopback port; undefined while GitOps is off. */
  address(fleetId: string): { host: string; port: number } | undefined {
    const running = this.#running.get(fleetId);
    return running && { host: running.host, port: running.port };
  }

  async #start(fleet: HostedFleet): Promise<void> {
    if (this.#running.has(fleet.id)) return;
    const { authority, names, updater, restarts: policy, onEnd } = this.#options;
    const host = argocdHost(fleet);
    const { around, end } = await this.#surroundings(fleet);
    try {
      const argocd = new FleetArgocd(around, { updater, policy, onEnd });
      await argocd.start(await authority.server(`argocd-${fleet.id}-${fleet.region}`, [host]));
      const port = around.ports.get("server") as number;
      names.publish(host, port);
      this.#running.set(fleet.id, { host, port, argocd, end });
    } catch (error) {
      end();
      throw error;
    }
  }

  /** Makes the folders and everything else that the processes share. `end` takes it away again. */
  async #surroundings(fleet: HostedFleet): Promise<{ around: Surroundings; end(): void }> {
    const { home: root, bin: programs, ports: book, authority, proxy, polling } = this.#options;
    this.#prepared ??= this.#prepare();
    const bin = await this.#prepared;
    const home = join(root, fleet.id);
    wipe(home);
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const kubeconfigFile = join(home, "kubeconfig");
    writeFileSync(kubeconfigFile, fleet.kubeconfig, { mode: 0o600 });
    const caBundle = join(home, "ca-bundle.pem");
    authority.writeBundle(caBundle);
    const ports = new Map<string, number>();
    for (const name of portNames) {
      ports.set(name, await book.port(`argocd-${name} ${fleet.id}`, { movable: true }));
    }
    const sockets = socketFolder(home, "askpass.sock".length);
    const objects = new Objects(new KubeClient(parseKubeconfig(fleet.kubeconfig)));
    const around: Surroundings = {
      fleet,
      objects,
      home,
      bin,
      programs,
      folders: { logs: join(root, "logs"), pids: join(root, "pids") },
      kubeconfigFile,
      askPassSocket: join(sockets.path, "askpass.sock"),
      ca: authority.certificate,
      caBundle,
      redisPassword: randomBytes(24).toString("hex"),
      ports,
      proxy,
      polling: { resync: 180, jitter: 0, ...polling },
    };
    const end = () => {
      objects.client.close();
      sockets.remove();
      wipe(home);
    };
    return { around, end };
  }

  /** Once: ends what an earlier run may have left, before anybody asks whether its ports are free. */
  async #prepare(): Promise<string> {
    const { home, bin } = this.#options;
    for (const folder of ["logs", "pids"]) mkdirSync(join(home, folder), { recursive: true, mode: 0o700 });
    await endLeftovers(join(home, "pids"));
    return layOutPrograms(home, bin);
  }

  #get(fleetId: string) {
    const running = this.#running.get(fleetId);
    if (!running) throw new Error(`GitOps of Fleet ${fleetId} is off`);
    return running;
  }

  #next(fleetId: string, work: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(fleetId) ?? Promise.resolve()).then(work, work);
    this.#turns.set(
      fleetId,
      turn.catch(() => {}),
    );
    return turn;
  }
}
