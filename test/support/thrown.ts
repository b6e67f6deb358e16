/** The message of the error that a plain function throws. Fails when it throws nothing. */
export function thrown(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("expected an error, but nothing was thrown");
}
