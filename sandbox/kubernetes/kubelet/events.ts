import { createHash } from "node:crypto";
import type { KubeObject } from "../api/client";
import type { Objects } from "../api/objects";
import { type Pod, timestamp } from "./pod";

/** `Failed`: something didn't work. `BackOff`: it has failed before, and rests before it is tried again. */
export type Reason = "Failed" | "BackOff";

/** What `kubectl get events` and `kubectl describe pod` warn of, in the words of a kubelet. */
export class PodEvents {
  readonly #objects: Objects;
  readonly #pod: Pod;
  readonly #seen = new Map<string, KubeObject & { count: number }>();
  readonly #unwritten = new Set<KubeObject>();

  constructor(objects: Objects, pod: Pod) {
    this.#objects = objects;
    this.#pod = pod;
  }

  /** A warning is given once and then counted, from one since this kubelet began to look after the pod. */
  warn(reason: Reason, message: string): void {
    const key = `${reason} ${message}`;
    const event = this.#seen.get(key) ?? this.#first(reason, message);
    const next = { ...event, count: event.count + 1, lastTimestamp: timestamp() };
    this.#unwritten.delete(event);
    this.#seen.set(key, next);
    this.#unwritten.add(next);
  }

  /** Writes what was warned of since the last time. A warning that can't be written is lost, as a kubelet loses it. */
  async write(signal: AbortSignal): Promise<void> {
    const events = [...this.#unwritten];
    this.#unwritten.clear();
    for (const event of events) {
      await this.#objects.apply(event, { manager: "kubelet", force: true, signal }).catch(() => {});
    }
  }

  #first(reason: Reason, message: string): KubeObject & { count: number } {
    const { name, namespace, uid } = this.#pod.metadata;
    const id = createHash("sha256").update(`${uid} ${reason} ${message}`).digest("hex").slice(0, 16);
    return {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${name}.${id}`, namespace },
      involvedObject: { apiVersion: "v1", kind: "Pod", name, namespace, uid },
      type: "Warning",
      reason,
      message,
      source: { component: "kubelet" },
      firstTimestamp: timestamp(),
      count: 0,
    };
  }
}
