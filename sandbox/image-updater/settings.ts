import { parseArgs } from "node:util";
import { defaultRelease, type Release, releases } from "./behaviour";
import { parseDuration } from "./duration";
import { type Level, levels } from "./log";

/** Everything that the process is told. Secrets are in files, never among the arguments. */
export interface ProcessSettings {
  /** Milliseconds from the end of a cycle to the next; 0 for one cycle only. */
  interval: number;
  /** Port of the health check on the loopback interface; 0 for none. */
  healthPort: number;
  maxConcurrency: number;
  /** Namespace of Argo CD and of its Applications. */
  namespace: string;
  release: Release;
  logLevel: Level;
  /** Folder for clones; an own one. */
  home: string;
  kubeconfigFile: string;
  /** The sandbox's name service. */
  namesFile: string;
  /** PEM of the authorities that registries and git servers are trusted by. */
  caFile: string;
}

/**
 * Reads arguments; where one is missing, its variable, then its default. The names are those of the real one's `run`
 * command, as far as it has them.
 *
 * | argument | variable | default |
 * |---|---|---|
 * | `--interval` | IMAGE_UPDATER_INTERVAL | `2m` |
 * | `--once` | | |
 * | `--health-port` | | 8080 |
 * | `--max-concurrency` | | 10 |
 * | `--namespace` | ARGOCD_NAMESPACE | `argocd` |
 * | `--loglevel` | IMAGE_UPDATER_LOGLEVEL | `info` |
 * | `--kubeconfig` | KUBECONFIG | |
 * | `--release` | | the one that `behaviour.ts` follows |
 * | `--home`, `--names`, `--ca` | UPDATER_HOME, UPDATER_NAMES, SSL_CERT_FILE | |
 *
 * @throws Error that names the argument
 */
export function readSettings(args: string[], environment: NodeJS.ProcessEnv): ProcessSettings {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args,
    options: {
      interval: text,
      once: { type: "boolean" },
      "health-port": text,
      "max-concurrency": text,
      namespace: text,
      loglevel: text,
      kubeconfig: text,
      release: text,
      home: text,
      names: text,
      ca: text,
    },
  });
  const given = (name: Exclude<keyof typeof values, "once">, variable?: string, fallback?: string) => {
    const value = values[name] ?? (variable && environment[variable]) ?? fallback;
    if (!value) throw new Error(`--${name} is missing${variable ? `, and ${variable} isn't set` : ""}`);
    return value;
  };
  const number = (name: "health-port" | "max-concurrency", fallback: string, least: number) => {
    const value = Number(given(name, undefined, fallback));
    if (!Number.isInteger(value) || value < least) throw new Error(`--${name} must be at least ${least}`);
    return value;
  };
  const oneOf = <Choice extends string>(name: string, value: string, choices: readonly Choice[]) => {
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw new Error(`--${name}: ${value} is none of ${choices.join(", ")}`);
    return found;
  };
  const interval = parseDuration(given("interval", "IMAGE_UPDATER_INTERVAL", "2m"));
  return {
    interval: values.once ? 0 : interval,
    healthPort: values.once ? 0 : number("health-port", "8080", 0),
    maxConcurrency: number("max-concurrency", "10", 1),
    namespace: given("namespace", "ARGOCD_NAMESPACE", "argocd"),
    release: oneOf("release", given("release", undefined, defaultRelease), releases),
    logLevel: oneOf("loglevel", given("loglevel", "IMAGE_UPDATER_LOGLEVEL", "info"), levels),
    home: given("home", "UPDATER_HOME"),
    kubeconfigFile: given("kubeconfig", "KUBECONFIG"),
    namesFile: given("names", "UPDATER_NAMES"),
    caFile: given("ca", "SSL_CERT_FILE"),
  };
}
