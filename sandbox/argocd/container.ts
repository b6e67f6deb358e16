import { readFileSync } from "node:fs";
import { ManagedProcess, type ProcessSpec } from "../supervisor";
import { signalGroup } from "../supervisor/leftover";
import { Backoff, type RestartPolicy } from "./backoff";

/** What became of a process that ended without being asked to. */
export interface Ended {
  name: string;
  /** Its last lines. */
  tail: string;
  /** Milliseconds until it is started again. */
  again: number;
}

/**
 * A process that is kept running, as a kubelet keeps a container: when it ends it is started again, later and
 * later, until somebody stops it. What it is started with is asked for anew each time, as a container's variables are.
 */
export class Container {
  readonly #describe: () => Promise<ProcessSpec>;
  readonly #backoff: Backoff;
  readonly #onEnd: (ended: Ended) => void;
  #process: ManagedProcess | undefined;
  #wanted = false;
  #startedAt = 0;
  #waiting: NodeJS.Timeout | undefined;
  /** The start, restart or stop under way: they follow each other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    describe: () => Promise<ProcessSpec>,
    options: { policy?: RestartPolicy; onEnd?: (ended: Ended) => void } = {},
  ) {
    this.#describe = describe;
    this.#backoff = new Backoff(options.policy);
    this.#onEnd = options.onEnd ?? (() => {});
  }

  /** Undefined while it isn't running. */
  get pid(): number | undefined {
    if (!this.#process?.running) return undefined;
    const group = Number(readText(this.#process.spec.pidFile));
    return Number.isInteger(group) && group > 1 ? group : undefined;
  }

  get running(): boolean {
    return this.#process?.running ?? false;
  }

  /** How often it was started again after it had ended by itself. */
  get restarts(): number {
    return this.#backoff.restarts;
  }

  /** Milliseconds that the last start took. */
  get readyAfter(): number {
    return this.#process?.readyAfter ?? 0;
  }

  /**
   * Resolves when it is ready.
   * @throws Error with the last log lines when it isn't in time; nothing is kept running then
   */
  start(): Promise<void> {
    this.#wanted = true;
    return this.#next(async () => {
      if (this.running) return;
      try {
        await this.#run();
      } catch (error) {
        this.#wanted = false;
        throw error;
      }
    });
  }

  /**
   * Ends it and starts it again at once; resolves when it is ready. Nothing happens to one that was stopped.
   * @param between is called while it is down
   * @throws Error when it isn't ready in time; it is tried again, as after any other end
   */
  restart(between: () => void = () => {}): Promise<void> {
    return this.#next(async () => {
      if (!this.#wanted) return;
      clearTimeout(this.#waiting);
      await this.#process?.stop();
      between();
      try {
        await this.#run();
      } catch (error) {
        this.#ended((error as Error).message);
        throw error;
      }
    });
  }

  /** SIGKILL to it and its children. Waits for nothing: it comes back as after any other end. */
  kill(): void {
    const group = this.pid;
    if (group) signalGroup(group, "SIGKILL");
  }

  /** Resolves when it has ended; it stays down. */
  stop(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#waiting);
    // Not in turn: a start that waits for readiness ends with its process.
    const stopping = this.#process?.stop();
    return this.#next(async () => {
      await stopping;
      await this.#process?.stop();
    });
  }

  async #run(): Promise<void> {
    this.#startedAt = Date.now();
    const process = new ManagedProcess(await this.#describe());
    if (!this.#wanted) return;
    this.#process = process;
    await process.start();
    process.ended.then(({ expected }) => {
      if (!expected && this.#process === process) this.#ended(process.tail());
    });
  }

  #ended(tail: string): void {
    if (!this.#wanted) return;
    const again = this.#backoff.next(Date.now() - this.#startedAt);
    this.#onEnd({ name: this.#process?.spec.name ?? "", tail, again });
    this.#waiting = setTimeout(() => {
      this.#next(async () => {
        if (this.#wanted && !this.running) await this.#run();
      }).catch((error: Error) => this.#ended(error.message));
    }, again);
  }

  #next(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work, work);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
