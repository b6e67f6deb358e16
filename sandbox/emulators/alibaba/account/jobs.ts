import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cloud } from "../cloud";
import type { PendingJob } from "./model";
import type { Store } from "./store";

/**
 * Work that the cloud does after it has answered. A job must be idempotent: after a kill in the middle of it
 * the next start runs it again.
 */
export interface Job<A extends Record<string, string>> {
  readonly name: string;
  run(cloud: Cloud, args: A): void | Promise<void>;
}

/** Defines a job; `name` is what the state file refers to, so it must not change. */
export function job<A extends Record<string, string>>(
  name: string,
  run: (cloud: Cloud, args: A) => void | Promise<void>,
): Job<A> {
  return { name, run };
}

/** Any job, whatever arguments it takes; they went through the state file, where their type is lost. */
export type AnyJob = Job<never>;

/** Runs pending jobs when they are due. They live in the account, so a restart goes on with them. */
export class Jobs {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly running = new Set<Promise<void>>();
  private readonly byName: Map<string, AnyJob>;
  private stopped = false;

  constructor(
    private readonly store: Store,
    private readonly cloud: () => Cloud,
    jobs: readonly AnyJob[],
    private readonly onError: (error: Error) => void,
  ) {
    this.byName = new Map(jobs.map((each) => [each.name, each]));
  }

  schedule<A extends Record<string, string>>(delay: number, work: Job<A>, args: A): void {
    if (!this.byName.has(work.name)) throw new Error(`job ${work.name} is not registered with its product`);
    const pending: PendingJob = { id: randomUUID(), job: work.name, args, due: Date.now() + delay };
    this.store.account.jobs.push(pending);
    this.arm(pending);
  }

  /** Takes up what an earlier process left. */
  resume(): void {
    for (const pending of this.store.account.jobs) this.arm(pending);
  }

  /**
   * No job starts any more. Those under way are waited for, though not long: what they change is saved no more,
   * and the next start repeats them.
   */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    const patience = new AbortController();
    const enough = sleep(2000, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([Promise.allSettled(this.running), enough]);
    patience.abort();
  }

  private arm(pending: PendingJob): void {
    if (this.stopped) return;
    const start = () => {
      this.timers.delete(pending.id);
      const done: Promise<void> = this.run(pending).finally(() => this.running.delete(done));
      this.running.add(done);
    };
    this.timers.set(pending.id, setTimeout(start, Math.max(0, pending.due - Date.now())));
  }

  private async run(pending: PendingJob): Promise<void> {
    try {
      const work = this.byName.get(pending.job);
      if (!work) throw new Error(`the state file refers to the unknown job ${pending.job}`);
      await work.run(this.cloud(), pending.args as never);
    } catch (error) {
      this.onError(error instanceof Error ? error : new Error(String(error)));
    }
    if (this.stopped) return;
    const jobs = this.store.account.jobs;
    const index = jobs.findIndex((each) => each.id === pending.id);
    if (index >= 0) jobs.splice(index, 1);
    this.store.save();
  }
}
