import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { GitError, git, isolatedEnvironment } from "../../../git";
import { initBare, listBranches } from "./git";

/**
 * Author and moment of the commit that a plain folder becomes: fixed, so that equal files have equal commit ids
 * in every sandbox.
 */
const identity = {
  GIT_AUTHOR_NAME: "ackone-samples",
  GIT_AUTHOR_EMAIL: "ackone-samples@users.noreply.github.com",
  GIT_AUTHOR_DATE: "2025-01-01T00:00:00Z",
  GIT_COMMITTER_NAME: "ackone-samples",
  GIT_COMMITTER_EMAIL: "ackone-samples@users.noreply.github.com",
  GIT_COMMITTER_DATE: "2025-01-01T00:00:00Z",
};

/** How long a clone from elsewhere may take, in milliseconds. */
export const cloneLimit = 120_000;

/**
 * Fills a new bare repository from outside the sandbox.
 *
 * @param source a folder with files (they become one commit on `main`, its .gitignore respected), a folder that
 * is a Git repository, or a URL (both are mirrored with all branches and tags)
 * @param target folder of the bare repository; removed again when this fails
 * @returns the default branch
 */
export async function importRepository(
  source: string,
  target: string,
  limit: number,
  signal: AbortSignal,
  layout: Layout = {},
): Promise<string> {
  try {
    if (isUrl(source)) return await mirror(source, target, limit, signal);
    const folder = resolve(source);
    if (!existsSync(folder)) throw new Error(`there is no folder "${source}"`);
    if (!statSync(folder).isDirectory())
      throw new Error(`"${source}" is a file; give a folder or the URL of a Git repository`);
    return isGitRepository(folder)
      ? await mirror(folder, target, limit, signal)
      : await commitFolder(folder, source, target, layout);
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    throw error;
  }
}

/** How the one commit of a plain folder looks. */
export interface Layout {
  /** Name of a folder at the root that everything is put into. @default the root itself */
  under?: string;
  /** Tag of the commit. @default none */
  tag?: string;
}

const isUrl = (source: string) =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(source) || /^[^/\\]+@[^/\\:]+:/.test(source);

const isGitRepository = (folder: string) =>
  existsSync(`${folder}/.git`) || (existsSync(`${folder}/HEAD`) && existsSync(`${folder}/objects`));

async function commitFolder(
  folder: string,
  source: string,
  target: string,
  { under, tag }: Layout,
): Promise<string> {
  if (readdirSync(folder).length === 0) throw new Error(`the folder "${source}" is empty`);
  await initBare(target, "main");
  const env = { ...isolatedEnvironment(), ...identity };
  const here = ["-C", folder, `--git-dir=${target}`, `--work-tree=${folder}`, "-c", "core.autocrlf=false"];
  await git([...here, "add", "--all", "."], { env });
  let tree = (await git([...here, "write-tree"], { env })).trim();
  if (under !== undefined) {
    const input = `040000 tree ${tree}\t${under}\n`;
    tree = (await git(["-C", target, "mktree"], { env, input })).trim();
  }
  const commit = (await git([...here, "commit-tree", tree, "-m", "Initial commit"], { env })).trim();
  await git(["-C", target, "update-ref", "refs/heads/main", commit]);
  if (tag !== undefined) await git(["-C", target, "update-ref", `refs/tags/${tag}`, commit]);
  rmSync(`${target}/index`, { force: true });
  return "main";
}

async function mirror(source: string, target: string, limit: number, signal: AbortSignal): Promise<string> {
  const shown = withoutCredentials(source);
  // The user's own settings count here: his credential helper, his SSH agent, his proxy.
  const env = {
    ...userEnvironment(),
    GIT_TERMINAL_PROMPT: "0",
    GIT_SSH_COMMAND: "ssh -o BatchMode=yes",
    LC_ALL: "C",
  };
  try {
    await git(["clone", "--quiet", "--mirror", "--template=", "--", source, target], {
      env,
      timeout: limit,
      signal,
    });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (error.timedOut) throw new Error(`cloning ${shown} took longer than ${limit / 1000} s`);
    throw new Error(`${shown} can't be cloned: ${lastLine(error.output).split(source).join(shown)}`);
  }
  const branches = await listBranches(target);
  if (branches.length === 0) throw new Error(`${shown} has no branches`);
  // A mirror remembers where it came from, with credentials if the URL had any; and keeps others' pull requests.
  await git(["-C", target, "remote", "remove", "origin"]);
  await dropForeignRefs(target);
  const head = (await git(["-C", target, "symbolic-ref", "--short", "HEAD"])).trim();
  if (branches.includes(head)) return head;
  return branches.includes("main") ? "main" : (branches[0] ?? "main");
}

async function dropForeignRefs(folder: string): Promise<void> {
  const refs = (await git(["-C", folder, "for-each-ref", "--format=%(refname)"])).split("\n").filter(Boolean);
  const foreign = refs.filter((ref) => !/^refs\/(heads|tags)\//.test(ref));
  const input = foreign.map((ref) => `delete ${ref}\n`).join("");
  if (input) await git(["-C", folder, "update-ref", "--stdin"], { input });
}

function userEnvironment(): Record<string, string> {
  const known = Object.entries(process.env).filter(
    ([name]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX)$/.test(name),
  );
  return Object.fromEntries(known.map(([name, value]) => [name, value ?? ""]));
}

/** The URL as it may be shown: user and password left out. */
const withoutCredentials = (source: string) => source.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, "$1");

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";
