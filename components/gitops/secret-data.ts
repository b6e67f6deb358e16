/**
 * The content of a Kubernetes Secret.
 *
 * `data` and not `stringData`: the latter is a write-only shorthand that doesn't work well with server-side apply
 * (Kubernetes: Secret, "stringData"). A key removed from it would stay in the cluster, and a change by hand wouldn't
 * show in a refresh.
 */
import * as pulumi from "@pulumi/pulumi";
import { VisibleError } from "../error";
import type { Rule } from "../validation";

/** Encodes every value and marks it secret, whether the caller did or not. */
export function secretData(
  values: Record<string, pulumi.Input<string>>,
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      pulumi.secret(value).apply((plain) => Buffer.from(plain, "utf8").toString("base64")),
    ]),
  );
}

/**
 * Checks a secret like `check` does other values, but never shows it.
 *
 * @throws {VisibleError} for a plain value at once; inside the Output for an Output.
 */
export function checkedSecret(
  path: string,
  value: pulumi.Input<string>,
  rule: Rule<string>,
): pulumi.Output<string> {
  if (typeof value === "string") {
    checkSecret(path, value, rule);
  }
  return pulumi.secret(value).apply((plain) => checkSecret(path, plain, rule));
}

/** The same for a plain value. */
export function checkSecret(path: string, value: string, rule: Rule<string>): string {
  const complaint = rule(value);
  if (complaint !== undefined) {
    throw new VisibleError(`${path} ${complaint}`);
  }
  return value;
}

/**
 * A value that is one line: user names, tokens, passwords. The usual mistake is the line end of a file.
 */
export const lineRule: Rule<string> = (value) => {
  if (value === "") {
    return "is empty";
  }
  return value !== value.trim() || /\p{Cc}/u.test(value)
    ? "starts or ends with a space or a line break, or has a control character in it; remove it"
    : undefined;
};
