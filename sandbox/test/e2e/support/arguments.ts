import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { waitFor } from "../../../supervisor";

const list = promisify(execFile);

/**
 * Looks twice a second at the arguments of all processes of this machine, which every user of it can read.
 *
 * @returns ends the watch; gives every command line that was seen
 */
export function watchArguments(): () => Promise<string[]> {
  const seen = new Set<string>();
  let over = false;
  const look = async () => {
    const { stdout } = await list("ps", ["-A", "-ww", "-o", "args="], { maxBuffer: 64 * 1024 * 1024 });
    for (const line of stdout.split("\n")) seen.add(line);
    return over ? undefined : "still watching";
  };
  const watching = waitFor("the end of the watch", look, { within: 3_600_000, every: 500 });
  return async () => {
    over = true;
    await watching;
    return [...seen];
  };
}
