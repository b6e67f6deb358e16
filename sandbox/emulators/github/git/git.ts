import { git } from "../../../git";

/** Makes an empty bare repository whose HEAD names the default branch. */
export async function initBare(folder: string, defaultBranch: string): Promise<void> {
  await git(["init", "--quiet", "--bare", "--template=", `--initial-branch=${defaultBranch}`, folder]);
}

/** Full ref name to object id, branches and tags. */
export async function listRefs(folder: string): Promise<Map<string, string>> {
  const text = await git([
    "-C",
    folder,
    "for-each-ref",
    "--format=%(refname) %(objectname)",
    "refs/heads",
    "refs/tags",
  ]);
  return new Map(
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split(" ") as [string, string]),
  );
}

/** Names of the branches, sorted. */
export async function listBranches(folder: string): Promise<string[]> {
  const refs = await listRefs(folder);
  return [...refs.keys()]
    .filter((ref) => ref.startsWith("refs/heads/"))
    .map((ref) => ref.slice("refs/heads/".length));
}

/** The type of an object, or undefined when the repository doesn't hold it. */
export async function objectType(folder: string, id: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{40}$/.test(id)) return undefined;
  try {
    return (await git(["-C", folder, "cat-file", "-t", id])).trim();
  } catch {
    return undefined;
  }
}

/**
 * The types of objects or of what refs stand for, in their order; undefined for each that isn't there.
 * @param names full ids or valid ref names
 */
export async function objectTypes(folder: string, names: string[]): Promise<(string | undefined)[]> {
  const input = `${names.join("\n")}\n`;
  const text = await git(["-C", folder, "cat-file", "--batch-check=%(objecttype)"], { input });
  return text
    .trimEnd()
    .split("\n")
    .map((line) => (line.includes(" ") ? undefined : line));
}

/** Names that need no look at git's list of exceptions. */
const plainRef = /^refs(\/[\w-]+(\.[\w-]+)*)+$/;

export async function isValidRef(ref: string): Promise<boolean> {
  if (plainRef.test(ref) && !/\.lock(\/|$)/.test(ref)) return true;
  try {
    await git(["check-ref-format", ref]);
    return true;
  } catch {
    return false;
  }
}

/** Sets, moves or deletes one ref, and fails when it isn't at `before` any more. */
export async function updateRef(folder: string, ref: string, after: string, before: string): Promise<void> {
  await git(["-C", folder, "update-ref", ref, after, before]);
}

export async function setHead(folder: string, branch: string): Promise<void> {
  await git(["-C", folder, "symbolic-ref", "HEAD", `refs/heads/${branch}`]);
}

/** The id that stands for "no object" on either side of a ref change. */
export const noObject = "0".repeat(40);
