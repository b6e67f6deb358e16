/**
 * How arguments are checked: one rule is one pure function, used for plain values at once (no cloud is called for a
 * wrong configuration), for Outputs as soon as they are known, and by whoever reads stack configuration.
 */
import * as pulumi from "@pulumi/pulumi";
import { invalid } from "./error";

/**
 * What is wrong with a value, as the rest of a sentence that starts with the value (`is not …; use …`), or undefined
 * for a good value.
 */
export type Rule<T> = (value: T) => string | undefined;

/**
 * Returns the argument unchanged when it keeps the rule.
 *
 * @param path Where the value stands, as a person finds it: `registry.instance.edition`.
 * @throws {VisibleError} for a plain value at once; inside the Output for an Output.
 */
export function checked<T>(path: string, value: pulumi.Input<T>, rule: Rule<T>): pulumi.Input<T> {
  if (isDeferred(value)) {
    return pulumi.output(value).apply((known) => check(path, known as T, rule)) as pulumi.Output<T>;
  }
  return check(path, value as T, rule);
}

/** The same for a plain value. */
export function check<T>(path: string, value: T, rule: Rule<T>): T {
  const complaint = rule(value);
  if (complaint !== undefined) {
    throw invalid(path, value, complaint);
  }
  return value;
}

/** A rule for a value that must be one of a few words. */
export function oneOf<T extends string | number>(
  words: readonly T[],
  complaint: (words: string) => string,
): Rule<T> {
  return (value) => (words.includes(value) ? undefined : complaint(listed(words)));
}

/** `a, b or c`. */
export function listed(words: readonly (string | number)[], last = "or"): string {
  const texts = words.map(String);
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} ${last} ${texts.at(-1)}`;
}

/**
 * A stable name for one of several like children: the value itself when it is plain, else its place in the list.
 * Named after its value, a child stays the same resource when another one is removed from the list.
 */
export function keyOf(value: pulumi.Input<string>, index: number): string {
  return typeof value === "string" ? value.replaceAll(/[^\w.-]+/g, "-") : String(index);
}

function isDeferred(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}
