/**
 * The programs that the sandbox runs: got once, kept per version, shared by all sandboxes of a user.
 *
 * Each one is taken, in this order, from the cache (the Pulumi CLI also from the PATH), from an official
 * download with a verified checksum, or from Go modules on this machine. `catalog/` has the tables of them,
 * `versions.ts` their versions, `go/` the Go modules, `README.md` the longer story.
 */
import { catalog, type ToolName } from "./catalog";
import { type EnsureOptions, Ensuring } from "./ensure";
import type { EnsuredTool } from "./tool";

export type { ToolName } from "./catalog";
export type { EnsureOptions } from "./ensure";
export { describe, lineReporter, type Step, type ToolEvent } from "./events";
export { layOutPulumiHome, type PulumiHome } from "./pulumi-home";
export { downloadsVariable } from "./sources";
export { type EnsuredTool, type Origin, ToolError } from "./tool";
export { versions } from "./versions";

/**
 * Makes sure that tools are there, obtaining those that are missing. Tools that are needed to obtain others
 * (the Pulumi CLI for plugins) are obtained with them.
 *
 * @returns path, version and origin by name
 * @throws ToolError in a sentence for a person: no Go, no network, a wrong checksum, a full disk
 * @example
 * const tools = await ensureTools(["pulumi", "etcd"], { cacheDir, report: lineReporter(console.log) });
 * await execa(tools.etcd.path, ["--version"]);
 */
export async function ensureTools<Name extends ToolName>(
  names: readonly Name[],
  options: EnsureOptions,
): Promise<Record<Name, EnsuredTool>> {
  return (await new Ensuring(catalog, options).all(names)) as Record<Name, EnsuredTool>;
}

/** What a person calls a tool: `resource-alicloud` is the "alicloud plugin". */
export function titleOf(name: ToolName): string {
  return catalog[name].title;
}
