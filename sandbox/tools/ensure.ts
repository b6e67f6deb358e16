import { mkdir } from "node:fs/promises";
import { Place, Remembered } from "./cache";
import type { Step, ToolEvent } from "./events";
import { withLock } from "./lock";
import { Plan, requireGoFor } from "./plan";
import { platformOf } from "./platform";
import { downloadsVariable, Sources } from "./sources";
import {
  type EnsuredTool,
  type Surroundings,
  type Tool,
  ToolError,
  Unavailable,
  type Workplace,
} from "./tool";

export interface EnsureOptions {
  /** Folder in which tools are kept, one folder each; several processes may use it at once. */
  cacheDir: string;
  report?: (event: ToolEvent) => void;
  /** `off`, or the base address of a mirror. @default the variable `ACKONE_TOOL_DOWNLOADS`, else the official hosts */
  downloads?: string;
  /** Stops downloads and builds; what they had done so far is cleared away. */
  signal?: AbortSignal;
  /** @default process.env */
  env?: NodeJS.ProcessEnv;
}

/** One call of `ensureTools`: decides for each tool which way to go, and goes them side by side. */
export class Ensuring {
  private readonly env: NodeJS.ProcessEnv;
  private readonly sources: Sources;
  private readonly platform = platformOf();
  private readonly stop = new AbortController();
  private readonly signal: AbortSignal;
  private readonly report: (event: ToolEvent) => void;
  /** Tools that are there or on their way. */
  private readonly tools = new Map<string, Promise<EnsuredTool>>();
  private plan!: Plan;
  /** Seconds of work for each tool, without waiting. */
  private readonly spent = new Map<string, number>();
  /** The failure that made us stop all the others. */
  private cause?: Error;
  /** Go uses all cores for one build, so they take turns. */
  private lastBuild: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly catalog: Record<string, Tool>,
    private readonly options: EnsureOptions,
  ) {
    this.env = options.env ?? process.env;
    this.sources = new Sources(options.downloads ?? (this.env[downloadsVariable] || undefined));
    this.signal = options.signal ? AbortSignal.any([options.signal, this.stop.signal]) : this.stop.signal;
    this.report = options.report ?? (() => {});
  }

  async all(names: readonly string[]): Promise<Record<string, EnsuredTool>> {
    await mkdir(this.options.cacheDir, { recursive: true });
    const missing = new Set<string>();
    for (const name of names) await this.lookFor(name, missing);
    this.plan = await Plan.make([...missing], {
      ...{ catalog: this.catalog, sources: this.sources, platform: this.platform, env: this.env },
      ...{ signal: this.signal, cacheDir: this.options.cacheDir, report: this.report },
    });
    const obtained = await Promise.allSettled([...missing, ...names].map((name) => this.tool(name)));
    this.options.signal?.throwIfAborted();
    const failed = obtained.find((result) => result.status === "rejected");
    if (failed) throw this.cause ?? failed.reason;
    return this.together(names);
  }

  /** Takes a tool that needs no work, else adds it to the missing ones, after those that it needs. */
  private async lookFor(name: string, missing: Set<string>): Promise<void> {
    if (this.tools.has(name) || missing.has(name)) return;
    const tool = this.entry(name);
    const lookForNeeds = async () => {
      for (const need of tool.needs ?? []) await this.lookFor(need, missing);
    };
    if (tool.cameWith) await lookForNeeds();
    const unsettled = tool.cameWith && tool.needs?.some((need) => missing.has(need));
    const there = unsettled ? undefined : await this.present(name, tool);
    if (there) {
      this.tools.set(name, Promise.resolve(there));
      this.report({
        kind: "ready",
        tool: name,
        title: tool.title,
        result: there,
        cached: true,
        elapsedSeconds: 0,
      });
      return;
    }
    await lookForNeeds();
    missing.add(name);
  }

  private async present(name: string, tool: Tool): Promise<EnsuredTool | undefined> {
    const along = await tool.cameWith?.(await this.together(tool.needs), this.surroundings(tool));
    if (along) return along;
    const cached = await this.place(name).look();
    if (cached) return cached;
    const found = await tool.find?.(this.surroundings(tool));
    if (typeof found === "object") return found;
    if (found) this.report({ kind: "note", tool: name, title: tool.title, text: found });
    return tool.standIn && (await this.remembered(name).isFresh()) ? standInOf(tool) : undefined;
  }

  private tool(name: string): Promise<EnsuredTool> {
    let tool = this.tools.get(name);
    if (!tool) {
      tool = this.obtain(name, this.entry(name));
      this.tools.set(name, tool);
      tool.catch((error: Error) => this.stopAll(name, error));
    }
    return tool;
  }

  private stopAll(name: string, cause: Error): void {
    if (this.signal.aborted) return;
    this.cause = cause;
    this.report({ kind: "failed", tool: name, title: this.entry(name).title, message: cause.message });
    this.stop.abort();
  }

  private async obtain(name: string, tool: Tool): Promise<EnsuredTool> {
    // Before its turn to build comes: what it needs may be waiting for a turn, too.
    const needs = await this.together(tool.needs);
    const along = await tool.cameWith?.(needs, this.surroundings(tool));
    const result = along ?? (await this.fillPlace(name, tool));
    const elapsedSeconds = this.spent.get(name) ?? 0;
    this.report({ kind: "ready", tool: name, title: tool.title, result, cached: false, elapsedSeconds });
    return result;
  }

  private fillPlace(name: string, tool: Tool): Promise<EnsuredTool> {
    const place = this.place(name);
    const onWait = (holder: number) => {
      const text = `process ${holder} is getting it already; waiting for it`;
      this.report({ kind: "note", tool: name, title: tool.title, text });
    };
    const fill = async () =>
      (await place.look()) ?? (await this.download(name, tool)) ?? (await this.doWithout(name, tool));
    return withLock(place.lockFile, fill, { signal: this.signal, onWait });
  }

  private async download(name: string, tool: Tool): Promise<EnsuredTool | undefined> {
    if (!this.plan.canDownload(name)) return undefined;
    try {
      return await this.work(name, tool, "download", (workplace) => tool.download!.fetch(workplace));
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      const next = tool.standIn ? "taking the stand-in" : "building it instead";
      this.report({ kind: "note", tool: name, title: tool.title, text: `${error.message}; ${next}` });
      return undefined;
    }
  }

  private async doWithout(name: string, tool: Tool): Promise<EnsuredTool> {
    if (tool.standIn) {
      await this.remembered(name).note();
      return standInOf(tool);
    }
    if (!tool.build) {
      throw new ToolError(
        `${tool.title} ${tool.version} can't be downloaded, and there is no other way to get it.`,
      );
    }
    await requireGoFor([tool.title], this.env);
    const turn = this.lastBuild.then(() => {
      this.signal.throwIfAborted();
      return this.work(name, tool, "build", (workplace) => tool.build!.run(workplace));
    });
    // At once, before the next in line begins: giving its lock back takes a failed build a moment longer.
    this.lastBuild = turn.catch((error: Error) => this.stopAll(name, error));
    return turn;
  }

  /** Runs a download or a build in the tool's place, and reports every second how it goes on. */
  private async work(
    name: string,
    tool: Tool,
    step: Step,
    run: (workplace: Workplace) => Promise<string>,
  ): Promise<EnsuredTool> {
    const tools = await this.together(tool.needs);
    const about = { tool: name, title: tool.title, step };
    const expectedSeconds = step === "build" ? tool.build!.seconds : undefined;
    const began = Date.now();
    let state: { text: string; fraction?: number } = { text: "starting" };
    const tell = () => {
      const elapsedSeconds = (Date.now() - began) / 1000;
      this.report({ kind: "progress", ...about, ...state, elapsedSeconds, expectedSeconds });
    };
    this.report({ kind: "started", ...about, expectedSeconds });
    const clock = setInterval(tell, 1000);
    try {
      return await this.place(name).fill(
        step === "build" ? "built" : "official",
        tool.version,
        (folder, scratch) =>
          run({
            ...{
              ...this.surroundings(tool),
              title: tool.title,
              platform: this.platform,
              folder,
              scratch,
              tools,
            },
            ...{ sources: this.sources, signal: this.signal },
            progress: (text, fraction) => {
              state = { text, fraction };
            },
          }),
      );
    } finally {
      clearInterval(clock);
      this.spent.set(name, (Date.now() - began) / 1000);
    }
  }

  private async together(names: readonly string[] = []): Promise<Record<string, EnsuredTool>> {
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await this.tool(name)] as const)),
    );
  }

  private place(name: string): Place {
    return new Place(this.options.cacheDir, name, this.entry(name).version, this.platform);
  }

  private remembered(name: string): Remembered {
    return new Remembered(this.place(name), this.sources.from ?? "");
  }

  private surroundings(tool: Tool): Surroundings {
    return { version: tool.version, env: this.env };
  }

  private entry(name: string): Tool {
    const tool = this.catalog[name];
    if (tool) return tool;
    throw new ToolError(
      `${name} is not a tool of the sandbox; there are ${Object.keys(this.catalog).join(", ")}.`,
    );
  }
}

function standInOf(tool: Tool): EnsuredTool {
  return { path: tool.standIn!, version: tool.version, origin: "stand-in" };
}
