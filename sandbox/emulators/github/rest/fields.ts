import { ApiError, type FieldError } from "../errors";

/** What one property of a request's body may be. */
export type Rule =
  | "string"
  | "boolean"
  | "string or null"
  | "object"
  | "strings"
  | "ignored"
  | { oneOf: readonly string[] };

/**
 * Checks the body of a call against the properties that its documentation names. Every other property is refused:
 * on GitHub a misspelt one would be dropped without a word or refused, depending on the call.
 *
 * @param resource what a refusal calls the thing. @example "Repository"
 * @throws 400 for a body that is no object, 422 with one entry per wrong property
 */
export function checkFields<T>(body: unknown, resource: string, rules: Record<string, Rule>): T {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new ApiError(400, "Body should be a JSON object");
  }
  const errors = Object.entries(body).flatMap(([field, value]): FieldError[] => {
    const rule = rules[field];
    if (rule === undefined) {
      return [{ resource, field, code: "invalid", message: `"${field}" is not a permitted key.` }];
    }
    const wanted = violated(rule, value);
    return wanted ? [{ resource, field, code: "invalid", message: `${field} must be ${wanted}` }] : [];
  });
  if (errors.length > 0) throw new ApiError(422, "Validation Failed", errors);
  return body as T;
}

function violated(rule: Rule, value: unknown): string | undefined {
  if (typeof rule === "object") {
    return rule.oneOf.includes(value as string) ? undefined : `one of ${rule.oneOf.join(", ")}`;
  }
  switch (rule) {
    case "ignored":
      return undefined;
    case "string or null":
      return value === null || typeof value === "string" ? undefined : "a string or null";
    case "strings":
      return Array.isArray(value) && value.every((one) => typeof one === "string")
        ? undefined
        : "an array of strings";
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : "an object";
    default:
      return typeof value === rule ? undefined : `a ${rule}`;
  }
}
