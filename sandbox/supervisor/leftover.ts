import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "./wait";

/**
 * Ends what an earlier run left behind. A process normally dies with its starter (launch.sh), but may need some
 * seconds for it; a new run must not meet it on its ports or data. The pid file names the process group; its
 * command line is compared, because the number may belong to somebody else's process by now.
 */
export async function endLeftover(pidFile: string): Promise<void> {
  const group = Number(read(pidFile));
  if (!Number.isInteger(group) || group <= 1) return;
  if (commandOf(group)?.includes("launch.sh") && alive(group)) {
    signalGroup(group, "SIGKILL");
    // In a container without an init the dead may stay in the table as zombies: they hold nothing, so go on.
    const ended = async () => (alive(group) ? "alive" : undefined);
    await waitFor(`the end of the left-over process group ${group}`, ended, { within: 3000 }).catch(() => {});
  }
  rmSync(pidFile, { force: true });
}

/** {@link endLeftover} for every pid file in a folder: before ports are looked at, which the left-over may hold. */
export async function endLeftovers(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const files = readdirSync(folder).filter((file) => file.endsWith(".pid"));
  await Promise.all(files.map((file) => endLeftover(join(folder, file))));
}

/** Signals every process of a group; one that is gone already is fine. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Whether any process of the group exists. A zombie counts: its starter is about to collect it. */
export function alive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function commandOf(pid: number): string | undefined {
  const linux = read(`/proc/${pid}/cmdline`);
  if (linux !== undefined) return linux.replaceAll("\0", " ");
  // Without /proc (macOS) the group is taken at its word: numbers are reused there only after 99,999 processes.
  return process.platform === "linux" ? undefined : "launch.sh";
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
