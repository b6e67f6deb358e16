import { Listr } from "listr2";
import {
  describe,
  type EnsuredTool,
  ensureTools,
  lineReporter,
  type ToolEvent,
  type ToolName,
  titleOf,
} from "../tools/index";
import { toolCache } from "../world/home";

/**
 * Gets the tools and shows how it goes: a line for each tool on a terminal, plain lines elsewhere. A run that
 * finds everything in the cache shows one line.
 */
export async function showTools<Name extends ToolName>(
  names: readonly Name[],
  log: (line: string) => void = console.log,
): Promise<Record<Name, EnsuredTool>> {
  const cacheDir = toolCache();
  if (process.stdout.isTTY) return showOnTerminal(names, cacheDir, log);
  const lines = lineReporter(log);
  const quiet = (event: ToolEvent) => event.kind === "ready" && event.cached;
  return ensureTools(names, { cacheDir, report: (event) => (quiet(event) ? undefined : lines(event)) });
}

async function showOnTerminal<Name extends ToolName>(
  names: readonly Name[],
  cacheDir: string,
  log: (line: string) => void,
): Promise<Record<Name, EnsuredTool>> {
  // An event may come before its line is drawn.
  const latest = new Map<string, ToolEvent>();
  const listeners = new Map<string, (event: ToolEvent) => void>();
  const waits = new Map(names.map((name) => [name as string, settled<void>()]));
  let drawn: Promise<unknown> | undefined;
  const report = (event: ToolEvent) => {
    if (!("tool" in event)) return log(describe(event));
    drawn ??= draw();
    latest.set(event.tool, event);
    listeners.get(event.tool)?.(event);
    if (event.kind === "ready") waits.get(event.tool)?.resolve();
    if (event.kind === "failed") waits.get(event.tool)?.reject(new Error(event.message));
  };
  const draw = () =>
    new Listr(
      names.map((name) => ({
        title: titleOf(name),
        task: (_, task) => {
          const show = (event: ToolEvent) => {
            if (event.kind === "ready") task.title = `${titleOf(name)} ${describe(event)}`;
            else task.output = describe(event);
          };
          listeners.set(name, show);
          const missed = latest.get(name);
          if (missed) show(missed);
          return waits.get(name)!.promise;
        },
      })),
      { concurrent: true, exitOnError: false },
    ).run();
  try {
    return await ensureTools(names, { cacheDir, report });
  } finally {
    for (const wait of waits.values()) wait.resolve();
    await drawn?.catch(() => {});
  }
}

function settled<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
}
