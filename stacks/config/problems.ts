/**
 * Collects everything that is wrong with a stack's configuration, so that one run shows all of it.
 *
 * Every sentence reads `<key>: <what was found>; <what to do>`, and the key is the path in the stack file:
 * `ackone-delivery:registry.instance.edition: "Gold" is not an edition of ACR Enterprise; use Basic, Standard or Advanced`.
 */
import { VisibleError } from "../../components/error";

/** A path in the stack file: names of keys and indexes of lists. */
export type Path = readonly (string | number)[];

/** Stands for a value's own path in the message of a check that doesn't know where the value comes from. */
export const here = "\u0001";

export class Problems {
  private readonly sentences: string[] = [];

  /** @param complaint What was found, and what to do, without the key. */
  add(path: Path, complaint: string): void {
    this.addSentence(`${keyOf(path)}: ${complaint}`);
  }

  /** @param sentence A whole sentence. One that is there already is not repeated. */
  addSentence(sentence: string): void {
    if (!this.sentences.includes(sentence)) {
      this.sentences.push(sentence);
    }
  }

  /** Runs one of the components' checks (`check…(path, value)`) and keeps what it throws. */
  try(path: Path, check: (path: string) => void): boolean {
    try {
      check(keyOf(path));
      return true;
    } catch (error) {
      this.addSentence(messageOf(error));
      return false;
    }
  }

  get empty(): boolean {
    return this.sentences.length === 0;
  }

  get all(): readonly string[] {
    return this.sentences;
  }

  /** @throws VisibleError with all sentences, when there are any. */
  throwIfAny(): void {
    if (this.sentences.length > 0) {
      const count = this.sentences.length === 1 ? "1 problem" : `${this.sentences.length} problems`;
      throw new VisibleError(
        `The configuration of this stack has ${count}; nothing was created or changed.`,
        ...this.sentences.map((sentence) => `  ${sentence}`),
      );
    }
  }
}

/** Reports the second thing of the same name. */
export class Once {
  private readonly seen = new Map<string, Path>();

  constructor(
    private readonly base: Path,
    private readonly problems: Problems,
  ) {}

  /** @returns Whether it is the first of its name. */
  add(name: string, path: Path, complaint: (other: Path) => string): boolean {
    const other = this.seen.get(name);
    if (other === undefined) {
      this.seen.set(name, path);
      return true;
    }
    this.problems.add([...this.base, ...path], complaint(other));
    return false;
  }
}

/** The message of an error that a check threw on purpose; anything else is a mistake of ours and goes on. */
export function messageOf(error: unknown): string {
  if (error instanceof VisibleError) {
    return error.message;
  }
  throw error;
}

/** `["ackone-delivery:registry", "internet", "allow", 0]` -> `ackone-delivery:registry.internet.allow[0]` */
export function keyOf(path: Path): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join("");
}

/** A value as a person would write it in the stack file; long ones are cut. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** What to write instead of a name that doesn't exist: the nearest one, or all of them. */
export function suggestion(name: string, known: readonly string[]): string {
  const nearest = known
    .map((candidate) => ({ candidate, distance: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance)[0];
  if (nearest && nearest.distance <= Math.max(1, Math.floor(Math.min(name.length, 9) / 3))) {
    return `did you mean ${nearest.candidate}?`;
  }
  return known.length === 0 ? "there are none" : `use ${oneOf(known)}`;
}

/** `a, b or c` */
export function oneOf(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** Levenshtein distance, where two swapped neighbours count once. */
function distance(one: string, other: string): number {
  const rows = Array.from({ length: one.length + 1 }, (_, i) =>
    Array.from({ length: other.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  for (let i = 1; i <= one.length; i++) {
    for (let j = 1; j <= other.length; j++) {
      const cost = one[i - 1] === other[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      }
      rows[i]![j] = best;
    }
  }
  return rows[one.length]![other.length]!;
}
