/**
 * How a resource is defined: its properties as data, its life as functions. From the data come the schema, the check of
 * inputs, the defaults and the diff; the functions only ever see complete, known, plain values.
 */
import type { OpenApi } from "../openapi/client";
import type { CheckFailure } from "./protocol";
import type { Turns } from "./turns";
import type { OpenValues } from "./values";

export type PropertyType = "string" | "boolean" | "integer" | "strings" | "map";

/** One input or output. */
export interface Property {
  type: PropertyType;
  /** Documentation; the first sentence also explains a missing required input. */
  description: string;
  required?: boolean;
  default?: string | boolean | number | readonly string[] | Readonly<Record<string, string>>;
  /** The only values there are. */
  values?: readonly string[];
  /** What a string, or each string of a list, must look like; `means` completes "… is not …". */
  pattern?: { matches: (text: string) => boolean; means: string };
  /** A change needs a new resource. @default false */
  replaces?: boolean;
  /** Always encrypted in the state. @default false */
  secret?: boolean;
  /** The order of the list doesn't matter. @default false */
  unordered?: boolean;
}

export type Properties<T> = { [Name in keyof T]-?: Property };

/** What the functions of a resource work with. */
export interface Context {
  api: OpenApi;
  /** The limit of `customTimeouts`, else the given number of seconds. */
  seconds(limit: number): number;
  turns: Turns;
}

export interface ResourceDefinition<Inputs, Outputs> {
  /** Type token, `ackone:<module>:<Class>`. */
  token: string;
  description: string;
  inputs: Properties<Inputs>;
  /** Outputs besides the inputs. */
  outputs: Properties<Outputs>;
  /** A replacement can't exist beside what it replaces. @default false */
  deleteBeforeReplace?: boolean;
  /** Defaults that depend on other inputs. Inputs may still be missing or unknown. */
  defaults?(given: Partial<Inputs>): Partial<Inputs>;
  /**
   * Rules between inputs. An input that isn't known yet, or is wrong by itself, is missing; `given` tells it from one that
   * was left out.
   */
  check?(inputs: Partial<Inputs>, given: (name: keyof Inputs) => boolean): CheckFailure[];
  /** Changes that need a new resource although the property as such doesn't. */
  replaces?(olds: Inputs, news: Partial<Inputs>): (keyof Inputs)[];
  /** Outputs of a resource whose inputs haven't changed but which must be renewed by an update. */
  stale?(state: Inputs & Outputs): Promise<(keyof Outputs)[]>;
  /**
   * Outputs that are known before the change, for the preview. `state` is missing for a create. What isn't named is unknown
   * until then.
   */
  preview?(inputs: Partial<Inputs>, region: string, state?: Inputs & Outputs): Partial<Outputs>;
  /** Makes the thing, or finds what an interrupted run has made. */
  create(inputs: Inputs, context: Context): Promise<{ id: string; state: Inputs & Outputs }>;
  /** `undefined` when it is gone. `known` is the last state; it is missing for an import. */
  read(id: string, context: Context, known?: Inputs & Outputs): Promise<(Inputs & Outputs) | undefined>;
  update(id: string, inputs: Inputs, context: Context, olds: Inputs & Outputs): Promise<Inputs & Outputs>;
  /** Deleting what is gone succeeds. */
  delete(id: string, state: Inputs & Outputs, context: Context): Promise<void>;
}

/** A definition whose property types are checked; the generic part of the plugin sees them as plain values. */
export type AnyResource = ResourceDefinition<OpenValues, OpenValues>;

/** Defines a resource. The one place where the types of its properties are given up. */
export function defineResource<Inputs, Outputs>(
  definition: ResourceDefinition<Inputs, Outputs>,
): AnyResource {
  return definition as unknown as AnyResource;
}

/**
 * Thrown when what was asked for has been started but isn't ready within its time. The state carries what is known, so that
 * neither the next `up` nor `destroy` forgets it.
 */
export class UnfinishedError extends Error {
  override readonly name = "UnfinishedError";

  constructor(
    readonly id: string,
    readonly state: unknown,
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

/**
 * Splits an id at its colons; an id of another shape, which only an import can bring, is an error that shows the shape.
 */
export function parseId<Part extends string>(id: string, ...parts: readonly Part[]): Record<Part, string> {
  const given = id.split(":");
  if (given.length !== parts.length || given.includes("")) {
    const shape = parts.map((part) => `<${part}>`).join(":");
    throw new Error(`"${id}" is not an id of this resource; it looks like ${shape}.`);
  }
  return Object.fromEntries(parts.map((part, index) => [part, given[index]])) as Record<Part, string>;
}
