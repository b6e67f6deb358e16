import { setTimeout as sleep } from "node:timers/promises";
import { ManagedProcess, type ProcessSpec } from "../supervisor";

/** A process that is started again when it ends without having been asked to. */
export class KeptAlive {
  readonly #process: ManagedProcess;
  readonly #stopping = new AbortController();
  #again: Promise<void> = Promise.resolve();

  constructor(
    spec: ProcessSpec,
    private readonly onError: (error: Error) => void,
  ) {
    this.#process = new ManagedProcess(spec);
  }

  async start(): Promise<void> {
    await this.#process.start();
    this.#process.ended.then(({ expected }) => {
      if (!expected) this.#again = this.#restart();
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#process.stop();
    await this.#again;
    await this.#process.stop();
  }

  async #restart(): Promise<void> {
    const { signal } = this.#stopping;
    this.onError(new Error(`the ${this.#process.spec.name} process ended by itself; it is started again`));
    while (!signal.aborted) {
      try {
        return await this.start();
      } catch (error) {
        this.onError(error as Error);
        await sleep(1000, undefined, { signal }).catch(() => {});
      }
    }
  }
}
