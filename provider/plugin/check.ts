/** Check: defaults filled in, and every wrong input named with what was found and what to do. */
import type { CheckFailure, CheckResult } from "./protocol";
import type { AnyResource, Property } from "./resource";
import { hasUnknown, type Open, type OpenValues, revealAll, seal, type Values } from "./values";

export function checkInputs(resource: AnyResource, news: Values): CheckResult {
  const { values, secrets } = revealAll(news);
  const inputs = withDefaults(resource, values);
  const failures = checkProperties(resource.inputs, inputs, secrets);
  if (resource.check) {
    failures.push(...resource.check(wellFormed(inputs, failures), (name) => inputs[name] !== undefined));
  }
  return { inputs: seal(inputs, secrets), failures };
}

/** Checks each property by itself, against a table of properties; also serves the provider's own configuration. */
export function checkProperties(
  properties: Readonly<Record<string, Property>>,
  inputs: OpenValues,
  secrets: ReadonlySet<string> = new Set(),
): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const name of Object.keys(inputs)) {
    if (!(name in properties)) {
      failures.push({
        property: name,
        reason: `is not an input; the inputs are ${Object.keys(properties).join(", ")}`,
      });
    }
  }
  for (const [name, property] of Object.entries(properties)) {
    const reason = problem(property, inputs[name], secrets.has(name) || property.secret === true);
    if (reason) failures.push({ property: name, reason });
  }
  return failures;
}

function withDefaults(resource: AnyResource, given: OpenValues): OpenValues {
  const inputs: OpenValues = {};
  for (const [name, property] of Object.entries(resource.inputs)) {
    const value = given[name] ?? (property.default as Open | undefined);
    if (value !== undefined) inputs[name] = value;
  }
  const derived = (resource.defaults?.(inputs) ?? {}) as OpenValues;
  return { ...derived, ...given, ...inputs };
}

/** Leaves out what a rule between inputs can't look at. */
function wellFormed(inputs: OpenValues, failures: readonly CheckFailure[]): OpenValues {
  const wrong = new Set(failures.map((failure) => failure.property));
  return Object.fromEntries(
    Object.entries(inputs).filter(([name, value]) => !wrong.has(name) && !hasUnknown(value)),
  );
}

function problem(property: Property, value: Open | undefined, secret: boolean): string | undefined {
  if (value === undefined) {
    return property.required ? `is missing: ${firstSentence(property.description)}` : undefined;
  }
  if (hasUnknown(value)) return undefined;
  const show = (found: Open) => (secret ? "the secret value" : JSON.stringify(found));
  if (!hasType(property.type, value)) return `${show(value)} is not ${TYPE_NAMES[property.type]}`;
  if (property.required && (value === "" || (Array.isArray(value) && value.length === 0))) {
    return `is empty: ${firstSentence(property.description)}`;
  }
  for (const item of Array.isArray(value) ? value : [value]) {
    if (property.values && !property.values.includes(item as string)) {
      return `${show(item)} is not one of its values; use ${either(property.values)}`;
    }
    if (property.pattern && !property.pattern.matches(String(item))) {
      return `${show(item)} is not ${property.pattern.means}`;
    }
  }
  return undefined;
}

const TYPE_NAMES = {
  string: "a string",
  boolean: "true or false",
  integer: "a whole number",
  strings: "a list of strings",
  map: "a map from names to strings",
} as const;

function hasType(type: Property["type"], value: Open): boolean {
  const isText = (item: Open) => typeof item === "string";
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "strings":
      return Array.isArray(value) && value.every(isText);
    case "map":
      return (
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        Object.values(value).every(isText)
      );
    default:
      return typeof value === type;
  }
}

function either(values: readonly string[]): string {
  return values.length < 2 ? values.join("") : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}

function firstSentence(description: string): string {
  return description.split(/\.(?:\s|$)/)[0] ?? description;
}
