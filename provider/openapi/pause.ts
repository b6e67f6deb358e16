import { setTimeout as sleep } from "node:timers/promises";
import { CloudError } from "./error";

/** Sleeps for so many milliseconds; ends at once with an error when the engine cancels. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    throw new CloudError("cancelled", "Cancelled. The next `pulumi up` goes on from here.");
  }
}
