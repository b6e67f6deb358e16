/** Waiting for an asynchronous operation: polls with a growing interval, within a limit. */
import { CloudError } from "./error";
import { pause } from "./pause";

export interface WaitPolicy {
  /** First interval in milliseconds; it grows by half from poll to poll. @default 1000 */
  interval: number;
  /** Longest interval in milliseconds. @default 15000 */
  maxInterval: number;
}

export const defaultWaitPolicy: WaitPolicy = { interval: 1000, maxInterval: 15_000 };

/** What one poll saw: the result, or a few words on what is still missing. */
export type Seen<T> = { done: T } | { pending: string };

export interface Wait<T> {
  /** What is waited for, to complete the sentence "waited 20 minutes for …". */
  what: string;
  /** Limit in seconds. */
  seconds: number;
  probe: () => Promise<Seen<T>>;
}

/** Polls at once, then again and again; on time-out the error says what was last seen. */
export async function waitFor<T>(wait: Wait<T>, policy: WaitPolicy, signal: AbortSignal): Promise<T> {
  const deadline = Date.now() + wait.seconds * 1000;
  for (let interval = policy.interval; ; interval = Math.min(interval * 1.5, policy.maxInterval)) {
    const seen = await wait.probe();
    if ("done" in seen) return seen.done;
    const left = deadline - Date.now();
    if (left <= 0) {
      throw new CloudError(
        "timed-out",
        `Waited ${duration(wait.seconds)} for ${wait.what}; last seen: ${seen.pending}. ` +
          "Run `pulumi up` again to go on waiting, or allow more time with the option customTimeouts.",
      );
    }
    await pause(Math.min(interval, left), signal);
  }
}

function duration(seconds: number): string {
  if (seconds >= 120) return `${Math.round(seconds / 60)} minutes`;
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
}
