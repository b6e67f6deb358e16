import { goProgram } from "../go-build";
import { publishedArchive } from "../published";
import type { Tool } from "../tool";
import { versions } from "../versions";

/** What images lie in. */
export const registryTools = {
  /**
   * The OCI registry of the distribution project: `registry serve <config.yml>`. A built one has the `filesystem`
   * storage and the `htpasswd` logins alone. Its image sets `OTEL_TRACES_EXPORTER=none`; without that it looks
   * for a collector of traces.
   */
  registry: {
    title: "OCI registry",
    version: versions.registry,
    download: publishedArchive(() => "registry", {
      url: ({ os, arch }) => registryRelease(`registry_${versions.registry}_${os}_${arch}.tar.gz`),
      sums: ({ os, arch }) => registryRelease(`registry_${versions.registry}_${os}_${arch}.tar.gz.sha256`),
      platforms: ["linux"],
    }),
    build: goProgram({
      module: "registry",
      name: "registry",
      stamps: { "github.com/distribution/distribution/v3/version.version": `v${versions.registry}` },
      seconds: 35,
      bytes: 0.4e9,
    }),
  },
} satisfies Record<string, Tool>;

function registryRelease(file: string): string {
  return `https://github.com/distribution/distribution/releases/download/v${versions.registry}/${file}`;
}
