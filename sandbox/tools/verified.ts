import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { downloadsVariable } from "./sources";
import { ToolError, type Workplace } from "./tool";

/** A SHA-256 in lower case, and who says it, for the sentence that refuses another one. */
export interface Expected {
  sum: string;
  /** With its verb: `https://…/SHA256SUMS says`. */
  authority: string;
}

/**
 * What is published beside a file about its content.
 * @param sums address of the bare sum, or of a list in the format of `sha256sum`
 * @returns undefined if nothing is published there, or not for this file
 */
export async function publishedSum(
  sums: string,
  url: string,
  { sources, signal }: Workplace,
): Promise<Expected | undefined> {
  const list = await sources.text(sums, signal);
  const sum = list === undefined ? undefined : sumIn(list, basename(url));
  return sum ? { sum, authority: `${sources.address(sums)} says` } : undefined;
}

/**
 * The SHA-256 that a list in the format of `sha256sum` (or a file with nothing but the sum) gives for a file.
 * Undefined when the file isn't in it.
 */
export function sumIn(list: string, file: string): string | undefined {
  const bare = list.trim();
  if (/^[0-9a-f]{64}$/i.test(bare)) return bare.toLowerCase();
  for (const line of bare.split("\n")) {
    const [sum, name] = line.trim().split(/\s+\*?/);
    if (name?.replace(/^\.\//, "") === file && /^[0-9a-f]{64}$/i.test(sum!)) return sum!.toLowerCase();
  }
  return undefined;
}

/**
 * Downloads into a file, with progress.
 * @throws ToolError if the content isn't the expected one. That never falls through to another way: a file that
 *   isn't what its publisher made is for a person to judge.
 */
export async function fetchVerified(
  url: string,
  file: string,
  expected: Expected,
  workplace: Workplace,
): Promise<void> {
  const sum = await save(url, file, workplace);
  if (sum === expected.sum) return;
  await rm(file, { force: true });
  throw new ToolError(
    `${workplace.title} ${workplace.version}: ${workplace.sources.address(url)} has the SHA-256 ${sum}, ` +
      `but ${expected.authority} ${expected.sum}. ` +
      "The file was deleted; something between its publisher and this machine changes it. " +
      `Try another network, or set ${downloadsVariable}=off to do without downloads.`,
  );
}

/** @returns the SHA-256 in hex */
async function save(url: string, file: string, workplace: Workplace): Promise<string> {
  const hash = createHash("sha256");
  let received = 0;
  const counted = async function* () {
    for await (const { chunk, total } of workplace.sources.bytes(url, workplace.signal)) {
      hash.update(chunk);
      received += chunk.length;
      const of = total ? ` of ${megabytes(total)}` : "";
      workplace.progress(`${megabytes(received)}${of} MB`, total && received / total);
      yield chunk;
    }
  };
  await pipeline(Readable.from(counted()), createWriteStream(file), { signal: workplace.signal });
  return hash.digest("hex");
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0);
}
