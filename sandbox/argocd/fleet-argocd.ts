import { join } from "node:path";
import { argocdNamespace, hostedManager } from "../kubernetes/fleet/hosted-argocd";
import type { KeyPair } from "../kubernetes/pki";
import type { RestartPolicy } from "./backoff";
import { Container, type Ended } from "./container";
import { componentFolder, wipe } from "./folders";
import { type Component, components, type DescribeUpdater } from "./ports";
import { describe, type Surroundings } from "./processes";

/** One process of a hosted Argo CD, for displays. */
export interface ComponentStatus {
  component: Component;
  running: boolean;
  /** Process group; undefined while it isn't running. */
  pid: number | undefined;
  /** Milliseconds that its last start took. */
  readyAfter: number;
  /** How often it was started again after it had ended by itself. */
  restarts: number;
}

/** Each group is started together, after the one that it leans on, and stopped before it. */
const levels: readonly (readonly Component[])[] = [
  ["redis"],
  ["repo-server"],
  ["application-controller", "server", "applicationset-controller", "image-updater"],
];

/** In ACK One the Image Updater is a container of the pods of argocd-server. */
const serverPod: readonly Component[] = ["server", "image-updater"];

export interface FleetArgocdOptions {
  updater?: DescribeUpdater;
  policy?: RestartPolicy;
  /** Told when a process ends that nobody stopped. */
  onEnd?: (ended: Ended) => void;
}

/** The processes of one Fleet's Argo CD. */
export class FleetArgocd {
  readonly #around: Surroundings;
  readonly #containers = new Map<Component, Container>();

  constructor(around: Surroundings, options: FleetArgocdOptions) {
    this.#around = around;
    const { updater } = options;
    for (const component of components) {
      if (component !== "image-updater") {
        this.#containers.set(component, new Container(() => describe(component, around), options));
      } else if (updater) {
        this.#containers.set(component, new Container(() => this.#describeUpdater(updater), options));
      }
    }
  }

  /**
   * Resolves when every process is ready.
   * @param tls what argocd-server shows; it takes a new one without a restart
   * @throws Error when a process isn't ready in time; none is left then
   */
  async start(tls: KeyPair): Promise<void> {
    await this.#handOver(tls);
    try {
      for (const level of levels) await Promise.all(this.#of(level).map((container) => container.start()));
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Resolves when the last process has ended. */
  async stop(): Promise<void> {
    for (const level of [...levels].reverse()) {
      await Promise.all(this.#of(level).map((container) => container.stop()));
    }
  }

  /** What deleting a pod does: its processes end, their files go, new ones are started. */
  async restart(component: Component): Promise<void> {
    const pod = serverPod.includes(component) ? serverPod : [component];
    await Promise.all(
      pod.map((part) => this.#containers.get(part)?.restart(() => wipe(join(this.#around.home, part)))),
    );
  }

  /** Ends one process the hard way and waits for nothing. */
  kill(component: Component): void {
    this.#containers.get(component)?.kill();
  }

  status(): ComponentStatus[] {
    return [...this.#containers].map(([component, { running, pid, readyAfter, restarts }]) => ({
      component,
      running,
      pid,
      readyAfter,
      restarts,
    }));
  }

  #of(level: readonly Component[]): Container[] {
    return level.flatMap((component) => this.#containers.get(component) ?? []);
  }

  #describeUpdater(describeIt: DescribeUpdater) {
    const { fleet, home, folders, kubeconfigFile } = this.#around;
    const id = `argocd-image-updater-${fleet.id}`;
    return Promise.resolve(
      describeIt({
        fleetId: fleet.id,
        home: componentFolder(home, "image-updater").home,
        kubeconfigFile,
        logFile: join(folders.logs, `${id}.log`),
        pidFile: join(folders.pids, `${id}.pid`),
      }),
    );
  }

  /** The Secret that argocd-server looks for before it makes a certificate of its own ("TLS configuration"). */
  async #handOver({ cert, key }: KeyPair): Promise<void> {
    await this.#around.objects.apply(
      {
        apiVersion: "v1",
        kind: "Secret",
        type: "kubernetes.io/tls",
        metadata: {
          name: "argocd-server-tls",
          namespace: argocdNamespace,
          labels: { "app.kubernetes.io/name": "argocd-server-tls", "app.kubernetes.io/part-of": "argocd" },
        },
        stringData: { "tls.crt": cert, "tls.key": key },
      },
      { manager: hostedManager, force: true },
    );
  }
}
