/**
 * The kinds of fields that a stack's configuration is made of. Each knows its own sentence for a wrong value, and what
 * `docs/configuration.md` says about it, so that the two can't part.
 *
 * zod/mini: the program loads this at every preview, and the full package takes a third longer.
 */
import * as z from "zod/mini";
import { check, type Rule } from "../../components/validation";
import { here, messageOf, oneOf, shown } from "./problems";

/** What the manual says about a field. */
export interface About {
  /** One or two sentences. */
  doc: string;
  /** A value as it stands in a stack file. */
  example?: unknown;
  /** What a value has to look like; part of the error sentence, too. */
  use?: string;
  /** The default, where it is not a plain value but follows from something else. */
  defaultDoc?: string;
  /** The alternatives of {@link variant} and {@link tagged}, by what chooses them: a key, or a key and its value. */
  variants?: Record<string, z.ZodMiniType>;
  /** What a name stands for, in the manual's paths. */
  placeholder?: string;
}

const abouts = new WeakMap<object, About>();

/** What the manual says about a schema made here; undefined for zod's own wrappers around one. */
export function aboutOf(schema: object): About | undefined {
  return abouts.get(schema);
}

function described<T extends object>(schema: T, about: About): T {
  abouts.set(schema, about);
  return schema;
}

interface Wanted extends About {
  /** What a right value is, after "is not": `an edition of ACR Enterprise`. */
  is: string;
  /** What to do instead: `use Basic, Standard or Advanced`. */
  use: string;
}

/** A check of the components: throws a VisibleError that starts with the path. */
export type Check<T> = (path: string, value: T) => void;

/** `path` without a value, or with a wrong one. */
function complaint(value: unknown, { is, use }: Pick<Wanted, "is" | "use">): string {
  return value === undefined || value === null
    ? `is missing; ${use}`
    : `${shown(value)} is not ${is}; ${use}`;
}

function error(wanted: Pick<Wanted, "is" | "use">) {
  return { error: (issue: { input?: unknown }) => complaint(issue.input, wanted) };
}

function obeys<T>(checks: Check<T>[]) {
  return z.check<T>((payload) => {
    try {
      for (const each of checks) {
        each(here, payload.value);
      }
    } catch (thrown) {
      payload.issues.push({ code: "custom", message: messageOf(thrown), input: payload.value });
    }
  });
}

export interface Text extends Wanted {
  pattern?: RegExp;
  /** The components' own rules. */
  rules?: Rule<string>[];
}

const anything = /(?:)/;

/** A string that matches a pattern or passes the components' checks. */
export function text({ pattern = anything, rules = [], ...wanted }: Text) {
  const checks = rules.map((rule) => (path: string, value: string) => void check(path, value, rule));
  const schema = z
    .string({
      error: ({ input }) => unquoted(input) ?? complaint(input, wanted),
    })
    .check(z.regex(pattern, error(wanted)), obeys(checks));
  return described(schema, wanted);
}

/** YAML reads 1.20, true and long ids as something else than text, and may have dropped digits then. */
function unquoted(input: unknown): string | undefined {
  return typeof input === "number" || typeof input === "boolean"
    ? `${shown(input)} is not text; put it in quotes, as it should be`
    : undefined;
}

/** One of a few words. */
export function choice<const T extends readonly [string, ...string[]]>(
  words: T,
  { is, ...rest }: About & { is: string },
) {
  const use = `use ${oneOf(words)}`;
  return described(z.enum(words, error({ is, use })), { ...rest, use });
}

/** true or false. */
export function flag(doc: string, defaultDoc?: string) {
  const wanted = { is: "true or false", use: "use true or false, without quotes" };
  return described(z.boolean(error(wanted)), { doc, defaultDoc });
}

/** One of a few numbers. */
export function number<const T extends readonly [number, ...number[]]>(
  values: T,
  { is, ...rest }: About & { is: string },
) {
  const use = `use ${oneOf(values.map(String))}`;
  return described(z.literal([...values], error({ is, use })), { ...rest, use });
}

/** A list. */
export function list<T extends z.ZodMiniType>(item: T, about: Pick<About, "doc" | "example" | "defaultDoc">) {
  const schema = z.array(item, error({ is: "a list", use: "write it as a list, like [a, b]" }));
  return described(schema, about);
}

