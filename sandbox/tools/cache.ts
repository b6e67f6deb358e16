import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Platform } from "./platform";
import type { EnsuredTool, Origin } from "./tool";

/** What a tool's folder says about itself. */
interface Label {
  /** Below the tool's folder. */
  path: string;
  version: string;
  origin: Origin;
  /** Bytes of the executable; a file that was cut short afterwards is found out. Absent for folders. */
  size?: number;
}

const labelName = "tool.json";

/**
 * The place of one tool, version and platform in the cache. It is either complete or absent: everything is
 * made in a neighbouring folder, which becomes the place in one step.
 */
export class Place {
  readonly folder: string;

  constructor(cacheDir: string, name: string, version: string, platform: Platform) {
    this.folder = join(cacheDir, `${name}-${version}-${platform.os}-${platform.arch}`);
  }

  get lockFile(): string {
    return `${this.folder}.lock`;
  }

  /** The tool that lies here, unless something of it is missing. */
  async look(): Promise<EnsuredTool | undefined> {
    try {
      const label = JSON.parse(await readFile(join(this.folder, labelName), "utf8")) as Label;
      const path = join(this.folder, label.path);
      const found = await stat(path);
      if (label.size !== undefined && found.size !== label.size) return undefined;
      return { path, version: label.version, origin: label.origin };
    } catch {
      return undefined;
    }
  }

  /**
   * Puts a tool here. To be called by the holder of the lock alone, because it clears away what killed runs left.
   * @param make fills the first folder with the tool and returns its path in it; the second one is for rubbish
   */
  async fill(
    origin: Origin,
    version: string,
    make: (folder: string, scratch: string) => Promise<string>,
  ): Promise<EnsuredTool> {
    await this.sweep();
    const part = await mkdtemp(`${this.folder}.part-`);
    const [folder, scratch] = [join(part, "tool"), join(part, "scratch")];
    try {
      await mkdir(folder);
      await mkdir(scratch);
      const path = await make(folder, scratch);
      const made = await stat(join(folder, path));
      const label: Label = { path, version, origin, ...(made.isFile() ? { size: made.size } : {}) };
      await writeFile(join(folder, labelName), `${JSON.stringify(label, null, 2)}\n`);
      await rm(this.folder, { recursive: true, force: true });
      await rename(folder, this.folder);
      return { path: join(this.folder, path), version, origin };
    } finally {
      await rm(part, { recursive: true, force: true });
    }
  }

  private async sweep(): Promise<void> {
    const parent = dirname(this.folder);
    const left = (await readdir(parent)).filter((name) => name.startsWith(`${basename(this.folder)}.part-`));
    for (const name of left) await rm(join(parent, name), { recursive: true, force: true });
  }
}

/**
 * Remembers for a day that a download couldn't be had and a stand-in was taken, so that not every start asks
 * again, and still a machine that gets a network gets the real thing.
 */
export class Remembered {
  private readonly file: string;

  /** @param source where the download was looked for; another one is worth another try */
  constructor(
    place: Place,
    private readonly source: string,
  ) {
    this.file = `${place.folder}.stand-in`;
  }

  async isFresh(): Promise<boolean> {
    try {
      const age = Date.now() - (await stat(this.file)).mtimeMs;
      return age < 24 * 3600_000 && (await readFile(this.file, "utf8")) === this.source;
    } catch {
      return false;
    }
  }

  async note(): Promise<void> {
    await writeFile(this.file, this.source);
  }
}
