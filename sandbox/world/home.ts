import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the sandbox package and the checkout it stands in. */
export const sandboxFolder = resolve(dirname(fileURLToPath(import.meta.url)), "..");
export const projectFolder = resolve(sandboxFolder, "..");

/**
 * Where one sandbox keeps everything it owns. Deleting the folder (after `down`) removes every trace of it;
 * tools are shared between sandboxes and live in {@link toolCache}.
 */
export interface Home {
  root: string;
  /** Written while the daemon runs, readable by the owner alone: process id, control address, credentials. */
  runFile: string;
  credentialsFile: string;
  logs: string;
  /** State of the emulators. */
  state: string;
  kubernetes: string;
  github: string;
  /** State backend, plugins and stack folders of the engine. */
  engine: string;
}

/** `ACKONE_SANDBOX_HOME`, else `.sandbox` in the checkout. */
export function homeFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return resolve(environment["ACKONE_SANDBOX_HOME"] ?? join(projectFolder, ".sandbox"));
}

export function openHome(root: string): Home {
  const home: Home = {
    root,
    runFile: join(root, "run.json"),
    credentialsFile: join(root, "credentials.json"),
    logs: join(root, "logs"),
    state: join(root, "state"),
    kubernetes: join(root, "kubernetes"),
    github: join(root, "github"),
    engine: join(root, "engine"),
  };
  for (const folder of [root, home.logs, home.state, home.kubernetes, home.github, home.engine]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  return home;
}

/** Tools are kept per version outside the checkout: `ACKONE_TOOL_CACHE`, else the user's cache folder. */
export function toolCache(environment: NodeJS.ProcessEnv = process.env): string {
  const cache = environment["XDG_CACHE_HOME"] || join(environment["HOME"] || homedir(), ".cache");
  return resolve(environment["ACKONE_TOOL_CACHE"] ?? join(cache, "ackone-delivery", "tools"));
}
