import type { EngineEvent, UpOptions } from "@pulumi/pulumi/automation";
import type { Engine } from "../../../engine/engine";
import { patience, StuckRun, unlessStuck } from "./stuck-run";
import "./whole-messages";

/** One run of the engine: what it did, resource by resource, and how it ended. */
export interface Run {
  /** Undefined when it succeeded. */
  error: string | undefined;
  /** `<operation> <type> <name>` of each resource that was not left as it was, sorted. */
  changes: string[];
  /** Everything that the engine printed. */
  output: string;
  /** Milliseconds of each resource operation: when it began and ended, by name. */
  times: Map<string, { began: number; ended: number }>;
}

/** Runs under way, of all sandboxes. */
const underWay = new Set<Promise<unknown>>();

/** Resolves when no run is under way: one for which a test no longer waits would go on without its clouds. */
export async function runsEnded(): Promise<void> {
  while (underWay.size > 0) await Promise.allSettled(underWay);
}

type Operation = "preview" | "up" | "refresh" | "destroy";

/**
 * Runs the engine and never throws: tests say themselves whether it should have failed.
 *
 * @param within milliseconds after which a run that hasn't ended is ended, and has failed
 */
export async function run(
  engine: Engine,
  operation: Operation,
  options: UpOptions = {},
  within = patience,
): Promise<Run> {
  const changes = new Set<string>();
  const times: Run["times"] = new Map();
  let output = "";
  const onEvent = (event: EngineEvent) => {
    const metadata = event.resourcePreEvent?.metadata;
    if (metadata && metadata.op !== "same" && metadata.op !== "refresh") {
      changes.add(`${metadata.op} ${metadata.type} ${nameOf(metadata.urn)}`);
    }
    if (metadata) times.set(nameOf(metadata.urn), { began: Date.now(), ended: Number.NaN });
    const done = event.resOutputsEvent?.metadata;
    const time = done && times.get(nameOf(done.urn));
    if (time) time.ended = Date.now();
    if (done && operation === "refresh" && done.op !== "same" && done.op !== "refresh") {
      changes.add(`${done.op} ${done.type} ${nameOf(done.urn)}`);
    }
  };
  const collect = (text: string) => {
    output += text;
  };
  let error: string | undefined;
  try {
    const all = { ...options, onEvent, onOutput: collect, onError: collect, color: "never" as const };
    const running = unlessStuck<unknown>(engine.stack[operation](all), engine, () => output, within);
    underWay.add(running);
    await running.finally(() => underWay.delete(running));
  } catch (failure) {
    error = (failure as Error).message;
    if (failure instanceof StuckRun) {
      error = `${unfinished(times)}\n${error}`;
      output = failure.printed;
    }
    output += error;
  }
  return { error, changes: [...changes].sort(), output, times };
}

/** Like {@link run}, but throws with everything that was printed when the engine failed. */
export async function succeed(engine: Engine, operation: Operation, options: UpOptions = {}): Promise<Run> {
  const done = await run(engine, operation, options);
  if (done.error !== undefined) throw new Error(`pulumi ${operation} failed:\n${done.output}`);
  return done;
}

function unfinished(times: Run["times"]): string {
  const names = [...times].filter(([, { ended }]) => Number.isNaN(ended)).map(([name]) => name);
  return `begun and not ended: ${names.join(", ") || "nothing"}`;
}

const nameOf = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);
