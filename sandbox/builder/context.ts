import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { posix, resolve, sep } from "node:path";
import { DockerfileError } from "./dockerfile/instruction";

/** A file, link or folder that goes into an image. Paths are relative to the root, without a slash at either end. */
export interface Entry {
  path: string;
  kind: "file" | "folder" | "link";
  /** Permission bits. */
  mode: number;
  /** Of a file. */
  content?: Buffer;
  /** Of a link. */
  target?: string;
  uid: number;
  gid: number;
}

/** The files that COPY can name: a folder of the repository without what its `.dockerignore` excludes. */
export class BuildContext {
  readonly #entries = new Map<string, Entry>();

  private constructor(readonly folder: string) {}

  /**
   * @param root the checked-out repository
   * @param location folder in it, like `/` or `/server`
   * @throws Error when there is no such folder
   */
  static read(root: string, location: string): BuildContext {
    const folder = resolve(root, `.${posix.join("/", location)}`);
    if (!(folder === root || folder.startsWith(root + sep)) || !isFolder(folder)) {
      throw new Error(`unable to prepare context: path ${JSON.stringify(location)} not found`);
    }
    const context = new BuildContext(folder);
    const ignoreFile = resolve(folder, ".dockerignore");
    const ignored = ignoreRules(existsSync(ignoreFile) ? readFileSync(ignoreFile, "utf8") : "");
    context.#walk("", ignored);
    return context;
  }

  /** The text of a Dockerfile in it. Other than for COPY, `.dockerignore` doesn't matter. */
  dockerfile(name: string): string {
    const file = resolve(this.folder, name);
    if (!existsSync(file) || !lstatSync(file).isFile()) {
      throw new DockerfileError(`failed to read dockerfile: open ${name}: no such file or directory`);
    }
    return readFileSync(file, "utf8");
  }

  get bytes(): number {
    return [...this.#entries.values()].reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
  }

  get all(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  #walk(path: string, ignored: (path: string) => boolean): void {
    for (const name of readdirSync(resolve(this.folder, path)).sort()) {
      const inner = path === "" ? name : `${path}/${name}`;
      if (path === "" && name === ".git") continue;
      const file = resolve(this.folder, inner);
      const status = lstatSync(file);
      const base = { path: inner, mode: status.mode & 0o777, uid: 0, gid: 0 };
      if (status.isDirectory()) {
        if (!ignored(inner)) this.#entries.set(inner, { ...base, mode: 0o755, kind: "folder" });
        this.#walk(inner, ignored); // `!folder/file` may bring something of it back
      } else if (ignored(inner)) {
      } else if (status.isSymbolicLink()) {
        this.#entries.set(inner, { ...base, mode: 0o777, kind: "link", target: readlinkSync(file) });
      } else {
        // Git knows one permission only; the rest is the umask of whoever cloned.
        const mode = status.mode & 0o100 ? 0o755 : 0o644;
        this.#entries.set(inner, { ...base, mode, kind: "file", content: readFileSync(file) });
      }
    }
  }
}

/** Entries by a source of COPY: a file, a folder's contents, or a pattern; empty when nothing matches. */
export function select(
  entries: ReadonlyMap<string, Entry>,
  source: string,
): { from: string; found: Entry[] }[] {
  const path = posix.join("/", source).slice(1).replace(/\/$/, "");
  if (path === "") return [{ from: "", found: [...entries.values()] }];
  const matches = /[*?[]/.test(path) ? [...entries.keys()].filter(matcher(path)) : [path];
  return matches.flatMap((each) => {
    const entry = entries.get(each);
    const inside = [...entries.values()].filter((other) => other.path.startsWith(`${each}/`));
    if (!entry && inside.length === 0) return [];
    return [{ from: each, found: entry?.kind === "folder" || !entry ? inside : [entry] }];
  });
}

function isFolder(path: string): boolean {
  return existsSync(path) && lstatSync(path).isDirectory();
}

/** The patterns of `.dockerignore` ("Build context"): the last one that matches decides, `!` brings back. */
function ignoreRules(text: string): (path: string) => boolean {
  const rules = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const kept = line.startsWith("!");
      const pattern = posix
        .join("/", kept ? line.slice(1) : line)
        .slice(1)
        .replace(/\/$/, "");
      return { kept, matches: matcher(pattern) };
    });
  return (path) => {
    const parents = path.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"));
    let out = false;
    for (const { kept, matches } of rules) if (parents.some(matches)) out = !kept;
    return out;
  };
}

/** A pattern of Go's filepath.Match, with `**` for any number of folders. */
function matcher(pattern: string): (path: string) => boolean {
  const source = pattern.replace(/\*\*\/?|[*?]|\[[^\]]+\]|[.+^${}()|\\]/g, (token) => {
    if (token.startsWith("**")) return token.endsWith("/") ? "(?:.*/)?" : ".*";
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    return token.startsWith("[") ? token : `\\${token}`;
  });
  const expression = new RegExp(`^${source}$`);
  return (path) => expression.test(path);
}
