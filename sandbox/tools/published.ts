import { chmod, mkdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { extract } from "tar";
import type { Platform } from "./platform";
import { type Download, Unavailable, type Workplace } from "./tool";
import { fetchVerified, publishedSum } from "./verified";

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
    addresses: (platform) => addresses(published, platform),
    async fetch(workplace) {
      await fetchPublished(published, workplace, join(workplace.folder, name));
      await chmod(join(workplace.folder, name), 0o755);
      return name;
    },
  };
}

/** An executable inside a `.tar.gz` that is published with its checksum. `member` is its path in the archive. */
export function publishedArchive(member: (platform: Platform) => string, published: Published): Download {
  return {
    addresses: (platform) => addresses(published, platform),
    async fetch(workplace) {
      const archive = join(workplace.scratch, "archive.tar.gz");
      const wanted = member(workplace.platform);
      await fetchPublished(published, workplace, archive);
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
  return {
    addresses: () => [`${base}/${Object.keys(files)[0]}`],
    async fetch(workplace) {
      for (const [path, sum] of Object.entries(files)) {
        const file = join(workplace.folder, path);
        await mkdir(dirname(file), { recursive: true });
        const expected = { sum, authority: "this sandbox was tested with" };
        await fetchVerified(`${base}/${path}`, file, expected, workplace);
      }
      return ".";
    },
  };
}

function addresses(published: Published, platform: Platform): string[] {
  const offered = !published.platforms || published.platforms.includes(platform.os);
  return offered ? [published.url(platform)] : [];
}

async function fetchPublished(published: Published, workplace: Workplace, file: string): Promise<void> {
  const url = published.url(workplace.platform);
  const sums = published.sums(workplace.platform);
  const expected = await publishedSum(sums, url, workplace);
  if (!expected) {
    throw new Unavailable(`${workplace.sources.address(sums)} has no checksum for ${basename(url)}`);
  }
  await fetchVerified(url, file, expected, workplace);
}
