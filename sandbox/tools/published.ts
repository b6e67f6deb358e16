import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract } from "tar";
import type { Platform } from "./platform";
import { downloadsVariable } from "./sources";
import { type Download, ToolError, Unavailable, type Workplace } from "./tool";

interface Published {
  /** Address of the file for this platform. */
  url: (platform: Platform) => string;
  /** Address of its SHA-256: the bare sum, or a list in the format of `sha256sum`. */
  sums: (platform: Platform) => string;
  /** Default: all. */
  platforms?: readonly Platform["os"][];
}

/** An executable that is published as it is, with its checksum beside it. */
export function publishedProgram(name: string, published: Published): Download {
  return {
    addresses: (platform) => (offered(published, platform) ? [published.url(platform)] : []),
    async fetch(workplace) {
      await fetchVerified(published, workplace, join(workplace.folder, name));
      await chmod(join(workplace.folder, name), 0o755);
      return name;
    },
  };
}

/** An executable inside a `.tar.gz` that is published with its checksum. `member` is its path in the archive. */
export function publishedArchive(member: (platform: Platform) => string, published: Published): Download {
  return {
    addresses: (platform) => (offered(published, platform) ? [published.url(platform)] : []),
    async fetch(workplace) {
      const archive = join(workplace.scratch, "archive.tar.gz");
      const wanted = member(workplace.platform);
      await fetchVerified(published, workplace, archive);
      await extract({ file: archive, cwd: workplace.scratch, filter: (path) => path === wanted });
      await rename(join(workplace.scratch, wanted), join(workplace.folder, basename(wanted)));
      await chmod(join(workplace.folder, basename(wanted)), 0o755);
      return basename(wanted);
    },
  };
}

/**
 * Files that are published without checksums; theirs are written down here. The tool is the folder.
 * @param base address of the folder that holds them
 * @param files SHA-256 by path below `base`
 */
export function pinnedFiles(base: string, files: Record<string, string>): Download {
  const paths = Object.keys(files);
  return {
    addresses: () => [`${base}/${paths[0]}`],
    async fetch(workplace) {
      for (const [index, path] of paths.entries()) {
        const file = join(workplace.folder, path);
        await mkdir(dirname(file), { recursive: true });
        const sum = await save(`${base}/${path}`, file, workplace);
        if (sum !== files[path])
          await refuse(workplace, file, `${base}/${path}`, sum, "this sandbox was tested with", files[path]!);
        workplace.progress(`${index + 1} of ${paths.length} files`, (index + 1) / paths.length);
      }
      return ".";
    },
  };
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

function offered(published: Published, platform: Platform): boolean {
  return !published.platforms || published.platforms.includes(platform.os);
}

async function fetchVerified(published: Published, workplace: Workplace, file: string): Promise<void> {
  const url = published.url(workplace.platform);
  const sums = published.sums(workplace.platform);
  const list = await workplace.sources.text(sums, workplace.signal);
  const expected = list === undefined ? undefined : sumIn(list, basename(url));
  if (!expected) {
    throw new Unavailable(`${workplace.sources.address(sums)} has no checksum for ${basename(url)}`);
  }
  const sum = await save(url, file, workplace);
  if (sum !== expected)
    await refuse(workplace, file, url, sum, `${workplace.sources.address(sums)} says`, expected);
}

/** Never falls through to another way: a file that isn't what its publisher made is for a person to judge. */
async function refuse(
  workplace: Workplace,
  file: string,
  url: string,
  found: string,
  authority: string,
  expected: string,
): Promise<never> {
  await rm(file, { force: true });
  throw new ToolError(
    `${workplace.title} ${workplace.version}: ${workplace.sources.address(url)} has the SHA-256 ${found}, but ${authority} ${expected}. ` +
      "The file was deleted; something between its publisher and this machine changes it. " +
      `Try another network, or set ${downloadsVariable}=off to build the tools from verified Go modules.`,
  );
}

/** Downloads into a file. @returns its SHA-256 in hex */
async function save(url: string, file: string, workplace: Workplace): Promise<string> {
  const hash = createHash("sha256");
  let received = 0;
  const counted = async function* () {
    for await (const { chunk, total } of workplace.sources.bytes(url, workplace.signal)) {
      hash.update(chunk);
      received += chunk.length;
      workplace.progress(
        total ? `${megabytes(received)} of ${megabytes(total)} MB` : `${megabytes(received)} MB`,
        total && received / total,
      );
      yield chunk;
    }
  };
  await pipeline(Readable.from(counted()), createWriteStream(file), { signal: workplace.signal });
  return hash.digest("hex");
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0);
}
