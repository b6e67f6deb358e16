import type { Platform } from "./platform";
import type { Sources } from "./sources";

/**
 * Where a tool came from:
 * - `found`: the machine had it already, outside our cache;
 * - `official`: downloaded from the project that publishes it, checksum verified where one is published;
 * - `built`: made on this machine from Go modules that `go.sum` verifies;
 * - `stand-in`: the sandbox's own replacement, because neither could be had.
 */
export type Origin = "found" | "official" | "built" | "stand-in";

export interface EnsuredTool {
  /** Absolute path of the executable, or of the folder for tools that are files. */
  path: string;
  /** Version of what lies there, without a leading `v`. */
  version: string;
  origin: Origin;
}

/** One entry of the catalog: what a tool is and the ways in which it can be had, tried from top to bottom. */
export interface Tool {
  /** What a person reads in the progress display. */
  title: string;
  version: string;
  /** Names of the tools that have to be there before this one. */
  needs?: readonly string[];
  /** A copy of at least this version that the machine has already. A string says why the one it has won't do. */
  find?(surroundings: Surroundings): Promise<EnsuredTool | string | undefined>;
  /** A copy that came along with one of the tools in `needs`. */
  cameWith?(tools: Record<string, EnsuredTool>, surroundings: Surroundings): Promise<EnsuredTool | undefined>;
  download?: Download;
  build?: Build;
  /** Path of the sandbox's own replacement, taken when the download can't be had. */
  standIn?: string;
}

export interface Surroundings {
  version: string;
  env: NodeJS.ProcessEnv;
}

/** What a download or a build works with. */
export interface Workplace extends Surroundings {
  title: string;
  platform: Platform;
  /** Empty folder; becomes the tool's folder in the cache when everything has succeeded. */
  folder: string;
  /** Empty folder for everything else; deleted in any case, with all that an interrupted run left in it. */
  scratch: string;
  sources: Sources;
  signal: AbortSignal;
  /** The tools in `needs`. */
  tools: Record<string, EnsuredTool>;
  /** `fraction` is between 0 and 1, absent when the end isn't known. */
  progress(text: string, fraction?: number): void;
}

export interface Download {
  /** Official addresses that must answer before the download is tried; none: not published for this platform. */
  addresses(platform: Platform): string[];
  /** Fills the workplace's folder. Returns the tool's path in it. Throws {@link Unavailable} to fall through. */
  fetch(workplace: Workplace): Promise<string>;
}

export interface Build {
  /** Seconds that it takes with empty Go caches on 2 cores; with warm ones it takes a few. */
  seconds: number;
  /** By how many bytes Go's two caches and ours grow, with empty ones to begin with. */
  bytes: number;
  /** Fills the workplace's folder. Returns the tool's path in it. */
  run(workplace: Workplace): Promise<string>;
}

/** A failure in a sentence for the person who started the sandbox; no stack trace helps him. */
export class ToolError extends Error {
  override name = "ToolError";
}

/** A download that can't be had here and now; the next way is tried, and the reason reported. */
export class Unavailable extends Error {
  override name = "Unavailable";
}
