import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { goProgram } from "../go-build";
import { enginePlugin } from "../plugin";
import { languageHostOf, pulumiInstaller, pulumiOnPath } from "../pulumi-cli";
import type { Tool } from "../tool";
import { versions } from "../versions";

const standIns = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "kubernetes", "plugin");

/** Pulumi: the command, its language host, the plugins. */
export const engineTools = {
  pulumi: {
    title: "Pulumi CLI",
    version: versions.pulumi,
    find: pulumiOnPath,
    download: pulumiInstaller(versions.pulumi),
    build: goProgram({
      module: "pulumi",
      main: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      name: "pulumi",
      stamps: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${versions.pulumi}` },
      seconds: 220,
      bytes: 2.8e9,
    }),
  },
  "pulumi-language-nodejs": {
    title: "Pulumi's language host of Node.js",
    version: versions.languageNodejs,
    needs: ["pulumi"],
    async cameWith({ pulumi }, { env }) {
      const path = pulumi!.origin === "built" ? undefined : await languageHostOf(pulumi!.path, env);
      return path ? { ...pulumi!, path } : undefined;
    },
    build: goProgram({
      module: "language-nodejs",
      main: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      name: "pulumi-language-nodejs",
      seconds: 45,
      bytes: 0.3e9,
    }),
  },
  "resource-alicloud": {
    title: "alicloud plugin",
    version: versions.alicloud,
    needs: ["pulumi"],
    download: enginePlugin("alicloud", versions.alicloud),
    build: goProgram({ module: "alicloud", name: "pulumi-resource-alicloud", seconds: 420, bytes: 4e9 }),
  },
  "resource-github": {
    title: "github plugin",
    version: versions.github,
    needs: ["pulumi"],
    download: enginePlugin("github", versions.github),
    build: goProgram({ module: "github", name: "pulumi-resource-github", seconds: 45, bytes: 0.4e9 }),
  },
  "resource-kubernetes": {
    title: "kubernetes plugin",
    version: versions.kubernetesPlugin,
    needs: ["pulumi"],
    download: enginePlugin("kubernetes", versions.kubernetesPlugin),
    standIn: join(standIns, "pulumi-resource-kubernetes"),
  },
} satisfies Record<string, Tool>;
