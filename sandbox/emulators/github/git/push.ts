import { git } from "../../../git";
import { noObject, objectType } from "./git";

/** What happened to one ref. Ids are 40 hexadecimal digits, all zeros where there is no object. */
export interface RefChange {
  /** @example "refs/tags/release-v1.0.1" */
  ref: string;
  before: string;
  after: string;
}

export interface Person {
  name: string;
  email: string;
}

/** One commit of a push, with the paths that it touched. */
export interface PushedCommit {
  id: string;
  tree_id: string;
  distinct: boolean;
  message: string;
  /** ISO 8601 with the author's offset. */
  timestamp: string;
  author: Person;
  committer: Person;
  added: string[];
  removed: string[];
  modified: string[];
}

/** What a push did to one ref, before it is dressed up as a webhook. */
export interface PushDetails extends RefChange {
  created: boolean;
  deleted: boolean;
  /** The branch was moved to something that doesn't contain what it was at. */
  forced: boolean;
  /** Oldest first, at most 2048; empty for tags and deletions. */
  commits: PushedCommit[];
  /** The commit that the ref is at now; null after a deletion. */
  headCommit: PushedCommit | null;
}

/** GitHub's limit ("Webhook events and payloads", push). */
const maximumCommits = 2048;

/** Works out what a ref change brought ("Webhook events and payloads", push). */
export async function describeChange(folder: string, change: RefChange): Promise<PushDetails> {
  const created = change.before === noObject;
  const deleted = change.after === noObject;
  const head = deleted ? undefined : await commitOf(folder, change.after);
  const branch = change.ref.startsWith("refs/heads/");
  return {
    ...change,
    created,
    deleted,
    forced: branch && !created && !deleted && !(await contains(folder, change.after, change.before)),
    commits: branch && head !== undefined ? await commitsOf(folder, change, head) : [],
    headCommit: head === undefined ? null : ((await log(folder, ["-1", head]))[0] ?? null),
  };
}

/** The commit behind an id: itself, or what an annotated tag stands for. */
async function commitOf(folder: string, id: string): Promise<string | undefined> {
  try {
    return (await git(["-C", folder, "rev-parse", "--verify", "--quiet", `${id}^{commit}`])).trim();
  } catch {
    return undefined; // a tag of a tree or a blob
  }
}

async function commitsOf(folder: string, change: RefChange, head: string): Promise<PushedCommit[]> {
  const known =
    change.before !== noObject && (await objectType(folder, change.before)) === "commit"
      ? [`^${change.before}`]
      : ["--not", `--exclude=${change.ref.slice("refs/heads/".length)}`, "--branches"];
  return log(folder, ["--reverse", `--max-count=${maximumCommits}`, head, ...known]);
}

async function contains(folder: string, descendant: string, ancestor: string): Promise<boolean> {
  try {
    await git(["-C", folder, "merge-base", "--is-ancestor", ancestor, descendant]);
    return true;
  } catch {
    return false;
  }
}

const fields = "%x1e%H%x1f%T%x1f%aI%x1f%an%x1f%ae%x1f%cn%x1f%ce%x1f%B%x1f";

async function log(folder: string, args: string[]): Promise<PushedCommit[]> {
  const options = [
    "--no-renames",
    "--name-status",
    "--diff-merges=first-parent",
    "--root",
    "-z",
    `--format=${fields}`,
  ];
  const text = await git(["-C", folder, "log", ...options, ...args]);
  return text.split("\x1e").slice(1).map(parseCommit);
}

function parseCommit(record: string): PushedCommit {
  const [id, tree, time, author, authorEmail, committer, committerEmail, message, files = ""] =
    record.split("\x1f");
  const paths = parseFiles(files);
  return {
    id: id ?? "",
    tree_id: tree ?? "",
    distinct: true,
    message: (message ?? "").trimEnd(),
    timestamp: time ?? "",
    author: { name: author ?? "", email: authorEmail ?? "" },
    committer: { name: committer ?? "", email: committerEmail ?? "" },
    added: paths.get("A") ?? [],
    removed: paths.get("D") ?? [],
    modified: [...(paths.get("M") ?? []), ...(paths.get("T") ?? [])],
  };
}

/** Reads git's `--name-status -z`: status and path in turn. */
function parseFiles(text: string): Map<string, string[]> {
  const tokens = text
    .split("\0")
    .map((token) => token.replace(/^\n/, ""))
    .filter(Boolean);
  const found = new Map<string, string[]>();
  for (let at = 0; at + 1 < tokens.length; at += 2) {
    const [status = "", path = ""] = tokens.slice(at, at + 2);
    found.set(status, [...(found.get(status) ?? []), path]);
  }
  return found;
}
