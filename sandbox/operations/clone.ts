import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { OperatorContext } from "./context";
import { Shell } from "./shell";

/** A repository that is cloned for the time of an operation. */
export interface Clone {
  /** In the folder around the clone, where it was cloned from. */
  shell: Shell;
  folder: string;
  /** Names of all files. */
  files: string[];
  /** What a file says; undefined when the repository doesn't have it. */
  read(path: string): string | undefined;
}

export const urlOf = (fullName: string) => `https://github.com/${fullName}.git`;

/** Clones a repository, lets somebody work in it, and removes the clone. */
export async function inClone<T>(
  context: OperatorContext,
  fullName: string,
  work: (clone: Clone) => Promise<T>,
): Promise<T> {
  mkdirSync(context.workFolder, { recursive: true });
  const place = mkdtempSync(join(context.workFolder, "clone-"));
  try {
    const shell = new Shell(context, place);
    await shell.run([{ run: ["git", "clone", "--quiet", urlOf(fullName)], in: place }]);
    const folder = join(place, fullName.split("/")[1]!);
    const files = (await shell.read(["git", "ls-files"], folder)).split("\n").filter(Boolean);
    const read = (path: string) =>
      files.includes(path) ? readFileSync(join(folder, path), "utf8") : undefined;
    return await work({ shell, folder, files, read });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
