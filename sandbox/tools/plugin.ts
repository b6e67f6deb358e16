import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Platform } from "./platform";
import { type Download, Unavailable, type Workplace } from "./tool";
import { fetchVerified, publishedSum } from "./verified";

/**
 * A resource plugin, installed by the engine itself (`pulumi plugin install`) from the plugin's releases on
 * GitHub. If the release publishes checksums, the archive is downloaded and verified here and handed to the
 * engine: its own `--checksum` refuses right archives of servers that speak HTTP/1.1 (it doesn't count the last
 * bytes when they come together with the end). Else the engine downloads it as it does for every program.
 */
export function enginePlugin(name: string, version: string): Download {
  const release = `https://github.com/pulumi/pulumi-${name}/releases/download/v${version}`;
  const archive = ({ os, arch }: Platform) => `pulumi-resource-${name}-v${version}-${os}-${arch}.tar.gz`;
  return {
    addresses: (platform) => [`${release}/${archive(platform)}`],
    async fetch(workplace) {
      const url = `${release}/${archive(workplace.platform)}`;
      const sums = `${release}/pulumi-${name}_${version}_checksums.txt`;
      const expected = await publishedSum(sums, url, workplace);
      const file = join(workplace.scratch, "plugin.tar.gz");
      if (expected) await fetchVerified(url, file, expected, workplace);
      await install(name, version, expected ? ["--file", file] : serverOf(release, workplace), workplace);
      const plugin = join(workplace.scratch, "home", "plugins", `resource-${name}-v${version}`);
      for (const entry of await readdir(plugin)) {
        await rename(join(plugin, entry), join(workplace.folder, entry));
      }
      return `pulumi-resource-${name}`;
    },
  };
}

/** Without a mirror the engine knows best where its plugins are. */
function serverOf(release: string, { sources }: Workplace): string[] {
  return sources.mirror ? ["--server", sources.address(release)] : [];
}

async function install(name: string, version: string, from: string[], workplace: Workplace): Promise<void> {
  const { env, scratch, signal, tools } = workplace;
  const command = ["plugin", "install", "resource", name, version, "--exact", "--non-interactive"];
  workplace.progress("pulumi plugin install");
  const run = await execa(tools["pulumi"]!.path, [...command, "--color", "never", ...from], {
    // A folder without a Pulumi.yaml: the engine would take its word for where the plugin comes from.
    cwd: scratch,
    env: {
      ...env,
      PULUMI_HOME: join(scratch, "home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
      TMPDIR: scratch,
    },
    extendEnv: false,
    cancelSignal: signal,
    reject: false,
    timeout: 900_000,
    all: true,
  });
  signal.throwIfAborted();
  if (run.failed) {
    throw new Unavailable(`\`pulumi plugin install\` failed: ${run.all?.trim().split("\n").at(-1)}`);
  }
}
