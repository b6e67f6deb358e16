import { posix } from "node:path";
import { GitError } from "../git";
import type { Behaviour } from "./behaviour";
import type { GitAccess } from "./git-access";
import type { Git, GitClones } from "./git-clones";
import { Queues } from "./parallel";
import type { GitPort, GitWriteBack } from "./ports";
import type { Target } from "./write-back";

type Make = Parameters<GitPort["change"]>[2];

const author = "argocd-image-updater <noreply@argoproj.io>";

/** What was fetched, and the commit on top of it. Refs of the clone only. */
const base = "refs/updater/base";
const next = "refs/updater/next";

/** Names of a kustomization file, in kustomize's order. */
const kustomizations = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/**
 * Writes to repositories: fetches the branch, commits one file on top of it, pushes. It never merges: whoever pushed
 * in between wins, and this one tries again in the next cycle. What it fetched or pushed last is the base of the next
 * write as well, and it fetches again only when that turns out to matter: so many Applications can share a repository.
 */
export class GitWriter implements GitPort {
  readonly #clones: GitClones;
  readonly #access: (to: GitWriteBack) => Promise<GitAccess>;
  readonly #behaviour: Behaviour;
  readonly #queues = new Queues();
  /** By repository: the ref of its clone that is the last known commit of a branch, and the cycle that saw it. */
  readonly #tips = new Map<string, { ref: string; branch: string; cycle: number }>();
  #cycle = 0;

  constructor(clones: GitClones, access: (to: GitWriteBack) => Promise<GitAccess>, behaviour: Behaviour) {
    this.#clones = clones;
    this.#access = access;
    this.#behaviour = behaviour;
  }

  change(...[to, branch, make]: Parameters<GitPort["change"]>): Promise<boolean> {
    return this.#queues.run(to.repository, async () => {
      const access = await this.#access(to);
      try {
        return await this.#change(to, branch, make, access);
      } catch (error) {
        this.#clones.forget(to.repository);
        this.#tips.delete(to.repository);
        throw error instanceof GitError ? new Error(withoutCredentials(error.message)) : error;
      }
    });
  }

  /** From now on a fetch of the cycle before is too old to say that there is nothing to write. */
  beginCycle(): void {
    this.#cycle += 1;
  }

  async #change(to: GitWriteBack, branch: string, make: Make, access: GitAccess): Promise<boolean> {
    const { git, isNew } = await this.#clones.open(to.repository, access);
    const from = to.branch || (await defaultBranch(git));
    const pushTo = branch || from;
    const { repository, target } = to;
    const tip = this.#tips.get(repository);
    const cycle = this.#cycle;
    if (!isNew && tip?.branch === from && pushTo === from) {
      // Whether anybody pushed meanwhile shows when this is pushed.
      const written = await write(git, tip.ref, target, pushTo, make).catch((error: Error) => {
        if (!(error instanceof RejectedPush)) throw error;
        return "rejected" as const;
      });
      if (written === true) this.#tips.set(repository, { ref: next, branch: from, cycle });
      if (written === true || (written === false && tip.cycle === cycle)) return written;
    }
    this.#tips.delete(repository);
    const depth = isNew ? ["--depth", "1"] : [];
    const reuse = pushTo !== from && this.#behaviour.reusesWriteBranch;
    const reused = reuse && (await fetch(git, pushTo, depth));
    if (!reused && !(await fetch(git, from, depth))) {
      const where = withoutCredentials(repository);
      throw new Error(
        `could not find branch '${from}' of ${where}; to a tag or a commit nothing can be written`,
      );
    }
    const written = await write(git, base, target, pushTo, make);
    if (pushTo === from) {
      this.#tips.set(repository, { ref: written ? next : base, branch: from, cycle });
    }
    return written;
  }
}

/** Somebody else has pushed since the last fetch. */
class RejectedPush extends Error {}

/** Commits on top of a ref and pushes. @returns whether there was anything to write */
async function write(git: Git, on: string, target: Target, pushTo: string, make: Make): Promise<boolean> {
  const { path, content } = await readTarget(git, on, target);
  const change = make(content);
  if (change === undefined) return false;
  await git(["fast-import", "--quiet", "--force"], { input: commit(on, path, change) });
  await git(["push", "--quiet", "origin", `${next}:refs/heads/${pushTo}`]).catch((error: GitError) => {
    const said = `could not push ${pushTo} to origin: ${withoutCredentials(error.output ?? error.message)}`;
    throw /rejected\]/.test(said) ? new RejectedPush(said) : new Error(said);
  });
  return true;
}

/** @returns whether there is such a branch */
async function fetch(git: Git, branch: string, depth: string[]): Promise<boolean> {
  try {
    await git(["fetch", "--quiet", "--no-tags", ...depth, "origin", `+refs/heads/${branch}:${base}`]);
    return true;
  } catch (error) {
    if (error instanceof GitError && /couldn't find remote ref|invalid refspec/.test(error.output))
      return false;
    throw error;
  }
}

async function defaultBranch(git: Git): Promise<string> {
  const heads = await git(["ls-remote", "--symref", "origin", "HEAD"]);
  const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(heads)?.[1];
  if (branch === undefined) throw new Error("no default branch found in remote");
  return branch;
}

/** The file of a target with its content, which is undefined when it has to be made. */
async function readTarget(git: Git, on: string, target: Target): Promise<{ path: string; content?: string }> {
  const [folder, names] =
    target.kind === "kustomization"
      ? [target.path, kustomizations]
      : [posix.dirname(target.path), [posix.basename(target.path)]];
  if (posix.join(folder, ".").startsWith(".."))
    throw new Error(`${target.path} is outside of the repository`);
  for (const name of names) {
    const path = posix.join(folder, name);
    const content = await read(git, on, path);
    if (content !== undefined) return { path, content };
  }
  const path = posix.join(folder, names[0]!);
  if (target.kind !== "kustomization" && !(await isFolder(git, on, folder))) {
    throw new Error(`open ${path}: no such file or directory`);
  }
  return { path };
}

async function read(git: Git, on: string, path: string): Promise<string | undefined> {
  try {
    return await git(["cat-file", "blob", `${on}:${path}`]);
  } catch (error) {
    if (error instanceof GitError && /not a valid object name|does not exist in/i.test(error.output))
      return undefined;
    throw error;
  }
}

async function isFolder(git: Git, on: string, folder: string): Promise<boolean> {
  const name = folder === "." ? `${on}^{tree}` : `${on}:${folder}`;
  const type = await git(["cat-file", "-t", name]).catch(() => "");
  return type.trim() === "tree";
}

/** A commit of one file for `git fast-import`. */
function commit(
  on: string,
  path: string,
  { content, message }: { content: string; message: string },
): string {
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  return [
    `commit ${next}\n`,
    `committer ${author} ${Math.floor(Date.now() / 1000)} +0000\n`,
    data(message),
    `from ${on}^0\n`,
    `M 100644 inline ${JSON.stringify(path)}\n`,
    data(content),
  ].join("");
}

/** A URL may carry a password, and git repeats it. */
function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@\s]+@/g, "//").replace(/^hint:.*\n?/gm, "");
}
