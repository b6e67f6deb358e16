import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * What the engine's file backend notes about a stack's state, in a file beside it (gocloud.dev/blob/fileblob). It writes
 * that in place and then replaces the state as a whole: a run that is killed in between leaves the state as it was
 * before, and may leave half of its attributes, with which the engine says "failed to load checkpoint: EOF". Without any
 * it reads the state.
 *
 * @param engineHome the folder that `PULUMI_BACKEND_URL` names
 */
export const attributesOf = (engineHome: string, stack: string) =>
  join(engineHome, ".pulumi", "stacks", "ackone-delivery", `${stack}.json.attrs`);

/**
 * Removes attributes that were cut off. What the lost step made is found by its name, or taken over, by the next run, as
 * after any other kill.
 *
 * @returns whether they were
 */
export function removeCutAttributes(engineHome: string, stack: string): boolean {
  const file = attributesOf(engineHome, stack);
  if (!existsSync(file)) return false;
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return false;
  } catch {
    rmSync(file);
    return true;
  }
}
