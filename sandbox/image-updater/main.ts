/**
 * The updater's process; `start.cjs` starts it. SIGTERM ends it within a moment: what is being pushed is either there
 * or not, and the next start sees which.
 */
import { startHealthServer } from "./health";
import { Log } from "./log";
import { readSettings } from "./settings";
import { runUpdater } from "./updater";

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), process.env);
  const log = new Log((line) => process.stdout.write(line), settings.logLevel);
  const { interval, healthPort, release, logLevel } = settings;
  const every = interval === 0 ? "once" : `${interval / 1000}s`;
  const port = healthPort === 0 ? "off" : String(healthPort);
  log.info(
    `argocd-image-updater stand-in, as ${release}, starting ` +
      `[loglevel:${logLevel.toUpperCase()}, interval:${every}, healthport:${port}]`,
  );
  const ending = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => ending.abort());
  const health = healthPort === 0 ? undefined : await startHealthServer(healthPort);
  try {
    await runUpdater(settings, process.env, log, ending.signal);
  } finally {
    health?.close();
    health?.closeAllConnections();
  }
}

main().catch((error: Error) => {
  process.stderr.write(`image updater: ${error.message}\n`);
  process.exit(1);
});
