import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { commonParameters } from "./parameters";

/** One call as the emulator saw it. */
export interface Call {
  /** When it came in, RFC 3339. */
  readonly time: string;
  /** Empty when the version was unknown. */
  readonly product: string;
  readonly action: string;
  /** Without the parameters of the gateway, secrets replaced by `***`. */
  readonly params: Readonly<Record<string, string>>;
  /** HTTP status that was, or would have been, sent. */
  readonly status: number;
  /** `Code` of the answer; `success` where a product sends none. */
  readonly code: string;
  readonly requestId: string;
  /** Milliseconds until the answer. */
  readonly ms: number;
  /** Kinds of the faults that applied. */
  readonly faults?: readonly string[];
}

const secret = /password|secret|token|signature|kubeconfig|privatekey/i;
/** Names that only look like a secret: they make a request repeatable, or a list pageable. */
const harmless = new Set(["ClientToken", "NextToken"]);

export function maskedParameters(parameters: ReadonlyMap<string, string>): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of parameters) {
    if (commonParameters.has(name) && name !== "RegionId") continue;
    shown[name] = secret.test(name) && !harmless.has(name) ? "***" : value;
  }
  return shown;
}

/** Keeps the calls of this process in memory and appends all of them, as JSON lines, to a file. */
export class CallLog {
  private readonly calls: Call[] = [];

  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
  }

  add(call: Call): void {
    this.calls.push(call);
    appendFileSync(this.file, `${JSON.stringify(call)}\n`, { mode: 0o600 });
  }

  list(): readonly Call[] {
    return [...this.calls];
  }
}
