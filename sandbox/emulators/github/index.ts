/**
 * A GitHub for the sandbox: the REST calls that the GitHub provider makes (as GitHub Enterprise Server, under
 * `/api/v3`), real git over HTTP, webhooks and forks. State survives a restart; everything binds to loopback.
 */
import { join } from "node:path";
import { Access } from "./access";
import { type AddOptions, addRepository } from "./add-repository";
import { type Call, CallLog } from "./call-log";
import { Courier, type Internet } from "./delivery";
import { dump, type GithubDump } from "./dump";
import { Faults } from "./faults";
import { GitEndpoint } from "./git/endpoint";
import { HttpBackend } from "./git/http-backend";
import { Representation } from "./representation";
import { RestEndpoint } from "./rest/endpoint";
import { GithubServer } from "./server";
import { type PushEvent, Service } from "./service";
import { Store } from "./store";
import type { Owner } from "./types";
import { Webhooks } from "./webhooks";

export type { AddOptions } from "./add-repository";
export type { Call } from "./call-log";
export type { Internet } from "./delivery";
export type { GithubDump } from "./dump";
export type { Fault, Faults } from "./faults";
export type { PushEvent } from "./service";
export type { Owner } from "./types";

export interface GithubOptions extends Internet {
  /** Folder for all of its state; made when it isn't there. */
  home: string;
  /** @default a free one */
  port?: number;
  /** Personal access tokens and whose they are. Every login is a user account. */
  tokens: { token: string; login: string }[];
  /**
   * The other accounts. A name alone is an organisation that all users administer;
   * `{login, type: "Organization", members: []}` is one whose public repositories can only be read.
   */
  owners: (string | Owner)[];
  /** Milliseconds until a new fork has its content. @default 300 */
  forkDelay?: number;
  /** Hears of every ref that a push creates, moves or deletes, as the hooks do; a slow listener delays no push. */
  onPush?: (event: PushEvent) => void;
}

export interface Github {
  port: number;
  /** What the provider takes as base URL and git URLs begin with. @example "http://127.0.0.1:41234" */
  url: string;
  /** Whether a repository is there, for those who only read names. */
  exists(owner: string, name: string): boolean;
  /**
   * Adds a public repository from a plain folder (one commit on `main`), a Git repository on disk or a URL.
   *
   * @param fullName "owner/name"; the owner must be one of the accounts
   * @returns the default branch
   */
  addRepository(
    fullName: string,
    folderOrUrl: string,
    options?: AddOptions,
  ): Promise<{ defaultBranch: string }>;
  /** A further token of a user, until the emulator stops: what is not among its options isn't kept. */
  addToken(token: string, login: string): void;
  /** Refuses a token from now on, until the emulator stops. */
  revokeToken(token: string): void;
  /** What exists, as tables. */
  dump(): Promise<GithubDump>;
  /** The calls of this run, oldest first; all runs are in `calls.jsonl` of the home. */
  calls(): Call[];
  faults: Faults;
  /** Resolves when forks have their content and all hooks have been called. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the emulator; resolves when it listens. */
export async function startGithub(options: GithubOptions): Promise<Github> {
  const { home, tokens, owners, forkDelay = 300, onPush = () => {} } = options;
  const store = new Store(join(home, "state.json"), join(home, "repositories"));
  const access = new Access(tokens, owners);
  const faults = new Faults();
  const log = new CallLog(join(home, "calls.jsonl"));
  const backend = new HttpBackend(home);
  const server = new GithubServer(faults, log);
  const port = await server.start(options.port ?? 0);
  const url = `http://127.0.0.1:${port}`;
  const show = new Representation(url, store, access);
  const service = new Service(
    store,
    access,
    show,
    new Webhooks(store, show, new Courier(options)),
    forkDelay,
    onPush,
  );
  await service.resume();
  const rest = new RestEndpoint(service);
  const git = new GitEndpoint(service, backend);
  server.serve({
    rest: (exchange, path) => rest.serve(exchange, path),
    git: (exchange, path, query) => git.serve(exchange, path, query),
  });
  const stopping = new AbortController();

  return {
    port,
    url,
    exists: (owner, name) => store.find(owner, name) !== undefined,
    addRepository: (name, source, more = {}) => addRepository(service, name, source, more, stopping.signal),
    addToken: (token, login) => access.addToken(token, login),
    revokeToken: (token) => access.revokeToken(token),
    dump: () => dump(service),
    calls: () => log.all(),
    faults,
    settled: () => service.settled(),
    async stop() {
      stopping.abort();
      faults.clear();
      await server.stop();
      backend.stop();
      await service.stop();
    },
  };
}
