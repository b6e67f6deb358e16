import { ApiError } from "../api/client";
import { keyOf, type Objects } from "../api/objects";
import { pause } from "../follow";
import type { PulledImage } from "../ports";
import { ContainerRun, type Execution } from "./container";
import { PodEvents } from "./events";
import type { Container, Pod } from "./pod";
import { PodStatus } from "./status";

export interface WorkerOptions {
  objects: Objects;
  pod: Pod;
  pull(pod: Pod, image: string): Promise<PulledImage>;
  execute(pod: Pod, container: Container, attempt: number): Promise<Execution | undefined>;
}

/** Takes one pod through its life and writes its status, until the pod has done its work or is stopped. */
export class PodWorker {
  readonly #options: WorkerOptions;
  readonly #abort = new AbortController();
  readonly #status: PodStatus;
  readonly #events: PodEvents;
  readonly #init: ContainerRun[] = [];
  readonly #main: ContainerRun[] = [];
  readonly #done: Promise<void>;
  #dirty = false;
  #writing: Promise<void> = Promise.resolve();
  #busy = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#status = new PodStatus(options.pod);
    this.#events = new PodEvents(options.objects, options.pod);
    this.#done = this.#run().catch(() => {}); // only a stop ends it early
  }

  /** Resolves when its programs have ended. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#done;
    await this.#writing;
  }

  async #run(): Promise<void> {
    const { spec } = this.#options.pod;
    const { signal } = this.#abort;
    const policy = spec.restartPolicy ?? "Always";
    const sidecars: Promise<unknown>[] = [];
    for (const container of spec.initContainers ?? []) {
      const sidecar = container.restartPolicy === "Always";
      const run = this.#container(container, sidecar ? "Always" : policy === "Never" ? "Never" : "OnFailure");
      this.#init.push(run);
      if (sidecar) sidecars.push(run.run(signal));
      else if ((await run.run(signal)) !== 0) break;
    }
    const initialized = this.#init.every(({ status }) => (status.state.terminated?.exitCode ?? 0) === 0);
    if (!signal.aborted && initialized) {
      this.#main.push(...spec.containers.map((container) => this.#container(container, policy)));
      await Promise.all(this.#main.map((run) => run.run(signal)));
    }
    if (!signal.aborted) await this.#flush();
    this.#abort.abort(); // sidecars end with the others
    await Promise.all(sidecars);
  }

  #container(container: Container, restart: "Always" | "OnFailure" | "Never"): ContainerRun {
    const { pod, pull, execute } = this.#options;
    return new ContainerRun({
      container,
      restart,
      before: pod.status?.containerStatuses?.find(({ name }) => name === container.name),
      pull: (image) => pull(pod, image),
      execute: (attempt) => execute(pod, container, attempt),
      onFailure: (reason, message) => this.#events.warn(reason, message),
      onChange: () => void this.#flush(),
    });
  }

  /** Writes the status; changes that come meanwhile go into the next write. */
  #flush(): Promise<void> {
    this.#dirty = true;
    if (!this.#busy) this.#writing = this.#write();
    return this.#writing;
  }

  async #write(): Promise<void> {
    const { objects, pod } = this.#options;
    const { signal } = this.#abort;
    this.#busy = true;
    while (this.#dirty && !signal.aborted) {
      this.#dirty = false;
      const status = this.#status.describe(
        this.#init.map((run) => run.status),
        this.#main.map((run) => run.status),
      );
      await this.#events.write(signal); // before the status that they explain
      try {
        await objects.client.call("PATCH", `${await objects.path(keyOf(pod))}/status`, {
          body: { metadata: { uid: pod.metadata.uid }, status },
          contentType: "application/strategic-merge-patch+json",
          query: { fieldManager: "kubelet" },
        });
      } catch (error) {
        // Gone, or another pod of the same name by now: whoever follows the pods will stop this worker.
        if (error instanceof ApiError && [404, 409].includes(error.code)) break;
        this.#dirty = true;
        await pause(500, signal);
      }
    }
    this.#busy = false;
  }
}
