import { statfs } from "node:fs/promises";
import type { ToolEvent } from "./events";
import { goCaches, requireGo } from "./go-build";
import type { Platform } from "./platform";
import type { Sources } from "./sources";
import type { Tool } from "./tool";

interface Terms {
  catalog: Record<string, Tool>;
  sources: Sources;
  platform: Platform;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  cacheDir: string;
  report: (event: ToolEvent) => void;
}

/** Which way each missing tool will go, judged by one round of questions to all servers. */
export class Plan {
  private constructor(private readonly downloads: ReadonlySet<string>) {}

  /** True if everything that the tool's download needs has answered. */
  canDownload(name: string): boolean {
    return this.downloads.has(name);
  }

  /**
   * Asks the servers, all at the same time, and reports what will be done.
   * @throws ToolError if something must be built and there is no Go: now, and not after the downloads
   */
  static async make(missing: readonly string[], terms: Terms): Promise<Plan> {
    if (missing.length === 0) return new Plan(new Set());
    const { catalog, platform } = terms;
    const addresses = (name: string) => catalog[name]!.download?.addresses(platform) ?? [];
    const unreachable = await probe(missing.flatMap(addresses), terms);
    const downloads = missing.filter(
      (name) => addresses(name).length > 0 && addresses(name).every((address) => !unreachable.has(address)),
    );
    const comesAlong = (name: string) =>
      catalog[name]!.cameWith && catalog[name]!.needs?.some((need) => downloads.includes(need));
    const rest = missing.filter((name) => !downloads.includes(name) && !comesAlong(name));
    const standIns = rest.filter((name) => catalog[name]!.standIn);
    const builds = rest.filter((name) => !catalog[name]!.standIn && catalog[name]!.build);
    const titles = (names: string[]) => names.map((name) => catalog[name]!.title);
    if (builds.length > 0) await requireGoFor(titles(builds), terms.env);
    terms.report({
      kind: "plan",
      downloads: titles(downloads),
      builds: titles(builds),
      standIns: titles(standIns),
      seconds: builds.reduce((sum, name) => sum + catalog[name]!.build!.seconds, 0),
      bytes: builds.reduce((sum, name) => sum + catalog[name]!.build!.bytes, 0),
      freeBytes: builds.length > 0 ? await freeBytes(terms) : undefined,
    });
    return new Plan(new Set(downloads));
  }
}

/** @throws ToolError if there is no Go, or one that is too old */
export async function requireGoFor(titles: string[], env: NodeJS.ProcessEnv): Promise<void> {
  await requireGo(env, `${titles.join(", ")} can't be downloaded here and must be built from Go modules`);
}

async function probe(addresses: string[], terms: Terms): Promise<Map<string, string>> {
  const began = Date.now();
  const unreachable = await terms.sources.probe(addresses, terms.signal);
  if (unreachable.size > 0) {
    const reasons = [...new Set(unreachable.values())];
    terms.report({ kind: "unreachable", reasons, afterSeconds: (Date.now() - began) / 1000 });
  }
  return unreachable;
}

/** The least room among our cache and Go's, which may lie on different disks. */
async function freeBytes({ cacheDir, env }: Terms): Promise<number | undefined> {
  const free: number[] = [];
  for (const folder of [cacheDir, ...(await goCaches(env))]) {
    // Go makes its folders when it needs them.
    const disk = await statfs(folder).catch(() => undefined);
    if (disk) free.push(disk.bavail * disk.bsize);
  }
  return free.length > 0 ? Math.min(...free) : undefined;
}
