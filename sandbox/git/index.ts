import { execFile } from "node:child_process";
import { delimiter } from "node:path";

export interface GitOptions {
  cwd?: string;
  env?: Record<string, string>;
  input?: string;
  /** Milliseconds before the command is killed. @default 60000 */
  timeout?: number;
  signal?: AbortSignal;
}

/** A git command that failed, with what git said. */
export class GitError extends Error {
  constructor(
    command: string,
    readonly output: string,
    readonly timedOut: boolean,
  ) {
    super(`${command}: ${timedOut ? "took too long" : output}`);
  }
}

/**
 * Environment that keeps git from reading anything of the user's: no configuration, no prompts, no editor, and
 * none of the GIT_* variables of a surrounding git command (a hook that starts the sandbox, for instance).
 */
export function isolatedEnvironment(): Record<string, string> {
  return {
    PATH: process.env.PATH ?? ["/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
  };
}

/** Runs git and gives back its standard output. */
export async function git(args: string[], options: GitOptions = {}): Promise<string> {
  const { cwd, input, timeout = 60_000, signal } = options;
  const env = options.env ?? isolatedEnvironment();
  return new Promise((resolve, reject) => {
    const child = execFile(
      "git",
      args,
      { cwd, env, timeout, signal, killSignal: "SIGKILL", maxBuffer: 256 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const said = stderr.trim() || error.message;
        reject(new GitError(`git ${args[0] === "-C" ? args[2] : args[0]}`, said, error.killed === true));
      },
    );
    child.stdin?.on("error", () => {}); // git may end without reading everything
    child.stdin?.end(input ?? "");
  });
}
