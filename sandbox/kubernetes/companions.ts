import type { ManagedProcess, ProcessSpec, Supervisor } from "../supervisor";
import { pause } from "./follow";

/** Milliseconds before a process that has ended is started again: doubled each time, up to the longest. */
const shortest = 1000;
const longest = 30_000;
/** Who has run for so long begins again with the shortest pause. */
const settled = 60_000;

interface Kept {
  abort: AbortController;
  /** Ends when nobody keeps the process any more. */
  watch: Promise<void>;
}

/**
 * Processes that work on a cluster through its API server and that somebody keeps running: one that ends by itself
 * is started again, as the cluster's own machinery would.
 */
export class Companions {
  readonly #supervisor: Supervisor;
  readonly #kept = new Map<string, Kept>();

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
  }

  /** Starts a process unless it is kept already, and resolves when it is ready. */
  async keep(spec: ProcessSpec): Promise<void> {
    if (this.#kept.has(spec.name)) return;
    const abort = new AbortController();
    const kept: Kept = { abort, watch: Promise.resolve() };
    this.#kept.set(spec.name, kept);
    try {
      const process = await this.#supervisor.start(spec);
      kept.watch = this.#watch(process, spec, abort.signal);
    } catch (error) {
      this.#kept.delete(spec.name);
      throw error;
    }
  }

  /** Starts a process whose end is its starter's business. */
  run(spec: ProcessSpec): Promise<ManagedProcess> {
    return this.#supervisor.start(spec);
  }

  /** Stops a process and doesn't start it again; an unknown name is fine. */
  async end(name: string): Promise<void> {
    const kept = this.#kept.get(name);
    this.#kept.delete(name);
    kept?.abort.abort();
    await this.#supervisor.stop(name);
    await kept?.watch;
  }

  /** Stops all that are kept, side by side. */
  async endAll(): Promise<void> {
    await Promise.all([...this.#kept.keys()].map((name) => this.end(name)));
  }

  async #watch(process: ManagedProcess, spec: ProcessSpec, signal: AbortSignal): Promise<void> {
    let running: ManagedProcess | undefined = process;
    let rest = shortest;
    while (!signal.aborted) {
      const began = Date.now();
      await running?.ended;
      if (signal.aborted) return;
      rest = Date.now() - began > settled ? shortest : Math.min(rest * 2, longest);
      await pause(rest, signal);
      if (signal.aborted) return;
      running = await this.#supervisor.start(spec).catch(() => undefined);
      if (signal.aborted) await running?.stop();
    }
  }
}
