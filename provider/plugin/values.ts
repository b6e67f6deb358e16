/**
 * Property values between the engine's wire form and plain JavaScript.
 *
 * On the wire secrets are objects with a signature, values that a preview can't know yet are a sentinel string, and an
 * output value is an object with a signature of its own. Here they are `Secret` and `UNKNOWN`.
 */

/** A value that a preview doesn't know yet. */
export class Unknown {
  readonly unknown = true;
}

export const UNKNOWN = new Unknown();

/** A value that must be encrypted in the state and hidden in the output. */
export class Secret {
  constructor(readonly value: Value) {}
}

export type Value = null | boolean | number | string | Unknown | Secret | Value[] | { [key: string]: Value };
export type Values = Record<string, Value>;

/** A value with its secrets taken off. */
export type Open = null | boolean | number | string | Unknown | Open[] | { [key: string]: Open };
export type OpenValues = Record<string, Open>;

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
/** One sentinel per type; the engine sends the first, and accepts it for every type. */
const UNKNOWN_SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWN_SENTINELS = new Set([
  UNKNOWN_SENTINEL,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Reads properties off the wire. */
export function fromWire(properties: unknown): Values {
  return (properties === undefined ? {} : readValue(properties)) as Values;
}

/** Writes properties to the wire; `undefined` entries are left out. */
export function toWire(values: Readonly<Record<string, Value | undefined>>): Record<string, never> {
  return writeValue(values as Values) as Record<string, never>;
}

function readValue(value: unknown): Value {
  if (typeof value === "string") return UNKNOWN_SENTINELS.has(value) ? UNKNOWN : value;
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(readValue);
  if (typeof value !== "object") return value as number | boolean;
  const object = value as Record<string, unknown>;
  if (object[SIGNATURE] === SECRET_SIGNATURE) return new Secret(readValue(object["value"]));
  if (object[SIGNATURE] === OUTPUT_SIGNATURE) {
    const inner = "value" in object ? readValue(object["value"]) : UNKNOWN;
    return object["secret"] === true ? new Secret(inner) : inner;
  }
  return Object.fromEntries(Object.entries(object).map(([key, entry]) => [key, readValue(entry)]));
}

function writeValue(value: Value): unknown {
  if (value instanceof Unknown) return UNKNOWN_SENTINEL;
  if (value instanceof Secret) return { [SIGNATURE]: SECRET_SIGNATURE, value: writeValue(value.value) };
  if (Array.isArray(value)) return value.map(writeValue);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries.map(([key, entry]) => [key, writeValue(entry)]));
}

/** Takes the secrets off one value, at any depth; says whether there were any. */
export function reveal(value: Value): { value: Open; secret: boolean } {
  if (value instanceof Secret) return { value: reveal(value.value).value, secret: true };
  if (value instanceof Unknown) return { value, secret: false };
  if (Array.isArray(value)) {
    const items = value.map(reveal);
    return { value: items.map((item) => item.value), secret: items.some((item) => item.secret) };
  }
  if (value === null || typeof value !== "object") return { value, secret: false };
  const entries = Object.entries(value).map(([key, entry]) => [key, reveal(entry)] as const);
  return {
    value: Object.fromEntries(entries.map(([key, entry]) => [key, entry.value])),
    secret: entries.some(([, entry]) => entry.secret),
  };
}

/** Takes the secrets off all properties and remembers which had any. Empty (null) properties are left out. */
export function revealAll(values: Values): { values: OpenValues; secrets: Set<string> } {
  const secrets = new Set<string>();
  const open: OpenValues = {};
  for (const [key, entry] of Object.entries(values)) {
    const { value, secret } = reveal(entry);
    if (secret) secrets.add(key);
    if (value !== null) open[key] = value;
  }
  return { values: open, secrets };
}

/** Marks the named properties secret. A property with a secret inside is secret as a whole. */
export function seal(
  values: Readonly<Record<string, Open | undefined>>,
  secrets: ReadonlySet<string>,
): Values {
  const entries = Object.entries(values).filter((entry): entry is [string, Open] => entry[1] !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, secrets.has(key) ? new Secret(value as Value) : (value as Value)]),
  );
}

/** Whether a value is, or contains, something that isn't known yet. */
export function hasUnknown(value: Open | undefined): boolean {
  if (value instanceof Unknown) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return value !== null && typeof value === "object" && Object.values(value).some(hasUnknown);
}
