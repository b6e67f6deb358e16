/**
 * Pulumi keeps with every resource the whole stack of calls that made it, and the TypeScript loader maps each of its
 * frames back to the source: two thirds of the time that this program would take before the engine hears of it.
 *
 * Without the mapping a resource's position in the state is that in the compiled file, which nobody reads. Errors aren't
 * affected: V8 formats the stack of an error when it is first looked at, and by then the mapping is back.
 */
export function withoutSourceMaps<T>(run: () => T): T {
  const hook: { prepareStackTrace?: unknown } = Error;
  const { prepareStackTrace } = hook;
  hook.prepareStackTrace = undefined;
  try {
    return run();
  } finally {
    hook.prepareStackTrace = prepareStackTrace;
  }
}
