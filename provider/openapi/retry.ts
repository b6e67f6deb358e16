/** Retries of one call: exponential backoff with jitter, within limits, stopped by Cancel. */
import { CloudError } from "./error";
import { pause } from "./pause";

export interface RetryPolicy {
  /** Attempts in all. @default 8 */
  attempts: number;
  /** Upper bound of the first pause, in milliseconds; it doubles from attempt to attempt. @default 500 */
  baseDelay: number;
  /** Upper bound of any pause, in milliseconds. @default 20000 */
  maxDelay: number;
}

/** About 50 seconds of pauses in all, enough for the rate limits of the OpenAPI, which are counted per minute. */
export const defaultRetryPolicy: RetryPolicy = { attempts: 8, baseDelay: 500, maxDelay: 20_000 };

/**
 * Runs `attempt` until it succeeds, fails for good, or the attempts are used up.
 *
 * `recover` is for calls that must not happen twice. It runs before every attempt but the first and looks for what an
 * earlier attempt, whose reply was lost, may have made; what it finds is the result.
 */
export async function retry<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy,
  signal: AbortSignal,
  recover?: () => Promise<T | undefined>,
): Promise<T> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof CloudError) || !error.transient) throw error;
      if (count >= policy.attempts) throw error.exhausted(count);
    }
    await pause(delay(count, policy), signal);
    const found = await recover?.();
    if (found !== undefined) return found;
  }
}

/** Half of the pause is fixed, half is random, so that parallel callers don't come back together. */
function delay(count: number, { baseDelay, maxDelay }: RetryPolicy): number {
  const bound = Math.min(maxDelay, baseDelay * 2 ** (count - 1));
  return bound / 2 + (Math.random() * bound) / 2;
}
