import { mkdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { KubeClient } from "../kubernetes/api/client";
import { parseKubeconfig } from "../kubernetes/api/kubeconfig";
import { NameBook } from "../network/names";
import { Network } from "../network/request";
import { behaviourOf } from "./behaviour";
import { Fleet, isWithoutArgocd } from "./cluster";
import { runCycle } from "./cycle";
import { gitAccess } from "./git-access";
import { GitClones } from "./git-clones";
import { GitWriter } from "./git-writer";
import type { Log } from "./log";
import { Registries } from "./registries";
import { parseRegistries, type Registry } from "./registries-conf";
import { RegistryCredentials } from "./registry-credentials";
import type { ProcessSettings } from "./settings";

/** Seconds until an invalid registries.conf is read again; doubled each time, up to five minutes. */
const firstRetry = 10;
const lastRetry = 300;

/**
 * The updater: cycle after cycle until `signal`. registries.conf is read at the start only; credentials of registries
 * and the times of tags are kept in between.
 */
export async function runUpdater(
  settings: ProcessSettings,
  environment: NodeJS.ProcessEnv,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const { namespace, interval } = settings;
  mkdirSync(settings.home, { recursive: true, mode: 0o700 });
  const client = new KubeClient(parseKubeconfig(readFileSync(settings.kubeconfigFile, "utf8")));
  const cluster = new Fleet(client);
  const behaviour = behaviourOf(settings.release);
  const network = new Network(new NameBook(settings.namesFile), readFileSync(settings.caFile, "utf8"));
  const registries = new Registries(network, new RegistryCredentials(cluster, environment));
  const clones = new GitClones(settings.home, settings.caFile, environment, signal);
  const git = new GitWriter(clones, (to) => gitAccess(cluster, to, namespace, behaviour), behaviour);
  try {
    const configured = await configuration(cluster, settings, log, signal);
    while (!signal.aborted && configured !== undefined) {
      git.beginCycle();
      const world = { cluster, registries: registries.cycle(signal), git };
      const own = { ...settings, registries: configured };
      await oneCycle(() => runCycle(world, own, log, signal), log, signal);
      if (interval === 0) break;
      await pause(interval, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    client.close();
  }
  log.info("Finished.");
}

async function oneCycle(
  run: () => ReturnType<typeof runCycle>,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  try {
    const result = await run();
    if (signal.aborted) return;
    log.info(
      `Processing results: applications=${result.applications} images_considered=${result.imagesConsidered} ` +
        `images_skipped=${result.imagesSkipped} images_updated=${result.imagesUpdated} errors=${result.errors}`,
    );
  } catch (error) {
    if (signal.aborted) return;
    const { message } = error as Error;
    log.error(isWithoutArgocd(error) ? `Error: no Applications here: ${message}` : `Error: ${message}`);
  }
}

/**
 * The registries that are configured; none without the file. With an invalid one the real process ends, and its
 * container is started again and again with growing pauses. Here the process stays, does nothing, and reads the file
 * again after the same pauses.
 *
 * @returns `undefined` when it is to end without a cycle
 */
async function configuration(
  cluster: Fleet,
  { namespace, interval }: ProcessSettings,
  log: Log,
  signal: AbortSignal,
): Promise<Registry[] | undefined> {
  const file = "registries.conf of argocd-image-updater-config";
  for (let retry = firstRetry; !signal.aborted; retry = Math.min(2 * retry, lastRetry)) {
    let wait = 1;
    const text = await cluster.registriesConf(namespace).catch((error: Error) => error);
    if (text === undefined) {
      log.warn(
        `Registry configuration at ${file} could not be read: it is missing -- using default configuration`,
      );
      return [];
    }
    if (text instanceof Error) {
      log.error(`could not read ${file}: ${text.message}`);
    } else {
      try {
        const registries = parseRegistries(text);
        const prefixes = registries.map(({ prefix }) => prefix).join(", ");
        log.info(`Loaded ${registries.length} registry configurations from ${file}: ${prefixes}`);
        return registries;
      } catch (error) {
        log.error(`Could not load registry configuration from ${file}: ${(error as Error).message}`);
        wait = retry;
      }
    }
    if (interval === 0) return undefined;
    await pause(wait * 1000, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
