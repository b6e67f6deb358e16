import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The file in which the engine's file backend keeps a stack's state, and the copy of its last but one version. The
 * backend overwrites the file in place: a run that is killed in that moment leaves half of it, and the engine then
 * says "failed to load checkpoint".
 *
 * @param engineHome the folder that `PULUMI_BACKEND_URL` names
 */
export function checkpointOf(engineHome: string, stack: string): { file: string; backup: string } {
  const file = join(engineHome, ".pulumi", "stacks", "ackone-delivery", `${stack}.json`);
  return { file, backup: `${file}.bak` };
}

/**
 * Puts the copy in place of a file that was cut off. What the lost step made is found by its name, or taken over, by
 * the next run, as after any other kill.
 *
 * @returns whether it was cut off
 */
export function restoreCheckpoint(engineHome: string, stack: string): boolean {
  const { file, backup } = checkpointOf(engineHome, stack);
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return false;
  } catch {
    copyFileSync(backup, file);
    return true;
  }
}
