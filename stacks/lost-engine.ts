/**
 * Ends this program when nobody listens to it any more: the engine was killed. Pulumi's SDK reports an error that nobody
 * caught to standard error, and if that is broken, reports the broken pipe to it, and so on: a process for ever, with a
 * core for itself.
 */
export function endWithEngine(
  stderr: Pick<NodeJS.EventEmitter, "on"> = process.stderr,
  end: (code: number) => void = process.exit,
): void {
  stderr.on("error", () => end(1));
}
