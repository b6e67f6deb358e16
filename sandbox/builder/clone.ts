import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import type { BuildOrder } from "../emulators/alibaba";

/** Where repositories of GitHub are found, and the token of the bound source account. */
export interface GitSource {
  /** Base of addresses: `<url>/<owner>/<name>.git`. */
  url: string;
  token: string;
}

/**
 * Checks the wanted commit out into a new folder, and nothing else of the repository.
 * @returns the commit, 40 hexadecimal digits
 * @throws Error with git's reason in one line
 */
export async function checkOut(
  { source }: BuildOrder,
  git: GitSource,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const { owner, name, type, ref, accountBound } = source;
  const address = `${git.url}/${owner}/${name}.git`;
  const wanted = source.commit ?? `refs/${type === "GIT_TAG" ? "tags" : "heads"}/${ref}`;
  const env = environment(accountBound ? git : undefined);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const run = (...args: string[]) => command(args, folder, env, signal);
  try {
    await run("init", "--quiet", "--template=");
    await run("fetch", "--quiet", "--depth=1", "--no-tags", address, wanted);
    await run("checkout", "--quiet", "--detach", "FETCH_HEAD");
    return (await run("rev-parse", "HEAD")).trim();
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(explain((error as Error).message, source, git.url));
  }
}

/** Public address of a repository: what people know it by, whatever answers for it here. */
export const publicAddress = ({ owner, name }: BuildOrder["source"]) => `https://github.com/${owner}/${name}`;

function explain(said: string, source: BuildOrder["source"], url: string): string {
  const repository = publicAddress(source);
  if (/could not read (?:Username|Password)|Authentication failed|not found|HTTP 40[134]/i.test(said)) {
    return source.accountBound
      ? `git clone ${repository}: the bound GitHub account can't read it, or it doesn't exist`
      : `git clone ${repository}: it is private or doesn't exist, and no GitHub account is bound to the instance`;
  }
  const reason =
    said
      .split("\n")
      .filter((line) => /^(?:fatal|error|remote):/.test(line))
      .at(-1) ?? said;
  return `git clone ${repository}: ${reason.replaceAll(url, "https://github.com")}`;
}

/** Nothing of the user's configuration; the token reaches git in its environment, where no process list shows it. */
function environment(git: GitSource | undefined): Record<string, string> {
  const basic = git && Buffer.from(`x-access-token:${git.token}`).toString("base64");
  return {
    PATH: process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
    ...(git && {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `http.${git.url}/.extraHeader`,
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
    }),
  };
}

function command(
  args: string[],
  cwd: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env, signal, timeout: 60_000, maxBuffer: 16 * 1024 * 1024 };
    execFile("git", args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.trim() || error.message));
      else resolve(stdout);
    });
  });
}
