/** Where it is written. */
import { image } from "../support";
import { conforms, elsewhere, override, toChart } from "./table";

describe("Image Updater stand-in: write-back", () =>
  conforms([
    [
      "an unknown method",
      { annotations: { "write-back-method": "http" } },
      "error",
      /invalid update mechanism: http/,
    ],
    ["git:repocreds", { annotations: { "write-back-method": "git:repocreds" } }, "update"],
    ["git:secret:…", { annotations: { "write-back-method": "git:secret:argocd/git-creds" } }, "update"],
    [
      "without namespace",
      { annotations: { "write-back-method": "git:secret:git-creds" } },
      "error",
      /'namespace\/name'/,
    ],
    ["other credentials", { annotations: { "write-back-method": "git:env" } }, "error", /credentials format/],
    [
      "two colons in git-branch",
      { annotations: { "git-branch": "a:b:c" } },
      "error",
      /invalid format for git-branch/,
    ],
    ["without git-repository into the repository of the source", {}, "update", "v1.0.1", toChart],
    [
      "git-repository: another one, on the source's branch and path",
      { annotations: { "git-repository": elsewhere } },
      "update",
      "v1.0.1",
      `${elsewhere} main charts/echo/${override}`,
    ],
    [
      "git-repository with git-branch and a target",
      {
        annotations: {
          "git-repository": elsewhere,
          "git-branch": "live",
          "write-back-target": "helmvalues:/values.yaml",
          "app.helm.image-name": "image.name",
          "app.helm.image-tag": "image.tag",
        },
      },
      "update",
      "v1.0.1",
      `${elsewhere} live values.yaml`,
    ],
    [
      "git-repository in v0.13",
      { release: "v0.13", annotations: { "git-repository": elsewhere } },
      "update",
      "v1.0.1",
      `${elsewhere} main charts/echo/${override}`,
    ],
    [
      "v0.12 doesn't know git-repository",
      { release: "v0.12", annotations: { "git-repository": elsewhere } },
      "update",
      "v1.0.1",
      toChart,
    ],
    [
      "an empty git-repository is a repository without a name, for which nobody has credentials",
      { annotations: { "git-repository": "" } },
      "update",
      "v1.0.1",
      ` main charts/echo/${override}`,
    ],
    [
      "git-repository is nothing to the method argocd",
      { annotations: { "git-repository": elsewhere, "write-back-method": "argocd" } },
      "update",
      "v1.0.1",
      "the Application",
    ],
    [
      "no kustomization there",
      { annotations: { "write-back-target": "kustomization" } },
      "error",
      /could not find/,
    ],
    [
      "helmvalues without keys",
      { annotations: { "write-back-target": "helmvalues" } },
      "error",
      /image-name annotation/,
    ],
    [
      "an identical file: no commit",
      {
        file:
          `helm:\n  parameters:\n  - name: image.name\n    value: ${image}\n    forcestring: true\n` +
          "  - name: image.tag\n    value: v1.0.1\n    forcestring: true\n",
      },
      "up to date",
      /no commit/,
    ],
    [
      "a file set back by hand is undone (#1249)",
      {
        file:
          `helm:\n  parameters:\n  - name: image.name\n    value: ${image}\n    forcestring: true\n` +
          "  - name: image.tag\n    value: v1.0.0\n    forcestring: true\n",
      },
      "update",
      "v1.0.1",
    ],
  ]));
