import { spawn } from "node:child_process";
import { openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "../supervisor/index";
import { type Home, sandboxFolder } from "../world/home";
import type { SandboxInfo } from "../world/info";
import { callControl, findRunning } from "./control-client";

/** Milliseconds. */
const startLimit = 120_000;
const stopLimit = 60_000;

/** Starts the daemon of this home unless it runs already, and resolves when it answers. */
export async function startInBackground(home: Home): Promise<SandboxInfo> {
  const running = await findRunning(home);
  if (running) return running;
  rmSync(home.runFile, { force: true });
  const logFile = join(home.logs, "daemon.log");
  const log = openSync(logFile, "w", 0o600);
  const daemon = spawn(process.execPath, ["--import", "tsx", join(sandboxFolder, "daemon.ts")], {
    cwd: sandboxFolder,
    env: { ...process.env, ACKONE_SANDBOX_HOME: home.root },
    detached: true,
    stdio: ["ignore", log, log],
  });
  const until = new Promise<Error>((resolve) => {
    daemon.once("exit", () => resolve(new Error(`the sandbox did not start:\n${tail(logFile)}`)));
  });
  const answers = async () => ((await findRunning(home)) ? undefined : "no answer");
  await waitFor("start of the sandbox", answers, { within: startLimit, until });
  daemon.unref();
  return (await findRunning(home))!;
}

/**
 * Stops the daemon of this home and everything it started.
 * @returns whether one was running.
 */
export async function stopInBackground(home: Home): Promise<boolean> {
  const info = await findRunning(home);
  if (!info) return false;
  await callControl(home, info, "stop");
  const gone = async () => (alive(info.pid) ? `process ${info.pid} still runs` : undefined);
  await waitFor("end of the sandbox", gone, { within: stopLimit });
  return true;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const tail = (file: string) => readFileSync(file, "utf8").trimEnd().split("\n").slice(-15).join("\n");
