import { join } from "node:path";
import { copyFolder } from "../copy-folder";
import { goFiles, goProgram } from "../go-build";
import type { Tool } from "../tool";
import { versions } from "../versions";

const argoRollouts = "github.com/argoproj/argo-rollouts";
const kruiseRollout = "github.com/openkruise/rollouts";

/**
 * Progressive delivery: the two controllers, each with what is installed beside it. Both projects publish their
 * controllers as images alone, so they are always built, and the files come from the modules that this needs.
 */
export const rolloutTools = {
  "argo-rollouts": {
    title: "Argo Rollouts",
    version: versions.argoRollouts,
    build: goProgram({
      module: "argo-rollouts",
      main: `${argoRollouts}/cmd/rollouts-controller`,
      name: "rollouts-controller",
      // It calls itself a release only when it knows all three.
      stamps: {
        [`${argoRollouts}/utils/version.gitTag`]: `v${versions.argoRollouts}`,
        [`${argoRollouts}/utils/version.gitCommit`]: "0",
        [`${argoRollouts}/utils/version.gitTreeState`]: "clean",
      },
      seconds: 160,
      bytes: 2.4e9,
    }),
  },
  /** The folder `manifests` of Argo Rollouts' sources: `cluster-install` is what a platform installs. */
  "argo-rollouts-manifests": {
    title: "Argo Rollouts' manifests",
    version: versions.argoRollouts,
    build: goFiles("argo-rollouts", argoRollouts, async (module, to) => {
      await copyFolder(join(module, "manifests"), to);
      return ".";
    }),
  },
  "kruise-rollout": {
    title: "Kruise Rollout",
    version: versions.kruiseRollout,
    build: goProgram({
      module: "kruise-rollout",
      main: kruiseRollout,
      name: "kruise-rollout",
      seconds: 75,
      bytes: 0.9e9,
    }),
  },
  /** `config/`, of which `config/default` is what gets installed, and `lua_configuration/`, which the manager reads. */
  "kruise-rollout-config": {
    title: "Kruise Rollout's configuration",
    version: versions.kruiseRollout,
    build: goFiles("kruise-rollout", kruiseRollout, async (module, to) => {
      for (const part of ["config", "lua_configuration"])
        await copyFolder(join(module, part), join(to, part));
      return ".";
    }),
  },
} satisfies Record<string, Tool>;
