import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Copies the files of a folder and of those below it. The copies are ordinary files: Go's module cache is
 * read-only, and what is copied with its modes could neither be replaced nor removed.
 * @param to is made; files that it has already under the same names are overwritten
 */
export async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, copy);
    else await writeFile(copy, await readFile(source));
  }
}
