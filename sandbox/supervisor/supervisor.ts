import { type Ending, ManagedProcess, type ProcessSpec } from "./process";

export interface Crash {
  name: string;
  ending: Ending;
  /** The last lines of its log. */
  tail: string;
}

/**
 * Starts processes and stops them in reverse order, because whoever was started later leans on the earlier ones
 * (an API server hangs for long when its etcd is gone).
 */
export class Supervisor {
  readonly #processes: ManagedProcess[] = [];
  readonly #onCrash: (crash: Crash) => void;

  /** @param onCrash is told when a process ends that nobody asked to. */
  constructor(onCrash: (crash: Crash) => void = () => {}) {
    this.#onCrash = onCrash;
  }

  /** Starts a process and resolves when it is ready. Several may be started side by side. */
  async start(spec: ProcessSpec): Promise<ManagedProcess> {
    if (this.get(spec.name)) throw new Error(`${spec.name} runs already`);
    const process = new ManagedProcess(spec);
    this.#processes.push(process);
    try {
      await process.start();
    } catch (error) {
      this.#forget(process);
      throw error;
    }
    process.ended.then(({ ending, expected }) => {
      this.#forget(process);
      if (!expected) this.#onCrash({ name: spec.name, ending, tail: process.tail() });
    });
    return process;
  }

  get(name: string): ManagedProcess | undefined {
    return this.#processes.find((process) => process.spec.name === name);
  }

  /** Names and ready times (milliseconds) of what runs, in starting order. */
  status(): { name: string; readyAfter: number }[] {
    return this.#processes.map(({ spec, readyAfter }) => ({ name: spec.name, readyAfter }));
  }

  /** Stops one process; an unknown name is fine. */
  async stop(name: string): Promise<void> {
    await this.get(name)?.stop();
  }

  /**
   * Stops everything in reverse order.
   * @param level groups neighbours that may stop side by side. Default: one after the other.
   */
  async stopAll(level: (name: string) => string = (name) => name): Promise<void> {
    while (this.#processes.length > 0) {
      const last = level(this.#processes.at(-1)?.spec.name ?? "");
      const together = this.#processes.filter((process) => level(process.spec.name) === last);
      await Promise.all(together.map((process) => process.stop()));
      for (const process of together) this.#forget(process);
    }
  }

  #forget(process: ManagedProcess): void {
    const index = this.#processes.indexOf(process);
    if (index >= 0) this.#processes.splice(index, 1);
  }
}
