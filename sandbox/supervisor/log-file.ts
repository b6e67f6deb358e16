import { createWriteStream, existsSync, mkdirSync, renameSync, type WriteStream } from "node:fs";
import { dirname } from "node:path";

/** What stands in a log where a secret stood. */
const mask = "********";

/** Replaces every secret in `text`; the longest first, so that one secret inside another leaves no rest. */
export function masked(text: string, secrets: readonly string[]): string {
  return [...secrets]
    .filter((secret) => secret.length > 0)
    .sort((one, other) => other.length - one.length)
    .reduce((result, secret) => result.replaceAll(secret, mask), text);
}

/**
 * The log of one process. Keeps the last lines in memory for error messages, and the previous run's file as
 * `<file>.1`. Text is masked by whole lines, because a secret may arrive in two chunks.
 */
export class LogFile {
  readonly #stream: WriteStream;
  readonly #secrets: readonly string[];
  readonly #tail: string[] = [];
  readonly #partial = new Map<string, string>();

  constructor(file: string, secrets: readonly string[] = []) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (existsSync(file)) renameSync(file, `${file}.1`);
    this.#stream = createWriteStream(file, { mode: 0o600 });
    this.#stream.on("error", () => {}); // a full disk must not take the sandbox down
    this.#secrets = secrets;
  }

  /** Adds a chunk of the channel's output; channels (stdout, stderr) keep separate unfinished lines. */
  write(channel: string, chunk: string): void {
    const lines = ((this.#partial.get(channel) ?? "") + chunk).split("\n");
    this.#partial.set(channel, lines.pop() ?? "");
    for (const line of lines) this.#line(line);
  }

  /** The last lines, masked. */
  tail(lines = 12): string {
    return this.#tail.slice(-lines).join("\n");
  }

  /** Writes what is left of unfinished lines and waits until the file has everything. */
  async close(): Promise<void> {
    for (const rest of this.#partial.values()) if (rest) this.#line(rest);
    this.#partial.clear();
    await new Promise<void>((done) => this.#stream.end(done));
  }

  #line(line: string): void {
    const clean = masked(line, this.#secrets);
    this.#tail.push(clean);
    if (this.#tail.length > 100) this.#tail.shift();
    this.#stream.write(`${clean}\n`);
  }
}
