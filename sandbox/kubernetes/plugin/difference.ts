import { isDeepStrictEqual } from "node:util";
import type { DiffKind } from "../../../provider/plugin/protocol";
import { type Open, UNKNOWN } from "../../../provider/plugin/values";
import { type Fields, isFields } from "./fields";

type Path = (string | number)[];
export type Differences = Record<string, DiffKind>;

/**
 * Compares what is there (`live`, pruned to the shape of the last inputs) with what is wanted.
 * @param immutable properties such as `spec.selector` whose change needs a replacement
 */
export function difference(live: Fields, wanted: Fields, immutable: string[]): Differences {
  const found: Differences = {};
  const record = (path: Path, kind: "add" | "delete" | "update") => {
    found[propertyPath(path)] = replaces(path, immutable) ? `${kind}-replace` : kind;
  };
  const compare = (path: Path, is: Open | undefined, should: Open | undefined): void => {
    if (is === undefined && should === undefined) return;
    if (should === undefined) {
      record(path, "delete");
    } else if (is === undefined) {
      record(path, "add");
    } else if (should === UNKNOWN) {
      record(path, "update");
    } else if (isFields(is) && isFields(should)) {
      for (const key of new Set([...Object.keys(is), ...Object.keys(should)])) {
        compare([...path, key], is[key], should[key]);
      }
    } else if (Array.isArray(is) && Array.isArray(should)) {
      for (let index = 0; index < Math.max(is.length, should.length); index++) {
        compare([...path, index], is[index], should[index]);
      }
    } else if (!isDeepStrictEqual(is, should)) {
      record(path, "update");
    }
  };
  compare([], live, wanted);
  return found;
}

/** A change at, below or above an immutable property. */
function replaces(path: Path, immutable: string[]): boolean {
  const names = path.filter((step) => typeof step === "string");
  return immutable.some((property) => {
    const steps = property.split(".");
    const shared = Math.min(steps.length, names.length);
    return steps.slice(0, shared).every((step, index) => step === names[index]);
  });
}

/** Pulumi's notation: `metadata.annotations["a.b/c"]`, `spec.rules[0].host`. */
function propertyPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (/[."[\]]/.test(step)) return `${text}["${step.replaceAll('"', '\\"')}"]`;
    return text ? `${text}.${step}` : step;
  }, "");
}
