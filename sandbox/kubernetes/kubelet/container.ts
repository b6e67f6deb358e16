import { pause } from "../follow";
import type { PulledImage } from "../ports";
import type { Reason } from "./events";
import {
  type Container,
  type ContainerState,
  type ContainerStatus,
  commandOf,
  knownExit,
  timestamp,
} from "./pod";

/** Milliseconds; a node's own are longer, and people who try something out wait for them. */
const readyAfter = 500;
const jobTakes = 500;
const shortestPause = 1000;
const longestPause = 60_000;

/** A program that the sandbox really executes for a container. */
export interface Execution {
  /** Resolves when the program is of use. */
  ready: Promise<void>;
  /** Settles when it has ended, with the last words of its log. */
  ended: Promise<{ exitCode: number; message: string }>;
  stop(): Promise<void>;
}

export interface ContainerOptions {
  container: Container;
  /** `Always` for what is to run for ever; a container with another policy does something and ends. */
  restart: "Always" | "OnFailure" | "Never";
  /** How it was when the sandbox ended: what had run before runs again, as after a restart of the node. */
  before?: ContainerStatus;
  pull(image: string): Promise<PulledImage>;
  /** `undefined` for what the sandbox has no program for: such a container only seems to run. */
  execute(attempt: number): Promise<Execution | undefined>;
  /** Called before the change of status that it explains. */
  onFailure(reason: Reason, message: string): void;
  onChange(): void;
}

/** One container of a pod, from the pull to its end. */
export class ContainerRun {
  status: ContainerStatus;
  readonly #options: ContainerOptions;

  constructor(options: ContainerOptions) {
    this.#options = options;
    const { container, before } = options;
    const hasRun = before !== undefined && !before.state.waiting;
    this.status = {
      name: container.name,
      image: container.image,
      imageID: "",
      ready: false,
      started: false,
      restartCount: (before?.restartCount ?? 0) + (hasRun ? 1 : 0),
      state: { waiting: { reason: "ContainerCreating" } },
      lastState: {},
    };
  }

  /** @returns the exit code of a container that isn't started again; `undefined` when `signal` ended it */
  async run(signal: AbortSignal): Promise<number | undefined> {
    const image = await this.#pull(signal);
    if (!image) return undefined;
    const { restart, container } = this.#options;
    const command = commandOf(container, image);
    for (let rest = shortestPause; !signal.aborted; rest = Math.min(rest * 2, longestPause)) {
      const startedAt = timestamp();
      this.#set({ running: { startedAt } }, { started: true });
      const ending = await this.#live(command, signal);
      if (signal.aborted || !ending) return undefined;
      const { exitCode, message } = ending;
      const reason = exitCode === 0 ? "Completed" : "Error";
      const terminated = {
        exitCode,
        reason,
        startedAt,
        finishedAt: timestamp(),
        ...(message ? { message } : {}),
      };
      if (restart === "Never" || (restart === "OnFailure" && exitCode === 0)) {
        this.#set({ terminated }); // only now: a pod all of whose containers have ended has ended itself
        return exitCode;
      }
      this.#options.onFailure("BackOff", `Back-off restarting failed container ${container.name}`);
      const backOff = `back-off ${rest / 1000}s restarting failed container=${container.name}`;
      this.#set({ waiting: { reason: "CrashLoopBackOff", message: backOff } }, { lastState: { terminated } });
      await pause(rest, signal);
      this.status = { ...this.status, restartCount: this.status.restartCount + 1 };
    }
    return undefined;
  }

  async #pull(signal: AbortSignal): Promise<{ entrypoint: string[]; cmd: string[] } | undefined> {
    const { image } = this.#options.container;
    for (let rest = shortestPause; !signal.aborted; rest = Math.min(rest * 2, longestPause)) {
      const pulled = await this.#options
        .pull(image)
        .catch((error: Error) => ({ kind: "unreachable" as const, message: error.message }));
      if (signal.aborted) return undefined;
      if (pulled.kind === "ok") {
        const digest = pulled.digest ?? image.split("@")[1];
        const repository = image.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
        this.status = { ...this.status, imageID: digest ? `${repository}@${digest}` : "" };
        return pulled;
      }
      const message = `Back-off pulling image "${image}": ${pulled.message}`;
      this.#options.onFailure("Failed", `Failed to pull image "${image}": ${pulled.message}`);
      this.#set({ waiting: { reason: "ImagePullBackOff", message } });
      await pause(rest, signal);
    }
    return undefined;
  }

  /** Until the container ends. @returns `undefined` when `signal` ended it */
  async #live(
    command: string[],
    signal: AbortSignal,
  ): Promise<{ exitCode: number; message: string } | undefined> {
    const known = knownExit(command);
    const { restart, execute } = this.#options;
    if (known === undefined && restart === "Always") {
      const execution = await execute(this.status.restartCount);
      if (execution) return this.#follow(execution, signal);
      await pause(readyAfter, signal);
      if (!signal.aborted) this.#ready();
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener("abort", () => resolve());
      });
      return undefined;
    }
    await pause(jobTakes, signal);
    return { exitCode: known ?? 0, message: "" };
  }

  async #follow(execution: Execution, signal: AbortSignal) {
    const stop = () => void execution.stop();
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    execution.ready.then(
      () => !signal.aborted && this.#ready(),
      () => {}, // its end says more
    );
    const ending = await execution.ended;
    signal.removeEventListener("abort", stop);
    return ending;
  }

  #ready(): void {
    this.status = { ...this.status, ready: true };
    this.#options.onChange();
  }

  #set(state: ContainerState, changes: Partial<ContainerStatus> = {}): void {
    this.status = { ...this.status, ready: false, started: false, ...changes, state };
    this.#options.onChange();
  }
}
