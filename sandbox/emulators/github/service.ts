import { setMaxListeners } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { git, isolatedEnvironment } from "../../git";
import type { Access, Caller } from "./access";
import { archivedError, notFound } from "./errors";
import { initBare, listBranches, setHead } from "./git/git";
import { describeChange, type PushDetails, type RefChange } from "./git/push";
import type { Representation } from "./representation";
import type { Store } from "./store";
import { fullName, type Repository, timestamp } from "./types";
import type { Webhooks } from "./webhooks";

/** What a push to one ref tells whoever listens inside the sandbox, such as the image builder. */
export interface PushEvent extends PushDetails {
  owner: string;
  name: string;
  /** Whose token pushed. */
  login: string;
  /** Folder of the bare repository. */
  gitFolder: string;
}

/**
 * GitHub makes no events for a push of more than three tags at once ("Webhook events and payloads", push).
 */
const maximumTagEvents = 3;

/** What the REST calls and the git side have in common. */
export class Service {
  /** Copies of forks and push events under way. */
  private readonly pending = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  /** One push at a time, so that many at once are all accepted before the work that they cause begins. */
  private announcing = Promise.resolve();

  constructor(
    readonly store: Store,
    readonly access: Access,
    readonly show: Representation,
    readonly webhooks: Webhooks,
    private readonly forkDelay: number,
    private readonly onPush: (event: PushEvent) => void,
  ) {
    setMaxListeners(0, this.stopping.signal); // any number of forks at once
  }

  /** The repository, as far as the caller may know of it. */
  readable(caller: Caller, owner: string, name: string): Repository {
    const repository = this.store.find(owner, name);
    if (!repository || !this.access.canRead(caller, repository)) throw notFound();
    return repository;
  }

  /** The repository, for a call that changes it or reads its settings. */
  administered(caller: Caller, owner: string, name: string): Repository {
    const repository = this.readable(caller, owner, name);
    this.access.requireAdmin(caller, repository);
    return repository;
  }

  /** The same for a call that an archived repository refuses. */
  changeable(caller: Caller, owner: string, name: string): Repository {
    const repository = this.administered(caller, owner, name);
    if (repository.archived) throw archivedError();
    return repository;
  }

  folderOf(repository: Repository): string {
    return this.store.folderOf(repository);
  }

  async remove(repository: Repository): Promise<void> {
    this.store.remove(repository);
    rmSync(this.folderOf(repository), { recursive: true, force: true });
  }

  /**
   * Copies the parent's branches and tags after a moment, as GitHub does: the fork is there at once, its
   * content follows ("Create a fork", asynchronous).
   */
  async startCopy(fork: Repository): Promise<void> {
    await initBare(this.folderOf(fork), fork.defaultBranch);
    this.track(this.copy(fork));
  }

  /** Takes up what a stopped or killed sandbox left half done: repositories without a folder, forks without content. */
  async resume(): Promise<void> {
    for (const repository of this.store.repositories) {
      const folder = this.folderOf(repository);
      if (!existsSync(folder)) await initBare(folder, repository.defaultBranch);
      if (repository.copying) this.track(this.copy(repository));
    }
  }

  /** Books what a push changed, then tells the hooks and the listener. */
  refsChanged(repository: Repository, changes: RefChange[], login: string): void {
    if (changes.length === 0) return;
    repository.pushedAt = timestamp();
    this.store.save();
    this.announcing = this.announcing.then(() => this.announce(repository, changes, login));
    this.track(this.announcing);
  }

  /** Resolves when forks have their content and every push has been announced. */
  async settled(): Promise<void> {
    while (this.pending.size > 0) await Promise.all(this.pending);
    await this.webhooks.settled();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.pending);
    await this.webhooks.stop();
  }

  private track(work: Promise<void>): void {
    const watched = work.finally(() => this.pending.delete(watched));
    this.pending.add(watched);
  }

  private async copy(fork: Repository): Promise<void> {
    await this.pause(this.forkDelay);
    const { signal } = this.stopping;
    if (signal.aborted) return; // taken up again at the next start
    const parent = this.store.byId(fork.parent);
    if (parent) {
      const branches = fork.copying === "default" ? fork.defaultBranch : "*";
      const specs = [`refs/heads/${branches}:refs/heads/${branches}`, "refs/tags/*:refs/tags/*"];
      const env = {
        ...isolatedEnvironment(),
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "safe.directory",
        GIT_CONFIG_VALUE_0: "*",
      };
      try {
        const fetch = [
          "-C",
          this.folderOf(fork),
          "fetch",
          "--quiet",
          "--no-tags",
          this.folderOf(parent),
          ...specs,
        ];
        await git(fetch, { env, signal });
      } catch (error) {
        if (signal.aborted) return;
        if (this.store.byId(fork.id))
          console.error(`the fork ${fullName(fork)} got no content: ${(error as Error).message}`);
      }
    }
    delete fork.copying;
    this.store.save();
  }

  /** Waits, or until the emulator stops. */
  private async pause(milliseconds: number): Promise<void> {
    await setTimeout(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => {});
  }

  private async announce(repository: Repository, changes: RefChange[], login: string): Promise<void> {
    try {
      await this.adoptFirstBranch(repository, changes);
      for (const change of withoutTagFlood(changes)) {
        const details = await describeChange(this.folderOf(repository), change);
        this.webhooks.push(repository, details, login);
        const { owner, name } = repository;
        this.onPush({ ...details, owner, name, login, gitFolder: this.folderOf(repository) });
      }
    } catch (error) {
      console.error(`a push to ${fullName(repository)} was not announced: ${(error as Error).message}`);
    }
  }

  /** The first branch that an empty repository gets is its default branch, whatever its name. */
  private async adoptFirstBranch(repository: Repository, changes: RefChange[]): Promise<void> {
    const created = changes.filter((one) => one.ref.startsWith("refs/heads/")).length;
    if (created === 0) return;
    const folder = this.folderOf(repository);
    const branches = await listBranches(folder);
    if (branches.length === 0 || branches.includes(repository.defaultBranch) || created < branches.length)
      return;
    repository.defaultBranch = branches[0] ?? repository.defaultBranch;
    await setHead(folder, repository.defaultBranch);
    this.store.save();
  }
}

function withoutTagFlood(changes: RefChange[]): RefChange[] {
  const tags = changes.filter((one) => one.ref.startsWith("refs/tags/"));
  return tags.length > maximumTagEvents ? changes.filter((one) => !tags.includes(one)) : changes;
}
