import { access, constants, readdir, realpath } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { gte, valid } from "semver";
import type { Platform } from "./platform";
import { type Download, type EnsuredTool, type Surroundings, Unavailable } from "./tool";

const installer = join(dirname(fileURLToPath(import.meta.url)), "pulumi-cli-installer.ts");

/**
 * A `pulumi` on the PATH that is new enough and brings its language host of Node.js.
 * @returns the CLI, why the one that is there won't do, or undefined if there is none
 */
export async function pulumiOnPath({
  env,
  version,
}: Surroundings): Promise<EnsuredTool | string | undefined> {
  const path = await onPath("pulumi", env);
  if (!path) return undefined;
  const run = await execa(path, ["version"], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    extendEnv: false,
    reject: false,
    timeout: 10_000,
  });
  const found = valid(run.stdout?.trim());
  if (run.failed || !found) return `${path} does not tell its version`;
  if (!gte(found, version)) return `${path} is Pulumi ${found}, older than ${version}`;
  if (!(await languageHostOf(path, env))) return `${path} has no pulumi-language-nodejs beside it`;
  return { path, version: found, origin: "found" };
}

/** The language host that a CLI brings along: beside it, beside what it is a link to, or on the PATH. */
export async function languageHostOf(cli: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const folders = [dirname(cli), dirname(await realpath(cli))];
  for (const folder of folders) {
    const path = join(folder, "pulumi-language-nodejs");
    if (await isExecutable(path)) return path;
  }
  return onPath("pulumi-language-nodejs", env);
}

/**
 * Pulumi's own installer, as the Automation API runs it: `install.sh` of get.pulumi.com, which takes the
 * release from GitHub. It runs in a process of its own, because it can't be told where to download from,
 * where to keep temporary files, or to stop.
 */
export function pulumiInstaller(version: string): Download {
  return {
    addresses: (platform) => [
      "https://get.pulumi.com/install.sh",
      `https://github.com/pulumi/pulumi/releases/download/v${version}/${archiveName(version, platform)}`,
    ],
    async fetch(workplace) {
      workplace.progress("running Pulumi's own installer");
      const run = await execa(
        process.execPath,
        [
          "--import",
          import.meta.resolve("tsx"),
          installer,
          workplace.folder,
          version,
          workplace.sources.mirror ?? "",
        ],
        {
          env: { ...workplace.env, TMPDIR: workplace.scratch },
          extendEnv: false,
          cancelSignal: workplace.signal,
          reject: false,
          timeout: 600_000,
          all: true,
        },
      );
      workplace.signal.throwIfAborted();
      if (run.failed) throw new Unavailable(`Pulumi's installer failed: ${lastLine(run.all)}`);
      const files = await readdir(join(workplace.folder, "bin"));
      if (!files.includes("pulumi-language-nodejs")) {
        throw new Unavailable("Pulumi's installer did not bring pulumi-language-nodejs");
      }
      return "bin/pulumi";
    },
  };
}

function archiveName(version: string, platform: Platform): string {
  return `pulumi-v${version}-${platform.os}-${platform.arch === "amd64" ? "x64" : "arm64"}.tar.gz`;
}

async function onPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env["PATH"] ?? "").split(delimiter).filter(isAbsolute)) {
    if (await isExecutable(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function lastLine(output: string | undefined): string {
  return output?.trim().split("\n").at(-1) ?? "no output";
}
