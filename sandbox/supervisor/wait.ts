/** What a probe saw: `undefined` when the condition holds, else a short description of what it saw instead. */
export type Probe = (signal: AbortSignal) => Promise<string | undefined>;

export interface WaitOptions {
  /** Milliseconds until the wait gives up. */
  within: number;
  /** Milliseconds between two probes. Default 50, growing to ten times that. */
  every?: number;
  /** Ends the wait early, e.g. because the process that is waited for has ended. */
  until?: Promise<Error>;
}

/**
 * Waits until `probe` sees what it looks for. A probe that throws has seen its error message.
 * @throws Error that says what was awaited, for how long, and what was last seen.
 */
export async function waitFor(what: string, probe: Probe, options: WaitOptions): Promise<void> {
  const abort = new AbortController();
  const deadline = Date.now() + options.within;
  let ended: Error | undefined;
  let wake = () => {};
  options.until?.then((error) => {
    ended = error;
    abort.abort(error);
    wake();
  });
  let seen = "nothing yet";
  let pause = options.every ?? 50;
  for (;;) {
    const timer = setTimeout(() => abort.abort(), Math.max(0, deadline - Date.now()));
    try {
      const found = await probe(abort.signal);
      if (found === undefined) return;
      seen = found;
    } catch (error) {
      if (!abort.signal.aborted) seen = (error as Error).message;
    } finally {
      clearTimeout(timer);
    }
    if (ended) throw ended;
    if (Date.now() + pause >= deadline || abort.signal.aborted) {
      throw new Error(`${what}: not within ${options.within / 1000} s; last seen: ${seen}`);
    }
    await new Promise<void>((done) => {
      wake = done;
      setTimeout(done, pause);
    });
    if (ended) throw ended;
    pause = Math.min(pause * 1.3, (options.every ?? 50) * 10);
  }
}
