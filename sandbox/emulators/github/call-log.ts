import { appendFileSync } from "node:fs";

/** One request that the emulator saw, in the order in which the answers went out. Never holds a secret. */
export interface Call {
  time: string;
  method: string;
  /** With the query, without `/api/v3`. */
  path: string;
  /** 0 when the connection was dropped instead of answered. */
  status: number;
  /** Whose token it was. */
  login?: string;
  /** The JSON sent, with secrets as `********`. */
  body?: unknown;
  /** Milliseconds. */
  duration: number;
}

/** Keeps the calls of this run in memory and appends them to a file, one JSON object a line. */
export class CallLog {
  private readonly entries: Call[] = [];

  constructor(private readonly file: string) {}

  add(call: Call): void {
    const masked = { ...call, path: maskQuery(call.path), body: maskSecrets(call.body) };
    this.entries.push(masked);
    appendFileSync(this.file, `${JSON.stringify(masked)}\n`, { mode: 0o600 });
  }

  all(): Call[] {
    return [...this.entries];
  }
}

const secretName = /secret|token|password/i;

/** The value with every property whose name speaks of a secret replaced by GitHub's own mask. */
export function maskSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, secretName.test(name) ? "********" : maskSecrets(one)]),
  );
}

const maskQuery = (path: string) => path.replace(/([?&][^=&]*(?:token|secret)[^=&]*=)[^&]*/gi, "$1********");
