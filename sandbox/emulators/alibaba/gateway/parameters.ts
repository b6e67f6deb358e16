import { invalid, missing } from "./errors";

/** How one parameter of an action is read from its text. */
export interface Parameter<T, R extends boolean = boolean> {
  readonly required: R;
  /** `list` is sent as `Name.1`, `Name.2`; `records` as `Name.1.Key`, `Name.1.Value`. */
  readonly form: "single" | "list" | "records";
  /** Members of a record; only for the form `records`. */
  readonly members?: Shape;
  parse(raw: string, name: string): T;
}

/** The parameter table of an action. */
export type Shape = { readonly [name: string]: Parameter<unknown> };

type Value<P> = P extends Parameter<infer T> ? T : never;

/** What an action receives: required parameters always, the others when they were sent. */
export type Values<S extends Shape> = {
  readonly [K in keyof S as S[K]["required"] extends true ? K : never]: Value<S[K]>;
} & {
  readonly [K in keyof S as S[K]["required"] extends true ? never : K]?: Value<S[K]>;
};

const single = <T>(parse: (raw: string, name: string) => T): Parameter<T, false> => ({
  required: false,
  form: "single",
  parse,
});

export const required = <const T>(parameter: Parameter<T>): Parameter<T, true> => ({
  ...parameter,
  required: true,
});

export const text = (options: { max?: number } = {}) =>
  single((raw, name) => {
    if (options.max !== undefined && raw.length > options.max) {
      throw invalid(name, `it has ${raw.length} characters, at most ${options.max} are allowed`);
    }
    return raw;
  });

export const integer = (options: { min?: number; max?: number } = {}) =>
  single((raw, name) => {
    const value = Number(raw);
    if (!/^-?\d+$/.test(raw)) throw invalid(name, `${raw} is not an integer`);
    if (value < (options.min ?? -Infinity) || value > (options.max ?? Infinity)) {
      throw invalid(
        name,
        `${raw} is out of range, allowed is ${options.min ?? "…"} to ${options.max ?? "…"}`,
      );
    }
    return value;
  });

export const flag = () =>
  single((raw, name) => {
    if (raw !== "true" && raw !== "false") throw invalid(name, `${raw} is not true or false`);
    return raw === "true";
  });

/** One of the given words; with `ignoreCase` the answer is spelled as in the table. */
export const choice = <const W extends string>(words: readonly W[], options: { ignoreCase?: boolean } = {}) =>
  single((raw, name): W => {
    const found = words.find((word) =>
      options.ignoreCase ? word.toLowerCase() === raw.toLowerCase() : word === raw,
    );
    if (found === undefined) throw invalid(name, `${raw} is none of ${words.join(", ")}`);
    return found;
  });

/** A JSON array of strings in one parameter, such as `VSwitches`. */
export const jsonStrings = () =>
  single((raw, name): string[] => {
    let value: unknown;
    try {
      value = JSON.parse(raw);
    } catch {
      throw invalid(name, "it is not JSON");
    }
    if (!Array.isArray(value) || !value.every((each) => typeof each === "string")) {
      throw invalid(name, "it is not a JSON array of strings");
    }
    return value as string[];
  });

/** Any JSON text. */
export const json = () =>
  single((raw, name): unknown => {
    try {
      return JSON.parse(raw);
    } catch {
      throw invalid(name, "it is not JSON");
    }
  });

export const list = (): Parameter<string[], false> => ({
  required: false,
  form: "list",
  parse: (raw) => [raw],
});

export const records = <S extends Shape>(members: S): Parameter<Values<S>[], false> => ({
  required: false,
  form: "records",
  members,
  parse: () => [],
});

/** Parameters of the gateway itself ("Common parameters" of RPC requests); any action may have them. */
export const commonParameters: ReadonlySet<string> = new Set([
  "Action",
  "Version",
  "Format",
  "RegionId",
  "AccessKeyId",
  "SecurityToken",
  "Signature",
  "SignatureMethod",
  "SignatureVersion",
  "SignatureNonce",
  "SignatureType",
  "Timestamp",
]);

/**
 * Reads the parameters of an action.
 *
 * An empty value counts as not sent, as it does at the gateway. Unlike the cloud, which ignores them,
 * parameters that the table doesn't have are refused: a misspelled one would otherwise pass every test.
 *
 * @throws ApiError `Missing<Name>` or `InvalidParameter`, HTTP 400
 */
export function readParameters<S extends Shape>(shape: S, sent: ReadonlyMap<string, string>): Values<S> {
  const values: Record<string, unknown> = {};
  const left = new Set([...sent.keys()].filter((name) => shape[name] || !commonParameters.has(name)));
  for (const [name, parameter] of Object.entries(shape)) {
    const value = readOne(name, parameter, sent, left);
    if (value !== undefined) values[name] = value;
    else if (parameter.required) throw missing(name);
  }
  for (const name of left) throw invalid(name, "the action has no such parameter");
  return values as Values<S>;
}

function readOne(
  name: string,
  parameter: Parameter<unknown>,
  sent: ReadonlyMap<string, string>,
  left: Set<string>,
): unknown {
  if (parameter.form === "single") {
    left.delete(name);
    const raw = sent.get(name);
    return raw === undefined || raw === "" ? undefined : parameter.parse(raw, name);
  }
  const values: unknown[] = [];
  for (let index = 1; ; index++) {
    const key = `${name}.${index}`;
    if (parameter.form === "list") {
      const raw = sent.get(key);
      if (raw === undefined) break;
      left.delete(key);
      values.push(raw);
    } else {
      const inner = new Map(
        [...sent]
          .filter(([each]) => each.startsWith(`${key}.`))
          .map(([each, raw]) => [each.slice(key.length + 1), raw]),
      );
      if (inner.size === 0) break;
      for (const each of inner.keys()) left.delete(`${key}.${each}`);
      values.push(readParameters(parameter.members ?? {}, inner));
    }
  }
  return values.length > 0 ? values : undefined;
}
