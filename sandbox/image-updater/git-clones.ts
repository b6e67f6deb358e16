import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type GitOptions, git, isolatedEnvironment } from "../git";
import type { GitAccess } from "./git-access";

/** Answers git's questions for user and password from the environment, so that neither is an argument of anything. */
const askpass = `#!/bin/sh
case "$1" in
  Username*) printf '%s\\n' "$UPDATER_GIT_USERNAME" ;;
  *) printf '%s\\n' "$UPDATER_GIT_PASSWORD" ;;
esac
`;

/** How a host is reached that only exists in the sandbox. */
const proxies = [
  "HTTPS_PROXY",
  "https_proxy",
  "HTTP_PROXY",
  "http_proxy",
  "ALL_PROXY",
  "NO_PROXY",
  "no_proxy",
];

/** Runs git in one clone of a repository, as somebody. */
export type Git = (args: string[], options?: Pick<GitOptions, "input">) => Promise<string>;

/**
 * Bare, shallow clones, one a repository. They only save time: everything is fetched before it is used, and a start
 * throws away what the last run left, whatever state that is in.
 */
export class GitClones {
  readonly #folder: string;
  readonly #askpass: string;
  readonly #caFile: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #signal: AbortSignal;

  /**
   * @param home an own folder
   * @param caFile PEM of the authorities that git trusts
   * @param environment where proxies are named
   * @param signal ends git commands that run
   */
  constructor(home: string, caFile: string, environment: NodeJS.ProcessEnv, signal: AbortSignal) {
    this.#folder = join(home, "clones");
    this.#askpass = join(home, "askpass.sh");
    this.#caFile = caFile;
    this.#environment = environment;
    this.#signal = signal;
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeFileSync(this.#askpass, askpass, { mode: 0o700 });
  }

  /** Whether a clone holds anything; a first fetch can be shallow. */
  async open(repository: string, access: GitAccess): Promise<{ git: Git; isNew: boolean }> {
    const folder = this.#folderOf(repository);
    const env = this.#environmentOf(repository, access);
    const run: Git = (args, options = {}) =>
      git(args, { ...options, cwd: folder, env, signal: this.#signal });
    const isNew = !existsSync(folder);
    if (isNew) {
      mkdirSync(folder, { mode: 0o700 });
      await run(["init", "--quiet", "--bare", "--template="]);
    }
    return { git: run, isNew };
  }

  /** After a failure: whatever is wrong with a clone, the next one is new. */
  forget(repository: string): void {
    rmSync(this.#folderOf(repository), { recursive: true, force: true });
  }

  #folderOf(repository: string): string {
    return join(this.#folder, createHash("sha256").update(repository).digest("hex").slice(0, 16));
  }

  #environmentOf(repository: string, access: GitAccess): Record<string, string> {
    const given = this.#environment;
    const config = [
      ["remote.origin.url", repository],
      ["gc.auto", "0"],
      ["maintenance.auto", "false"],
    ];
    const settings = config.flatMap(([key, value], i) => [
      [`GIT_CONFIG_KEY_${i}`, key],
      [`GIT_CONFIG_VALUE_${i}`, value],
    ]);
    return {
      ...isolatedEnvironment(),
      ...Object.fromEntries(proxies.flatMap((name) => (given[name] ? [[name, given[name]]] : []))),
      ...Object.fromEntries(settings),
      GIT_CONFIG_COUNT: String(config.length),
      GIT_ASKPASS: this.#askpass,
      UPDATER_GIT_USERNAME: access.username,
      UPDATER_GIT_PASSWORD: access.password,
      ...(access.insecure && { GIT_SSL_NO_VERIFY: "true" }),
      GIT_SSL_CAINFO: this.#caFile,
    };
  }
}
