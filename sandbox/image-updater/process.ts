import { fileURLToPath } from "node:url";
import type { ProcessSpec } from "../supervisor";
import type { Release } from "./behaviour";
import type { Level } from "./log";

export interface UpdaterOptions {
  /** Unique within the supervisor. @default "image-updater" */
  name?: string;
  /** A folder of its own, for clones of repositories. */
  home: string;
  /** An administrator's access to the Fleet. */
  kubeconfigFile: string;
  /** The sandbox's name service, where registries are found. */
  namesFile: string;
  /**
   * PEM of the authorities that registries and git servers are trusted by. Best the sandbox's alone: a whole bundle of
   * a system costs milliseconds for every request.
   */
  caFile: string;
  /** Loopback port of the health check. */
  healthPort: number;
  /** Go duration between two cycles. @default "2m" */
  interval?: string;
  /** Behaviour to follow. @default see behaviour.ts */
  release?: Release;
  /** At `debug` there is a line for every decision, at `info` only for changes. @default "debug" */
  logLevel?: Level;
  /** HTTP proxy by which git reaches hosts that only exist in the sandbox: `http://127.0.0.1:41233`. */
  proxy?: string;
  /** Further variables, which `env:` credentials may name. */
  env?: Readonly<Record<string, string>>;
  /** Values that must not reach the log. */
  secrets?: readonly string[];
  logFile: string;
  pidFile: string;
}

/** The updater beside a hosted Argo CD; ready when its health check answers. */
export function describeUpdater(options: UpdaterOptions): ProcessSpec {
  const { home, healthPort, logFile, pidFile, secrets } = options;
  return {
    name: options.name ?? "image-updater",
    command: process.execPath,
    args: [
      fileURLToPath(new URL("./start.cjs", import.meta.url)),
      `--home=${home}`,
      `--kubeconfig=${options.kubeconfigFile}`,
      `--names=${options.namesFile}`,
      `--ca=${options.caFile}`,
      `--health-port=${healthPort}`,
      `--loglevel=${options.logLevel ?? "debug"}`,
      ...(options.interval ? [`--interval=${options.interval}`] : []),
      ...(options.release ? [`--release=${options.release}`] : []),
    ],
    env: {
      // It lives for days and holds little: a small heap, and no memory pools for threads that hardly allocate (glibc).
      NODE_OPTIONS: "--max-old-space-size=64 --max-semi-space-size=2",
      MALLOC_ARENA_MAX: "2",
      ...(options.proxy && { HTTPS_PROXY: options.proxy }),
      ...options.env,
    },
    ...(secrets && { secrets }),
    logFile,
    pidFile,
    ready: async (signal) => {
      const { ok, status } = await fetch(`http://127.0.0.1:${healthPort}/healthz`, { signal });
      return ok ? undefined : `health check answered ${status}`;
    },
    readyWithin: 30_000,
  };
}
