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
  /** PEM of the authorities that registries are trusted by. */
  caFile: string;
  /** Loopback port of the health check. */
  healthPort: number;
  /** Go duration between two cycles. @default "2m" */
  interval?: string;
  /** Behaviour to follow. @default see behaviour.ts */
  release?: Release;
  /** At `debug` there is a line for every decision, at `info` only for changes. @default "debug" */
  logLevel?: Level;
  /** Addresses in place of others, for git: `{"https://github.com/": "http://127.0.0.1:41234/"}`. */
  gitUrls?: Readonly<Record<string, string>>;
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
      // A small heap: it lives for days, and what it holds is small.
      NODE_OPTIONS: "--max-old-space-size=96",
      ...options.env,
      ...gitConfiguration(options.gitUrls ?? {}),
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

/** git's `url.<new>.insteadOf`, in variables, because a configuration file would be the user's. */
function gitConfiguration(urls: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(urls).flatMap(([old, replacement], i) => [
    [`GIT_CONFIG_KEY_${i}`, `url.${replacement}.insteadOf`],
    [`GIT_CONFIG_VALUE_${i}`, old],
  ]);
  return { ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(pairs.length / 2) };
}
