import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Crash, endLeftovers, type PortBook, Supervisor } from "../supervisor";
import { KubeClient } from "./api/client";
import { parseKubeconfig, renderKubeconfig } from "./api/kubeconfig";
import { Objects } from "./api/objects";
import { apiServerName, describeApiServer } from "./api-server";
import { Companions } from "./companions";
import { controllerManagerName, describeControllerManager } from "./controller-manager";
import { describeEtcd, type Etcd, etcdName } from "./etcd";
import { type Authority, serviceAccountKey } from "./pki";

/** The group whose members may do everything (a Kubernetes constant). */
const masters = "system:masters";
/** Who the sandbox itself is towards the clusters. */
const administrator = "sandbox";
/** Who the controller manager is: a user whom Kubernetes' built-in roles know. */
const controllerManager = "system:kube-controller-manager";
const year = 365 * 24 * 3600;

export interface ClusterOptions {
  home: string;
  bin: { etcd: string; kubeApiserver: string; kubeControllerManager: string };
  authority: Authority;
  ports: PortBook;
  onCrash?: (crash: Crash) => void;
}

/**
 * The control planes of a sandbox: one etcd; a kube-apiserver and a kube-controller-manager for each cluster. Knows
 * nothing of Fleets and GitOps.
 */
export class Clusters {
  readonly #options: ClusterOptions;
  readonly #supervisor: Supervisor;
  readonly #folders: { logs: string; pids: string };
  readonly #running = new Map<string, Promise<Objects>>();
  /** Further processes that work on these clusters. They are stopped before the API servers. */
  readonly companions: Companions;
  #etcd!: Etcd;
  #adminCertificate!: { key: string; cert: string };

  private constructor(options: ClusterOptions) {
    this.#options = options;
    this.#supervisor = new Supervisor(options.onCrash);
    this.companions = new Companions(this.#supervisor);
    this.#folders = { logs: join(options.home, "logs"), pids: join(options.home, "pids") };
  }

  /** Ends what an earlier run may have left, and starts etcd. */
  static async open(options: ClusterOptions): Promise<Clusters> {
    const clusters = new Clusters(options);
    for (const folder of Object.values(clusters.#folders))
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    await endLeftovers(clusters.#folders.pids);
    clusters.#adminCertificate = await options.authority.client(administrator, [masters], year);
    const { home, ports } = options;
    clusters.#etcd = await describeEtcd({
      binary: options.bin.etcd,
      folders: clusters.#folders,
      home,
      ports,
    });
    await clusters.#supervisor.start(clusters.#etcd.spec);
    return clusters;
  }

  /** Starts a cluster's API server and controllers unless they run, and gives an administrator's access to its objects. */
  async start(id: string): Promise<Objects> {
    const known = this.#running.get(id);
    if (known) return known;
    const starting = this.#start(id);
    this.#running.set(id, starting);
    starting.catch(() => this.#running.delete(id));
    return starting;
  }

  /** Objects of a cluster that runs. */
  async objects(id: string): Promise<Objects> {
    const known = this.#running.get(id);
    if (!known) throw new Error(`the API server of cluster ${id} isn't running`);
    return known;
  }

  /** Stops a cluster's API server and deletes everything it stored. */
  async remove(id: string): Promise<void> {
    const running = this.#running.get(id);
    this.#running.delete(id);
    (await running?.catch(() => undefined))?.client.close();
    await this.companions.end(controllerManagerName(id));
    await this.#supervisor.stop(apiServerName(id));
    await this.#etcd.wipe(id);
    this.#options.ports.forget(id);
    this.#options.ports.forget(controllerManagerName(id));
  }

  /** A kubeconfig whose client certificate makes `user` an administrator of the cluster. */
  async kubeconfig(
    id: string,
    user: string,
    validForSeconds: number,
  ): Promise<{ yaml: string; expiration: string }> {
    const { expiration, ...pair } = await this.#options.authority.client(user, [masters], validForSeconds);
    const server = this.address(id);
    const yaml = renderKubeconfig(id, { server, ca: this.#options.authority.certificate, user, ...pair });
    return { yaml, expiration: expiration.toISOString().replace(".000Z", "Z") };
  }

  /** e.g. `https://127.0.0.1:20443`; stays the same over restarts. */
  address(id: string): string {
    const port = this.#options.ports.known(id);
    if (!port) throw new Error(`cluster ${id} has never been started`);
    return `https://127.0.0.1:${port}`;
  }

  /** Processes and the milliseconds that each took to be ready. */
  status(): { name: string; readyAfter: number }[] {
    return this.#supervisor.status();
  }

  /** Stops clients, then the API servers, then etcd: the other way round each would wait for the next for long. */
  async stop(): Promise<void> {
    await this.companions.endAll();
    for (const running of this.#running.values()) (await running.catch(() => undefined))?.client.close();
    this.#running.clear();
    await this.#supervisor.stopAll((name) => (name === etcdName ? name : "kube-apiserver"));
  }

  async #start(clusterId: string): Promise<Objects> {
    const { home, bin, authority, ports } = this.#options;
    const port = await ports.port(clusterId);
    const server = this.address(clusterId);
    const { key, cert } = this.#adminCertificate;
    const ca = authority.certificate;
    const admin = new KubeClient(
      parseKubeconfig(renderKubeconfig(clusterId, { server, ca, user: administrator, cert, key })),
    );
    const spec = await describeApiServer({
      binary: bin.kubeApiserver,
      home,
      clusterId,
      port,
      authority,
      etcd: this.#etcd,
      serviceAccountKey: serviceAccountKey(join(home, "pki")),
      folders: this.#folders,
      admin,
    });
    const process = await this.#supervisor.start(spec);
    process.ended.then(() => this.#running.delete(clusterId));
    try {
      await this.#startControllers(clusterId);
    } catch (error) {
      await process.stop();
      throw error;
    }
    return new Objects(admin);
  }

  async #startControllers(clusterId: string): Promise<void> {
    const { home, bin, authority, ports } = this.#options;
    const name = controllerManagerName(clusterId);
    const pair = await authority.client(controllerManager, [], year);
    const server = this.address(clusterId);
    const spec = await describeControllerManager({
      binary: bin.kubeControllerManager,
      home,
      clusterId,
      port: await ports.port(name, { movable: true }),
      authority,
      serviceAccountKey: serviceAccountKey(join(home, "pki")),
      folders: this.#folders,
      kubeconfig: renderKubeconfig(clusterId, {
        server,
        ca: authority.certificate,
        user: controllerManager,
        ...pair,
      }),
    });
    await this.companions.keep(spec);
  }
}
