/**
 * Pulumi keeps with every resource the whole stack of calls that made it, and the TypeScript loader maps each of its
 * frames back to the source: two thirds of the time that this program would take before the engine hears of it.
 *
 * Here a stack has no frames, so that there is nothing to map, to send and to keep in the state, where nobody reads it.
 * Errors aren't affected: V8 formats the stack of an error when it is first looked at, and by then the frames are back.
 */
export function withoutCallStacks<T>(run: () => T): T {
  const hook: { prepareStackTrace?: unknown } = Error;
  const { prepareStackTrace } = hook;
  hook.prepareStackTrace = String;
  try {
    return run();
  } finally {
    hook.prepareStackTrace = prepareStackTrace;
  }
}
