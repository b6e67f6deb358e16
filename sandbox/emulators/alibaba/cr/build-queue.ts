import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { BuildRecord, BuildRule, Repository } from "../account/model";
import type { Cloud } from "../cloud";
import type { BuildOrder, ImageBuilder } from "../ports";
import type { BuildFaults } from "./build-faults";
import type { BuildLogLine, BuildLogs } from "./build-logs";
import { buildsFor, type Push } from "./builds";
import { temporaryLogin, temporaryUser } from "./logins";
import { registryHost } from "./names";
import { pathOf } from "./registry-account";

/** What actions do with builds. */
export interface Builds {
  add(repository: Repository, rule: BuildRule, source: BuildRecord["source"], imageTag: string): BuildRecord;
  /** @returns false when it had ended */
  cancel(id: string): boolean;
  log(id: string): BuildLogLine[];
}

/**
 * Runs builds: those of one repository one after the other, several repositories side by side. Records live in the
 * account, so that builds which were waiting or under way when the sandbox ended go on at the next start.
 */
export class BuildQueue implements Builds {
  private builder: ImageBuilder | undefined;
  private readonly running = new Map<string, { abort: AbortController; done: Promise<void> }>();
  private stopped = false;

  /** @param save keeps the account: builds go on between the calls of the OpenAPI */
  constructor(
    private readonly cloud: () => Cloud,
    private readonly logs: BuildLogs,
    private readonly faults: BuildFaults,
    private readonly save: () => void,
    private readonly onError: (error: Error) => void,
  ) {}

  /** Begins to work, first on what an earlier process left. */
  start(builder: ImageBuilder): void {
    const { builds } = this.cloud().account;
    this.logs.keepOnly(builds.map(({ id }) => id));
    for (const each of builds) {
      if (each.status !== "BUILDING") continue;
      this.logs.add(each.id, "PREPARE", "The build machine was restarted; the build begins again");
      each.status = "PENDING";
    }
    this.save();
    this.builder = builder;
    this.next();
  }

  /** The builds that a push starts. */
  push(push: Push): BuildRecord[] {
    const { account } = this.cloud();
    const { owner, repository: name, type, name: ref, commit } = push;
    return buildsFor(account, push).map(({ repository, rule, imageTag }) =>
      this.add(repository, rule, { owner, name, type, ref, commit }, imageTag),
    );
  }

  add(repository: Repository, rule: BuildRule, source: BuildRecord["source"], imageTag: string): BuildRecord {
    const record: BuildRecord = {
      id: randomUUID(),
      instanceId: repository.instanceId,
      repositoryId: repository.id,
      rule: structuredClone(rule),
      source,
      imageTag,
      status: "PENDING",
      createdAt: Date.now(),
    };
    this.cloud().account.builds.push(record);
    this.save();
    this.next();
    return record;
  }

  cancel(id: string): boolean {
    const record = this.find(id);
    if (!record || (record.status !== "PENDING" && record.status !== "BUILDING")) return false;
    this.end(record, "CANCELED");
    this.logs.add(id, "CANCEL", "The build was canceled");
    this.running.get(id)?.abort.abort();
    return true;
  }

  log(id: string): BuildLogLine[] {
    return this.logs.read(id);
  }

  /** Ends what is under way; the next start takes it up again. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const { abort } of this.running.values()) abort.abort();
    await Promise.all([...this.running.values()].map(({ done }) => done));
  }

  private find(id: string): BuildRecord | undefined {
    return this.cloud().account.builds.find((each) => each.id === id);
  }

  private next(): void {
    const { account, settings } = this.cloud();
    if (!this.builder || this.stopped) return;
    const busy = new Set([...this.running.keys()].map((id) => this.find(id)?.repositoryId));
    for (const record of account.builds) {
      if (this.running.size >= settings.quotas.builds) return;
      if (record.status !== "PENDING" || busy.has(record.repositoryId)) continue;
      busy.add(record.repositoryId);
      const abort = new AbortController();
      const done = this.run(record, this.builder, abort.signal)
        .catch(this.onError)
        .finally(() => {
          this.running.delete(record.id);
          this.next();
        });
      this.running.set(record.id, { abort, done });
    }
  }

  private async run(record: BuildRecord, builder: ImageBuilder, signal: AbortSignal): Promise<void> {
    record.status = "BUILDING";
    record.startedAt ??= Date.now();
    const log = (stage: string, message: string) => {
      // A build whose repository was deleted has no record any more, and leaves no log either.
      if (!signal.aborted && this.find(record.id)) this.logs.add(record.id, stage, message);
    };
    try {
      const order = await this.order(record, log, signal);
      this.save();
      const { digest, commit } = await builder.build(order, log, signal);
      if (record.status !== "BUILDING") return; // canceled when everything had been pushed
      record.digest = digest;
      record.source.commit = commit;
      this.end(record, "SUCCESS");
    } catch (error) {
      if (signal.aborted) return; // canceled, or to be taken up by the next start
      record.reason = (error as Error).message;
      log("ERROR", `ERROR: ${record.reason}`);
      this.end(record, "FAILED");
    }
  }

  /** What the build machine needs to know, as the account is now. */
  private async order(
    record: BuildRecord,
    log: (stage: string, message: string) => void,
    signal: AbortSignal,
  ): Promise<BuildOrder> {
    const { account, region, sourceAccountBound } = this.cloud();
    const instance = account.instances[record.instanceId];
    const repository = account.repositories[record.repositoryId];
    if (!instance || !repository || repository.deleting) throw new Error("the image repository was deleted");
    const { rule, source, imageTag } = record;
    const faults = this.faults.take(repository.namespace, repository.name);
    for (const { kind, ms = 5000 } of faults) {
      if (kind !== "delay") continue;
      log("PREPARE", "Waiting for a build machine");
      await sleep(ms, undefined, { signal });
    }
    const breakdown = faults.find(({ kind }) => kind === "fail");
    return {
      id: record.id,
      source: { ...source, accountBound: sourceAccountBound },
      dockerfile: { location: rule.dockerfileLocation, name: rule.dockerfileName },
      platforms: rule.platforms,
      buildArgs: Object.fromEntries(rule.buildArgs.map(nameAndValue)),
      image: {
        host: registryHost(instance.name, "Registry", "vpc", region),
        repository: pathOf(repository),
        tag: imageTag,
      },
      login: { user: temporaryUser, password: temporaryLogin(instance).token },
      created: record.startedAt ?? Date.now(),
      ...(breakdown && { breakdown: breakdown.message ?? "the build machine was lost" }),
    };
  }

  private end(record: BuildRecord, status: "SUCCESS" | "FAILED" | "CANCELED"): void {
    record.status = status;
    record.endedAt = Date.now();
    this.save();
  }
}

function nameAndValue(argument: string): [string, string] {
  const equals = argument.indexOf("=");
  return equals < 0 ? [argument, ""] : [argument.slice(0, equals), argument.slice(equals + 1)];
}
