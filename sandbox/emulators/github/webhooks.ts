import { createHmac, randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { Courier } from "./delivery";
import type { PushDetails } from "./git/push";
import type { Representation } from "./representation";
import type { Store } from "./store";
import { type Delivery, fullName, type Hook, type Repository, timestamp } from "./types";

const keptDeliveries = 50;

/**
 * Calls the hooks of repositories and keeps a record of each attempt. Nobody waits for it: a receiver that is
 * slow or down never holds up the push. As on GitHub, a failed delivery is not repeated.
 */
export class Webhooks {
  private readonly pending = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly store: Store,
    private readonly show: Representation,
    private readonly courier: Courier,
  ) {
    setMaxListeners(0, this.stopping.signal); // any number of deliveries at once
  }

  /** Tells a new hook that it exists. */
  ping(repository: Repository, hook: Hook, login: string): void {
    this.deliver(repository, hook, "ping", {
      zen: "Keep it logically awesome.",
      hook_id: hook.id,
      hook: this.show.hook(repository, hook),
      repository: this.show.repository(repository, { login }),
      sender: this.show.owner(login),
    });
  }

  /** Tells every active hook that asked for pushes. */
  push(repository: Repository, details: PushDetails, login: string): void {
    const payload = pushPayload(this.show, repository, details, login);
    for (const hook of repository.hooks) {
      const wanted = hook.events.includes("push") || hook.events.includes("*");
      if (hook.active && wanted) this.deliver(repository, hook, "push", payload);
    }
  }

  /** Resolves when every delivery begun so far has been answered or has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.pending);
  }

  /** Drops deliveries under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.settled();
  }

  private deliver(repository: Repository, hook: Hook, event: string, payload: unknown): void {
    const work = this.attempt(repository, hook, event, JSON.stringify(payload)).finally(() =>
      this.pending.delete(work),
    );
    this.pending.add(work);
  }

  private async attempt(repository: Repository, hook: Hook, event: string, json: string): Promise<void> {
    const guid = randomUUID();
    const started = Date.now();
    const body = hook.config.content_type === "form" ? `payload=${encodeURIComponent(json)}` : json;
    const headers = requestHeaders(repository, hook, event, guid, body);
    const { url, insecure_ssl } = hook.config;
    const message = { url, insecure: insecure_ssl === "1", headers, body };
    const result = await this.courier.send(message, this.stopping.signal);
    const delivery: Delivery = {
      id: this.store.newId(),
      guid,
      event,
      deliveredAt: timestamp(),
      duration: (Date.now() - started) / 1000,
      ...result,
    };
    hook.deliveries = [delivery, ...hook.deliveries].slice(0, keptDeliveries);
    if (this.store.byId(repository.id)) this.store.save();
  }
}

function requestHeaders(repository: Repository, hook: Hook, event: string, guid: string, body: string) {
  const headers: Record<string, string> = {
    Accept: "*/*",
    "Content-Type":
      hook.config.content_type === "form" ? "application/x-www-form-urlencoded" : "application/json",
    "Content-Length": String(Buffer.byteLength(body)),
    "User-Agent": "GitHub-Hookshot/5a4db00",
    "X-GitHub-Delivery": guid,
    "X-GitHub-Event": event,
    "X-GitHub-Hook-ID": String(hook.id),
    "X-GitHub-Hook-Installation-Target-ID": String(repository.id),
    "X-GitHub-Hook-Installation-Target-Type": "repository",
  };
  if (hook.config.secret) {
    const sign = (hash: string) =>
      createHmac(hash, hook.config.secret ?? "")
        .update(body)
        .digest("hex");
    headers["X-Hub-Signature"] = `sha1=${sign("sha1")}`;
    headers["X-Hub-Signature-256"] = `sha256=${sign("sha256")}`;
  }
  return headers;
}

/** The body of a push event ("Webhook events and payloads", push). */
export function pushPayload(
  show: Representation,
  repository: Repository,
  details: PushDetails,
  login: string,
) {
  const html = `${show.url}/${fullName(repository)}`;
  const commit = (one: PushDetails["commits"][number]) => ({ ...one, url: `${html}/commit/${one.id}` });
  const { ref, before, after, created, deleted, forced, commits, headCommit } = details;
  return {
    ref,
    before,
    after,
    repository: eventRepository(show, repository, login),
    pusher: { name: login, email: `${login}@users.noreply.github.com` },
    sender: show.owner(login),
    created,
    deleted,
    forced,
    base_ref: null,
    compare: `${html}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: commits.map(commit),
    head_commit: headCommit && commit(headCommit),
  };
}

/** A push event tells two of a repository's times in seconds since 1970, unlike all other answers. */
function eventRepository(show: Representation, repository: Repository, login: string) {
  const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);
  return {
    ...show.repository(repository, { login }),
    created_at: seconds(repository.createdAt),
    pushed_at: seconds(repository.pushedAt),
    master_branch: repository.defaultBranch,
  };
}
