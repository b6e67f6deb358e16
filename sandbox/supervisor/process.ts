import { type ChildProcess, spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { alive, endLeftover, signalGroup } from "./leftover";
import { LogFile } from "./log-file";
import { type Probe, waitFor } from "./wait";

const launcher = fileURLToPath(new URL("./launch.sh", import.meta.url));

export interface ProcessSpec {
  /** Shown in messages; unique within a supervisor. */
  name: string;
  command: string;
  args: readonly string[];
  /** Added to the variables that every process gets: PATH and HOME. Nothing else is inherited. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  logFile: string;
  /** Where the process group is noted, so that the next run can end what this one left. */
  pidFile: string;
  /** Values that must not reach the log file or an error message. */
  secrets?: readonly string[];
  /** Sees `undefined` when the process is of use. */
  ready: Probe;
  /** Milliseconds. @default 60000 */
  readyWithin?: number;
  /** Milliseconds between SIGTERM and SIGKILL. @default 5000 */
  stopWithin?: number;
}

/** How a process ended: by itself with a code, or by a signal. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * One child process with its log: `start` resolves when it is ready, `stop` when it has ended. It can't outlive
 * this process, however that ends.
 */
export class ManagedProcess {
  readonly spec: ProcessSpec;
  /** Milliseconds that the last start took. */
  readyAfter = 0;
  #child: ChildProcess | undefined;
  #ended: Promise<Ending> = Promise.resolve({ code: 0, signal: null });
  #running = false;
  #stopping = false;
  #log: LogFile | undefined;

  constructor(spec: ProcessSpec) {
    this.spec = spec;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Settles when the process has ended; `expected` says whether somebody had asked for it. */
  get ended(): Promise<{ ending: Ending; expected: boolean }> {
    return this.#ended.then((ending) => ({ ending, expected: this.#stopping }));
  }

  /** The last lines of the log, secrets masked. */
  tail(lines?: number): string {
    return this.#log?.tail(lines) ?? "";
  }

  /** @throws Error with the last log lines when the process ends or isn't ready in time; it's stopped then. */
  async start(): Promise<void> {
    if (this.#running) return;
    const { spec } = this;
    await endLeftover(spec.pidFile);
    const began = Date.now();
    this.#stopping = false;
    const log = new LogFile(spec.logFile, spec.secrets);
    this.#log = log;
    const grace = String(Math.ceil((spec.stopWithin ?? 5000) / 1000));
    const child = spawn("/bin/sh", [launcher, grace, spec.command, ...spec.args], {
      cwd: spec.cwd,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...spec.env },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true, // its own process group: a Ctrl-C in the terminal reaches only the supervisor
    });
    this.#child = child;
    child.stdin?.on("error", () => {});
    for (const channel of ["stdout", "stderr"] as const) {
      child[channel]?.setEncoding("utf8");
      child[channel]?.on("data", (chunk: string) => log.write(channel, chunk));
    }
    this.#running = true;
    this.#ended = new Promise<Ending>((resolve) => {
      child.once("error", (error) => {
        log.write("stderr", `${error.message}\n`);
        resolve({ code: null, signal: null });
      });
      child.once("close", (code, signal) => resolve({ code, signal }));
    }).then(async (ending) => {
      this.#running = false;
      rmSync(spec.pidFile, { force: true });
      await log.close();
      return ending;
    });
    if (child.pid) writeFileSync(spec.pidFile, String(child.pid), { mode: 0o600 });

    const until = this.#ended.then(
      (ending) => new Error(`${spec.name} ended ${describe(ending)} before it was ready`),
    );
    try {
      await waitFor(`${spec.name} to be ready`, spec.ready, { within: spec.readyWithin ?? 60_000, until });
    } catch (error) {
      await this.stop();
      throw new Error(`${(error as Error).message}\n${log.tail()}\n(log: ${spec.logFile})`);
    }
    this.readyAfter = Date.now() - began;
  }

  /** SIGTERM, then SIGKILL after `stopWithin`; resolves with the child's exit event. Stopping twice is fine. */
  async stop(): Promise<void> {
    const group = this.#child?.pid;
    if (!group || !this.#running) return;
    this.#stopping = true;
    signalGroup(group, "SIGTERM");
    const kill = setTimeout(() => signalGroup(group, "SIGKILL"), this.spec.stopWithin ?? 5000);
    await this.#ended;
    clearTimeout(kill);
    // Grandchildren that ignored the signal would keep the group alive.
    if (alive(group)) signalGroup(group, "SIGKILL");
  }
}

function describe(ending: Ending): string {
  return ending.signal ? `by ${ending.signal}` : `with code ${ending.code}`;
}
