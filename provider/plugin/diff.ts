/** Diff: which inputs differ from the state, which of them need a new resource, which outputs have gone stale. */
import type { DiffKind, DiffResult } from "./protocol";
import type { AnyResource, Property } from "./resource";
import { hasUnknown, type Open, type OpenValues } from "./values";

export async function diffInputs(
  resource: AnyResource,
  state: OpenValues,
  news: OpenValues,
): Promise<DiffResult> {
  const properties = diffProperties(resource.inputs, state, news);
  if (Object.keys(properties).length > 0 && resource.replaces) {
    for (const name of resource.replaces(state, news)) {
      const kind = properties[name];
      if (kind && !kind.endsWith("-replace")) properties[name] = `${kind}-replace` as DiffKind;
    }
  }
  // Not as `outputs`: these are compared with the new inputs and shown as if they went away.
  for (const name of (await resource.stale?.(state)) ?? []) properties[name] = "update";
  return { properties, deleteBeforeReplace: resource.deleteBeforeReplace };
}

/** Compares the named properties. A new value that isn't known yet counts as changed. */
export function diffProperties(
  properties: Readonly<Record<string, Property>>,
  olds: OpenValues,
  news: OpenValues,
): Record<string, DiffKind> {
  const differences: Record<string, DiffKind> = {};
  for (const [name, property] of Object.entries(properties)) {
    const [before, after] = [olds[name], news[name]];
    if (isSame(property, before, after)) continue;
    const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
    differences[name] = property.replaces ? `${kind}-replace` : kind;
  }
  return differences;
}

/** Equality of one property's values, blind to the order of a list where order means nothing. */
export function isSame(property: Property, before: Open | undefined, after: Open | undefined): boolean {
  if (hasUnknown(after)) return false;
  return canonical(property, before) === canonical(property, after);
}

function canonical(property: Property, value: Open | undefined): string | undefined {
  if (property.unordered && Array.isArray(value)) return JSON.stringify([...value].map(String).sort());
  if (property.type === "map" && value !== null && typeof value === "object" && !Array.isArray(value)) {
    return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  return JSON.stringify(value);
}
