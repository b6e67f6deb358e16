/** Stands in for the nodes of a member cluster: see README.md for what it does and what it doesn't. */

import type { KubeObject } from "../api/client";
import type { Objects } from "../api/objects";
import { follow } from "../follow";
import type { Pod } from "./pod";
import { PodWorker, type WorkerOptions } from "./worker";

const podType = { apiVersion: "v1", kind: "Pod" };

export interface KubeletOptions extends Omit<WorkerOptions, "pod"> {
  objects: Objects;
  /** Whether a container is a program that the sandbox executes. */
  isProgram(image: string): boolean;
  /** Whether a pod is this stand-in's business. @default every pod */
  serves?(pod: Pod): boolean;
}

/** Follows the pods of one cluster, each with a worker of its own, until it is stopped. */
export class Kubelet {
  readonly #options: KubeletOptions;
  readonly #abort = new AbortController();
  readonly #workers = new Map<string, PodWorker>();
  readonly #ending = new Set<Promise<void>>();
  readonly #following: Promise<void>;

  constructor(options: KubeletOptions) {
    this.#options = options;
    const follower = {
      onObject: (object: KubeObject) => this.#see(object as Pod),
      onGone: (object: KubeObject) => this.#end(object as Pod),
    };
    this.#following = follow(options.objects, podType, follower, this.#abort.signal);
  }

  /** Resolves when no program of a pod runs any more. The pods stay as they are. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#following;
    await Promise.all([...this.#ending, ...[...this.#workers.values()].map((worker) => worker.stop())]);
    this.#workers.clear();
  }

  #see(pod: Pod): void {
    if (this.#options.serves && !this.#options.serves(pod)) return;
    const uid = String(pod.metadata.uid);
    if (pod.metadata.deletionTimestamp) this.#terminate(pod);
    else if (!this.#workers.has(uid) && !this.#settled(pod)) {
      this.#workers.set(uid, new PodWorker({ ...this.#options, pod }));
    }
  }

  /** Nothing is left to do: the pod has ended, or it only seems to run and seems so already. */
  #settled({ spec, status }: Pod): boolean {
    if (status?.phase === "Succeeded" || status?.phase === "Failed") return true;
    const ready = status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
    return ready === true && !spec.containers.some(({ image }) => this.#options.isProgram(image));
  }

  /** A pod that names a node is given time to end, and waits for the node to say that it has. */
  #terminate(pod: Pod): void {
    this.#end(pod);
    if (!pod.metadata["deletionGracePeriodSeconds"]) return;
    const { objects } = this.#options;
    const { name, namespace, uid } = pod.metadata;
    const finish = async () => {
      await Promise.all(this.#ending);
      await objects.client.call("DELETE", await objects.path({ ...podType, namespace, name }), {
        body: { gracePeriodSeconds: 0, preconditions: { uid } },
      });
    };
    finish().catch(() => {}); // gone meanwhile, or seen again with the next change
  }

  #end(pod: Pod): void {
    const uid = String(pod.metadata.uid);
    const worker = this.#workers.get(uid);
    if (!worker) return;
    this.#workers.delete(uid);
    const ending: Promise<void> = worker.stop().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
