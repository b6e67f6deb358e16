import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Engine } from "../../../engine/engine";
import { type Probe, waitFor } from "../../../supervisor";
import { descendants, processTable, signal } from "./process-tree";

/** Milliseconds that are enough for every run of the tests on a busy machine, and less than their hooks wait. */
export const patience = 420_000;

const reports = mkdtempSync(join(tmpdir(), "ackone-reports-"));
process.on("exit", () => rmSync(reports, { recursive: true, force: true }));
// Inherited by whatever the engine starts: with this signal, programs for Node write down what they are waiting for.
process.env["NODE_OPTIONS"] =
  `${process.env["NODE_OPTIONS"] ?? ""} --report-on-signal --report-signal=SIGUSR2 --report-directory=${reports}`.trim();

/** A run that didn't end. Nothing of it is left; the message says where each of its processes stood. */
export class StuckRun extends Error {
  /** @param printed by the run until it was given up, and without what its processes were asked then */
  constructor(
    message: string,
    readonly printed: string,
  ) {
    super(message);
  }
}

/**
 * Waits for a run of the engine for so long; then asks its processes what they are waiting for, ends them and gives up.
 *
 * @param printed what the run has printed so far
 * @throws StuckRun
 */
export async function unlessStuck<T>(
  running: Promise<T>,
  engine: Engine,
  printed: () => string,
  within = patience,
): Promise<T> {
  const over = Symbol();
  let timer: NodeJS.Timeout | undefined;
  const patienceIsOver = new Promise<typeof over>((resolve) => {
    timer = setTimeout(resolve, within, over);
  });
  const first = await Promise.race([running, patienceIsOver]).finally(() => clearTimeout(timer));
  if (first !== over) return first;
  const before = printed();
  const where = await whereItStands(engine, running, printed);
  throw new StuckRun(`still running after ${within / 1000} s\n${where}`, before);
}

async function whereItStands(
  engine: Engine,
  running: Promise<unknown>,
  printed: () => string,
): Promise<string> {
  const command = `${engine.environment["PATH"]?.split(delimiter)[0]}/pulumi `;
  const table = processTable();
  const roots = table.filter(({ line }) => line.includes(command));
  const plugins = roots.flatMap(({ pid }) => descendants(pid, table));
  const nodes = plugins.filter(({ line }) => /(\s|\/)node /.test(line));
  const others = plugins.filter((plugin) => !nodes.includes(plugin));
  const before = printed().length;
  for (const { pid } of nodes) signal(pid, "SIGUSR2");
  await atMost("the reports", async () =>
    nodes.every(({ pid }) => readReport(pid)) ? undefined : "not all are written",
  );
  // Programs in Go print what each goroutine is doing, and end. Of what its plugins print, the engine passes the language
  // host's on at once; the registers come last.
  for (const { pid } of others) signal(pid, "SIGQUIT");
  await atMost("the language host", async () =>
    /\bgs +0x/.test(printed().slice(before)) ? undefined : "silent",
  );
  for (const { pid } of roots) signal(pid, "SIGQUIT");
  let ended = false;
  running.catch(() => {}).finally(() => (ended = true));
  await atMost("the run", async () => (ended ? undefined : "running"));
  for (const { pid } of [...roots, ...plugins]) signal(pid, "SIGKILL");
  return [
    roots.length > 0 ? "its processes (pid, state, age, what they wait for):" : "it has no process any more",
    ...[...roots, ...plugins].map(({ pid, line }) => `  ${pid} ${line.slice(0, 160)}`),
    ...nodes.map(({ pid }) => reportOf(pid)),
    "goroutines that have waited for minutes:",
    ...longWaiting(printed().slice(before)),
  ].join("\n");
}

/** Waits, but not long for what is stuck: what has come until then is told. */
async function atMost(what: string, probe: Probe): Promise<void> {
  await waitFor(what, probe, { within: 10_000 }).catch(() => {});
}

interface Handle {
  type: string;
  is_active?: boolean;
  is_referenced?: boolean;
  fd?: number;
  firesInMsFromNow?: number;
  localEndpoint?: { port?: number } | null;
  remoteEndpoint?: { port?: number } | null;
}

interface Report {
  javascriptStack?: { message?: string; stack?: string[] };
  libuv?: Handle[];
}

/** What a Node program reported: where its JavaScript is, and what keeps it alive. */
function reportOf(pid: number): string {
  const report = readReport(pid);
  if (report === undefined) return `node ${pid} reported nothing`;
  const { javascriptStack, libuv = [] } = report;
  const stack = [javascriptStack?.message, ...(javascriptStack?.stack ?? [])].filter(Boolean).slice(0, 12);
  const awake = libuv.filter(({ is_active, is_referenced }) => is_active && is_referenced).map(describe);
  return [
    `node ${pid}: ${awake.join(", ") || "nothing to wait for"}`,
    ...stack.map((line) => `  ${line}`),
  ].join("\n");
}

function readReport(pid: number): Report | undefined {
  try {
    const name = readdirSync(reports).find((file) => file.split(".").includes(String(pid)));
    return name === undefined ? undefined : (JSON.parse(readFileSync(join(reports, name), "utf8")) as Report);
  } catch {
    return undefined; // it is still being written: the process is hardly running
  }
}

function describe({ type, fd, firesInMsFromNow, localEndpoint, remoteEndpoint }: Handle): string {
  if (firesInMsFromNow !== undefined) return `${type} in ${firesInMsFromNow} ms`;
  const from = localEndpoint?.port ?? (fd === undefined ? "" : `fd ${fd}`);
  return `${type} ${from}${remoteEndpoint?.port === undefined ? "" : ` to ${remoteEndpoint.port}`}`;
}

/** What goes before a plugin's own lines when the engine passes them on. */
const passedOn = /^[ +~-]*pulumi:\S+ \S+ \w+( \(\d+s\))? ?/gm;

/** A line for each goroutine that has waited for a minute or more: its state, and the innermost calls. */
function longWaiting(dump: string): string[] {
  const lines = dump
    .replace(passedOn, "")
    .split(/^(?=goroutine \d+ )/m)
    .flatMap((goroutine) => {
      const [head = "", ...rest] = goroutine.split("\n");
      const state = /^goroutine \d+ .*\[(.*minutes.*)\]/.exec(head)?.[1];
      if (state === undefined) return [];
      const calls = rest
        .filter((line) => /^[\w.]\S*\(.*\)$/.test(line) && !/^(runtime|internal)[./]/.test(line))
        .map((line) => line.replace(/\([^()]*\)$/, "").replace(/^.*\//, ""));
      return calls.length > 0 ? [`  ${state}: ${calls.slice(0, 8).join(" < ")}`] : [];
    });
  return [...new Set(lines)].slice(0, 80);
}
