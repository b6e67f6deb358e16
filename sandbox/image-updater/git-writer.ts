import { posix } from "node:path";
import { GitError } from "../emulators/github/git/git";
import type { Behaviour } from "./behaviour";
import type { GitAccess } from "./git-access";
import type { Git, GitClones } from "./git-clones";
import { Queues } from "./parallel";
import type { GitPort, GitWriteBack } from "./ports";
import type { Target } from "./write-back";

const author = "argocd-image-updater <noreply@argoproj.io>";

/** What was fetched, and the commit on top of it. Refs of the clone only. */
const base = "refs/updater/base";
const next = "refs/updater/next";

/** Names of a kustomization file, in kustomize's order. */
const kustomizations = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/**
 * Writes to repositories: fetches the branch, commits one file on top of it, pushes. It never merges: whoever pushed
 * in between wins, and this one tries again in the next cycle.
 */
export class GitWriter implements GitPort {
  readonly #clones: GitClones;
  readonly #access: (to: GitWriteBack) => Promise<GitAccess>;
  readonly #behaviour: Behaviour;
  readonly #queues = new Queues();

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
        throw error instanceof GitError ? new Error(withoutCredentials(error.message)) : error;
      }
    });
  }

  async #change(
    to: GitWriteBack,
    branch: string,
    make: Parameters<GitPort["change"]>[2],
    access: GitAccess,
  ): Promise<boolean> {
    const { git, isNew } = await this.#clones.open(to.repository, access);
    const depth = isNew ? ["--depth", "1"] : [];
    const from = to.branch || (await defaultBranch(git));
    const pushTo = branch || from;
    const reuse = pushTo !== from && this.#behaviour.reusesWriteBranch;
    if (!(reuse && (await fetch(git, pushTo, depth))) && !(await fetch(git, from, depth))) {
      throw new Error(
        `could not find branch '${from}' of ${withoutCredentials(to.repository)}; to a tag or a commit nothing can be written`,
      );
    }
    const { path, content } = await readTarget(git, to.target);
    const change = make(content);
    if (change === undefined) return false;
    await git(["fast-import", "--quiet", "--force"], { input: commit(path, change) });
    await git(["push", "--quiet", "origin", `${next}:refs/heads/${pushTo}`]).catch((error: GitError) => {
      throw new Error(`could not push ${pushTo} to origin: ${withoutCredentials(error.output)}`);
    });
    return true;
  }
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
async function readTarget(git: Git, target: Target): Promise<{ path: string; content?: string }> {
  const [folder, names] =
    target.kind === "kustomization"
      ? [target.path, kustomizations]
      : [posix.dirname(target.path), [posix.basename(target.path)]];
  if (posix.join(folder, ".").startsWith(".."))
    throw new Error(`${target.path} is outside of the repository`);
  for (const name of names) {
    const path = posix.join(folder, name);
    const content = await read(git, path);
    if (content !== undefined) return { path, content };
  }
  const path = posix.join(folder, names[0]!);
  if (target.kind !== "kustomization" && !(await isFolder(git, folder))) {
    throw new Error(`open ${path}: no such file or directory`);
  }
  return { path };
}

async function read(git: Git, path: string): Promise<string | undefined> {
  try {
    return await git(["cat-file", "blob", `${base}:${path}`]);
  } catch (error) {
    if (error instanceof GitError && /not a valid object name|does not exist in/i.test(error.output))
      return undefined;
    throw error;
  }
}

async function isFolder(git: Git, folder: string): Promise<boolean> {
  const name = folder === "." ? `${base}^{tree}` : `${base}:${folder}`;
  const type = await git(["cat-file", "-t", name]).catch(() => "");
  return type.trim() === "tree";
}

/** A commit of one file for `git fast-import`. */
function commit(path: string, { content, message }: { content: string; message: string }): string {
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  return [
    `commit ${next}\n`,
    `committer ${author} ${Math.floor(Date.now() / 1000)} +0000\n`,
    data(message),
    `from ${base}^0\n`,
    `M 100644 inline ${JSON.stringify(path)}\n`,
    data(content),
  ].join("");
}

/** A URL may carry a password, and git repeats it. */
function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@\s]+@/g, "//").replace(/^hint:.*\n?/gm, "");
}
