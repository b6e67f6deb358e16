import type { EnsuredTool } from "./tool";

/** What happens while tools are obtained, for a progress display. Texts of all kinds: {@link describe}. */
export type ToolEvent =
  /** Said once, if anything is missing, before anything is obtained. */
  | {
      kind: "plan";
      downloads: string[];
      builds: string[];
      standIns: string[];
      /** What building takes with empty caches on 2 cores. */
      seconds: number;
      bytes: number;
      /** Free bytes where Go's caches are; absent if nothing has to be built. */
      freeBytes?: number;
    }
  /** Official downloads that can't be had from here, one line for each host. */
  | { kind: "unreachable"; reasons: string[]; afterSeconds: number }
  | { kind: "started"; tool: string; title: string; step: Step; expectedSeconds?: number }
  | {
      kind: "progress";
      tool: string;
      title: string;
      step: Step;
      text: string;
      /** Between 0 and 1; absent when the end isn't known. */
      fraction?: number;
      elapsedSeconds: number;
      expectedSeconds?: number;
    }
  | { kind: "note"; tool: string; title: string; text: string }
  /** `cached`: nothing had to be done for it. */
  | {
      kind: "ready";
      tool: string;
      title: string;
      result: EnsuredTool;
      cached: boolean;
      elapsedSeconds: number;
    }
  | { kind: "failed"; tool: string; title: string; message: string };

export type Step = "download" | "build";

/** One line for a person, without the tool's title where the event has one. */
export function describe(event: ToolEvent): string {
  switch (event.kind) {
    case "plan":
      return plan(event);
    case "unreachable":
      return `No official downloads from here (found out in ${event.afterSeconds.toFixed(1)} s): ${event.reasons.join("; ")}`;
    case "started":
      return {
        wait: "waiting",
        download: "downloading",
        build: `building from Go modules${expected(event)}`,
      }[event.step];
    case "progress":
      return `${event.text}, ${duration(event.elapsedSeconds)}${event.step === "build" ? expected(event) : ""}`;
    case "note":
      return event.text;
    case "ready":
      return `${event.result.version}, ${origins[event.result.origin]}${event.cached ? "" : ` in ${duration(event.elapsedSeconds)}`}`;
    case "failed":
      return event.message;
  }
}

const origins = {
  found: "found on this machine",
  official: "official download",
  built: "built from Go modules",
  "stand-in": "the sandbox's stand-in",
};

/**
 * A reporter that writes plain lines, for logs and CI: beginnings and ends at once, progress now and then.
 * @param write gets a line without its end
 * @param every seconds between two lines about the progress of one tool
 */
export function lineReporter(write: (line: string) => void, every = 30): (event: ToolEvent) => void {
  const last = new Map<string, number>();
  return (event) => {
    if (event.kind === "progress") {
      const since = last.get(event.tool) ?? 0;
      if (event.elapsedSeconds - since < every) return;
      last.set(event.tool, event.elapsedSeconds);
    } else if (event.kind === "started") {
      last.delete(event.tool);
    }
    write("title" in event ? `${event.title}: ${describe(event)}` : describe(event));
  };
}

function plan(event: Extract<ToolEvent, { kind: "plan" }>): string {
  const parts = [
    event.downloads.length > 0 && `to download: ${event.downloads.join(", ")}`,
    event.builds.length > 0 &&
      `to build from Go modules: ${event.builds.join(", ")} (at most about ${duration(event.seconds)} on 2 cores and ${gigabytes(event.bytes)} of disk; ` +
        `faster the more of it Go's caches hold)`,
    event.standIns.length > 0 && `stand-in: ${event.standIns.join(", ")}`,
  ].filter(Boolean);
  const text = parts.join("; ");
  const scarce = event.freeBytes !== undefined && event.freeBytes < event.bytes;
  const warning = scarce ? `. Only ${gigabytes(event.freeBytes!)} of disk are free` : "";
  return text.charAt(0).toUpperCase() + text.slice(1) + warning;
}

function expected(event: { expectedSeconds?: number }): string {
  return event.expectedSeconds ? ` (about ${duration(event.expectedSeconds)} with empty caches)` : "";
}

/** `45 s`, `3 min 20 s` */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  return minutes === 0 ? `${rest} s` : `${minutes} min${rest ? ` ${rest} s` : ""}`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