/**
 * An object that refuses keys it doesn't know.
 *
 * @param check A rule about several of its fields; applied when each of them is right.
 */
export function group<S extends z.core.$ZodLooseShape>(
  doc: string,
  shape: S,
  check: Check<z.output<z.ZodMiniObject<S>>> = () => {},
) {
  const wanted = { is: "a group of keys", use: `use the keys ${oneOf(Object.keys(shape))}` };
  const schema = z
    .strictObject(shape, {
      // For keys it doesn't know the message is the list of those it knows: the reader of it finds the nearest.
      error: ({ code, input }) =>
        code === "unrecognized_keys" ? Object.keys(shape).join(" ") : complaint(input, wanted),
    })
    .check(obeys([check]));
  return described(schema, { doc });
}

/** Names of a person's choosing and what they stand for, like services. */
export function named<T extends z.ZodMiniType>(
  name: z.ZodMiniType<string, string>,
  value: T,
  { doc, placeholder, example }: Pick<About, "doc" | "example"> & { placeholder: string },
) {
  const schema = z.record(
    name,
    value,
    error({ is: "a group of names", use: "write an entry for each, like name: {…}" }),
  );
  return described(schema, { doc, placeholder, example });
}

type Union<S extends Record<string, z.ZodMiniType>> = z.output<S[keyof S]>;

/** Alternatives that are told apart by which key is there: `{fork: …}` or `{existing: …}`. */
export function variant<S extends Record<string, z.ZodMiniType>>(doc: string, variants: S) {
  const keys = Object.keys(variants);
  const label = (key: string) => key;
  return alternatives<S>(doc, variants, label, (input) => {
    const found = keys.filter((key) => Object.hasOwn(input, key));
    if (found.length === 1) {
      return { chosen: found[0]! };
    }
    const given =
      found.length === 0
        ? `has neither ${keys.join(" nor ")}; use one of them`
        : `has both ${found.join(" and ")}; keep one of them`;
    return { complaint: given };
  });
}

/** Alternatives that are told apart by the word under one key: `{type: ssh}`. */
export function tagged<S extends Record<string, z.ZodMiniType>>(
  doc: string,
  key: string,
  is: string,
  variants: S,
) {
  const words = Object.keys(variants);
  const label = (word: string) => `${key}: ${word}`;
  return alternatives<S>(doc, variants, label, (input) => {
    const word = input[key];
    return typeof word === "string" && Object.hasOwn(variants, word)
      ? { chosen: word }
      : { at: key, complaint: complaint(word, { is, use: `use ${oneOf(words)}` }) };
  });
}

type Choice = { chosen: string } | { at?: string; complaint: string };

/** @param label What chooses an alternative, for the manual. */
function alternatives<S extends Record<string, z.ZodMiniType>>(
  doc: string,
  variants: S,
  label: (name: string) => string,
  choose: (input: Record<string, unknown>) => Choice,
) {
  const schema = z.pipe(
    z.unknown(),
    z.transform((input, payload): Union<S> => {
      if (typeof input !== "object" || input === null || Array.isArray(input)) {
        const message = complaint(input, {
          is: "a group of keys",
          use: "see docs/configuration.md for its keys",
        });
        payload.issues.push({ code: "custom", message, input });
        return z.NEVER;
      }
      const choice = choose(input as Record<string, unknown>);
      if ("complaint" in choice) {
        payload.issues.push({
          code: "custom",
          message: choice.complaint,
          input,
          path: choice.at === undefined ? [] : [choice.at],
        });
        return z.NEVER;
      }
      const result = z.safeParse(variants[choice.chosen]!, input, { reportInput: true });
      if (result.success) {
        return result.data as Union<S>;
      }
      for (const issue of result.error.issues) {
        payload.issues.push({ ...issue, input: issue.input } as z.core.$ZodRawIssue);
      }
      return z.NEVER;
    }),
  );
  const labelled = Object.entries(variants).map(([name, variant]) => [label(name), variant]);
  return described(schema, { doc, variants: Object.fromEntries(labelled) });
}
