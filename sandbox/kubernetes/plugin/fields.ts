/** Trees of plain values: what Kubernetes objects are made of. */
import { isDeepStrictEqual } from "node:util";
import { type Open, Secret, UNKNOWN, type Value, type Values } from "../../../provider/plugin/values";
import type { KubeObject, Metadata } from "../api/client";

export type Fields = { [key: string]: Open };

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Secret);
}

/** Takes secrets off and leaves empty (null) entries out, at any depth. */
export function open(values: Values): Fields {
  return openValue(values) as Fields;
}

function openValue(value: Value): Open {
  if (value instanceof Secret) return openValue(value.value);
  if (Array.isArray(value)) return value.map(openValue);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, openValue(entry)] as const);
  return Object.fromEntries(entries.filter(([, entry]) => entry !== null && entry !== undefined));
}

/** Whether a value is or holds a secret. */
export function holdsSecret(value: Value | undefined): boolean {
  if (value instanceof Secret) return true;
  if (Array.isArray(value)) return value.some(holdsSecret);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}

/**
 * Marks in `fields` what was secret in `origin`, entry by entry, so that one secret doesn't hide a whole object. A
 * list with a secret in it is secret as a whole, because the server may reorder it. Data of a Secret always is.
 */
export function withSecrets(fields: Fields, origin: Values): Values {
  const result: Values = { ...fields } as Values;
  if (fields["kind"] === "Secret") {
    for (const key of ["data", "stringData"]) {
      if (key in fields) result[key] = new Secret(fields[key] as Value);
    }
    return result;
  }
  for (const [key, source] of Object.entries(origin)) {
    const value = fields[key];
    if (value === undefined) continue;
    if (isFields(value) && isFields(source)) result[key] = withSecrets(value, source as Values);
    else if (holdsSecret(source)) result[key] = new Secret(value as Value);
  }
  return result;
}

/**
 * The part of `live` that has the shape of `shape`: what the server or other controllers have added falls away.
 * @param typed objects of a built-in kind: further elements of a list belong to others (lists are merged by key), and
 * an empty value may be missing (the server doesn't store it). A custom resource is stored as it is, and its lists
 * have one owner.
 */
export function prune(live: Fields, shape: Fields, typed: boolean): Fields {
  const result: Fields = {};
  for (const [key, wanted] of Object.entries(shape)) {
    const value = live[key] ?? undefined;
    if (value !== undefined) result[key] = pruneValue(value, wanted, typed);
    else if (typed && isEmpty(wanted)) result[key] = wanted;
  }
  return result;
}

function pruneValue(value: Open, wanted: Open, typed: boolean): Open {
  if (isFields(value) && isFields(wanted)) return prune(value, wanted, typed);
  if (Array.isArray(value) && Array.isArray(wanted)) {
    const keep = value.filter((item, index) => index < wanted.length || !typed || !isFields(item));
    return keep.map((item, index) =>
      index < wanted.length ? pruneValue(item, wanted[index] as Open, typed) : item,
    );
  }
  return value;
}

/** Values that a typed object loses when the server stores it, because such fields are left out. */
export const isEmpty = (value: Open | undefined): boolean =>
  value === "" ||
  value === 0 ||
  value === false ||
  isDeepStrictEqual(value, {}) ||
  isDeepStrictEqual(value, []);

/** Metadata as a tree that may be changed. */
export function metadataOf(fields: Fields): Partial<Metadata> {
  return (isFields(fields["metadata"]) ? fields["metadata"] : {}) as Partial<Metadata>;
}

export function withMetadata(fields: Fields, changes: Partial<Metadata>): Fields {
  const merged = Object.entries({ ...metadataOf(fields), ...changes }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...fields, metadata: Object.fromEntries(merged) as Fields };
}

/** An annotation; `undefined` when it isn't there or not known yet. */
export function annotation(fields: Fields, name: string): string | undefined {
  const value = (metadataOf(fields).annotations as Record<string, unknown> | undefined)?.[name];
  return value === undefined || value === UNKNOWN ? undefined : String(value);
}

export const asObject = (fields: Fields) => fields as unknown as KubeObject;
export const asFields = (object: KubeObject) => object as unknown as Fields;
