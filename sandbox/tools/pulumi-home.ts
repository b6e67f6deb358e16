import { randomUUID } from "node:crypto";
import { chmod, copyFile, link, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { EnsuredTool } from "./tool";

export interface PulumiHome {
  /** Value of `PULUMI_HOME`. */
  home: string;
  /** Folder with `pulumi` and its language host, to be put first on the PATH. It is `<home>/bin`. */
  bin: string;
  /** What the engine needs in its environment to use this home and nothing else. */
  environment: { PULUMI_HOME: string; PULUMI_IGNORE_AMBIENT_PLUGINS: string };
}

/**
 * Makes a folder the home of an engine that uses these tools: the CLI under `bin/`, each `resource-<name>` in
 * the engine's plugin cache under the version that the npm package asks for. Links take no room. Can be
 * repeated, also while an engine runs there.
 *
 * A plugin that the engine finds on the PATH costs a warning in every run, one in its cache doesn't.
 *
 * @param tools by name, as `ensureTools` returns them; names that concern no engine are ignored
 */
export async function layOutPulumiHome(
  pulumiHome: string,
  tools: Record<string, EnsuredTool>,
): Promise<PulumiHome> {
  const bin = join(pulumiHome, "bin");
  await mkdir(bin, { recursive: true });
  const { pulumi, "pulumi-language-nodejs": languageHost } = tools;
  if (pulumi) await layOutCli(bin, pulumi, languageHost);
  for (const [name, tool] of Object.entries(tools)) {
    if (name.startsWith("resource-")) await layOutPlugin(join(pulumiHome, "plugins"), name, tool);
  }
  return {
    home: pulumiHome,
    bin,
    environment: { PULUMI_HOME: pulumiHome, PULUMI_IGNORE_AMBIENT_PLUGINS: "true" },
  };
}

/**
 * The engine looks for the language host beside the file that it is itself, links resolved. A CLI that brings
 * its own may be a link; a built one must be a file beside the built language host.
 */
async function layOutCli(bin: string, pulumi: EnsuredTool, languageHost?: EnsuredTool): Promise<void> {
  const place = pulumi.origin === "built" ? sameFile : symlink;
  await replace(join(bin, "pulumi"), (path) => place(pulumi.path, path));
  if (languageHost)
    await replace(join(bin, "pulumi-language-nodejs"), (path) => place(languageHost.path, path));
}

/** The engine ignores links to folders in its plugin cache, so the folder is real and its files are links. */
async function layOutPlugin(plugins: string, name: string, tool: EnsuredTool): Promise<void> {
  const folder = join(plugins, `${name}-v${tool.version}`);
  const executable = `pulumi-${name}`;
  await mkdir(folder, { recursive: true });
  if (tool.origin === "stand-in") {
    // A script finds the files beside it by the path it was started with, so it is started, not linked.
    await replace(join(folder, executable), async (path) => {
      await writeFile(path, `#!/bin/sh\nexec '${tool.path.replaceAll("'", `'\\''`)}' "$@"\n`);
      await chmod(path, 0o755);
    });
    return;
  }
  const source = dirname(tool.path);
  const others = tool.origin === "official" ? await readdir(source) : [];
  for (const file of new Set([basename(tool.path), ...others])) {
    await replace(join(folder, file), (path) => symlink(join(source, file), path));
  }
}

/** A second name of the same file; a copy where the file system has none. */
async function sameFile(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}

/** Exchanges a file in one step, so that an engine that starts at this moment finds the old or the new one. */
async function replace(path: string, make: (path: string) => Promise<void>): Promise<void> {
  const fresh = `${path}.${randomUUID()}`;
  await make(fresh);
  try {
    await rename(fresh, path);
  } finally {
    // Renaming a name of a file to another name of the same file does nothing at all.
    await rm(fresh, { force: true });
  }
}
