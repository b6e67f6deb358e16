import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Platform } from "./platform";
import { sumIn } from "./published";
import { downloadsVariable } from "./sources";
import { type Download, ToolError, Unavailable, type Workplace } from "./tool";

/**
 * A resource plugin, got by the engine itself (`pulumi plugin install`): from the plugin's releases on GitHub,
 * or from a mirror of it. If the release publishes checksums, the engine has to check the archive.
 */
export function enginePlugin(name: string, version: string): Download {
  const release = releaseOf(name, version);
  return {
    addresses: (platform) => [`${release}/${archiveName(name, version, platform)}`],
    async fetch(workplace) {
      const sums = await workplace.sources.text(
        `${release}/pulumi-${name}_${version}_checksums.txt`,
        workplace.signal,
      );
      const sum = sums && sumIn(sums, archiveName(name, version, workplace.platform));
      await install(name, version, sum, workplace);
      const plugin = join(workplace.scratch, "home", "plugins", `resource-${name}-v${version}`);
      for (const file of await readdir(plugin))
        await rename(join(plugin, file), join(workplace.folder, file));
      return `pulumi-resource-${name}`;
    },
  };
}

async function install(
  name: string,
  version: string,
  sum: string | undefined,
  workplace: Workplace,
): Promise<void> {
  const { mirror } = workplace.sources;
  const server = workplace.sources.address(releaseOf(name, version));
  workplace.progress("downloading with `pulumi plugin install`");
  const run = await execa(
    workplace.tools["pulumi"]!.path,
    [
      ...["plugin", "install", "resource", name, version, "--exact", "--non-interactive", "--color", "never"],
      ...(mirror ? ["--server", server] : []),
      ...(sum ? ["--checksum", sum] : []),
    ],
    {
      // A folder without a Pulumi.yaml, whose packages would be read otherwise.
      cwd: workplace.scratch,
      env: {
        ...workplace.env,
        PULUMI_HOME: join(workplace.scratch, "home"),
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
        TMPDIR: workplace.scratch,
      },
      extendEnv: false,
      cancelSignal: workplace.signal,
      reject: false,
      timeout: 900_000,
      all: true,
    },
  );
  workplace.signal.throwIfAborted();
  if (!run.failed) return;
  const reason = run.all.trim().split("\n").at(-1) ?? "";
  if (/invalid checksum/.test(run.all)) {
    throw new ToolError(
      `${workplace.title} ${version}: the engine refused the downloaded plugin (${reason}). ` +
        "Something between its publisher and this machine changes it. " +
        `Try another network, or set ${downloadsVariable}=off to do without downloads.`,
    );
  }
  throw new Unavailable(`\`pulumi plugin install\` failed: ${reason}`);
}

function releaseOf(name: string, version: string): string {
  return `https://github.com/pulumi/pulumi-${name}/releases/download/v${version}`;
}

function archiveName(name: string, version: string, platform: Platform): string {
  return `pulumi-resource-${name}-v${version}-${platform.os}-${platform.arch}.tar.gz`;
}
