/**
 * An error for the person who wrote the configuration: only its message is shown, without a stack trace.
 *
 * The message says what, where, what was found and what to do:
 * `registry.edition: "Gold" is not an edition of ACR Enterprise; use Basic, Standard or Advanced`.
 */
import { RunError } from "@pulumi/pulumi";

export class VisibleError extends RunError {
  /** @param lines One sentence a line. */
  constructor(...lines: string[]) {
    super(lines.join("\n"));
    this.name = "VisibleError";
    // Not every way out of a program asks what kind of error it prints; some print the stack.
    this.stack = this.message;
  }
}

/**
 * The sentence for a wrong argument.
 *
 * @param path Where it stands, as in the stack file: `registry.edition`.
 * @param found The wrong value; shown as JSON, undefined as `it`.
 * @param complaint What is wrong with it and what to do, continuing the value: `is not …; use …`.
 */
export function invalid(path: string, found: unknown, complaint: string): VisibleError {
  return new VisibleError(`${path}: ${JSON.stringify(found) ?? "it"} ${complaint}`);
}
