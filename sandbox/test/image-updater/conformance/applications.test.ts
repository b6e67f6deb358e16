/** Which Applications, and which of their sources. */
import { chart, conforms, elsewhere, override, repository, toChart, values } from "./table";

describe("Image Updater stand-in: which Applications", () =>
  conforms([
    ["a chart with image-list is looked at", {}, "update", "v1.0.1"],
    ["so is a kustomization", { sourceType: "Kustomize" }, "update", "v1.0.1"],
    [
      "no image-list, no update",
      { annotations: { "image-list": undefined } },
      "skip",
      /image-list is missing/,
    ],
    [
      "plain manifests are passed over",
      { sourceType: "Directory" },
      "skip",
      /'Directory' is not a supported/,
    ],
    ["not compared yet: the type is unknown", { sourceType: "" }, "skip", /not a supported source type/],
    [
      "write-back-target kustomization makes any type a kustomization",
      {
        sourceType: "Directory",
        annotations: { "write-back-target": "kustomization" },
        file: "resources: []\n",
      },
      "update",
      "v1.0.1",
    ],
    ["another namespace is not watched", { namespace: "other" }, "skip", /namespace argocd/],
  ]));

describe("Image Updater stand-in: several sources", () =>
  conforms([
    [
      "the first type that is Helm or Kustomize counts, and the first source with helm or kustomize is written",
      { sources: [values, chart], sourceTypes: ["Directory", "Helm"] },
      "update",
      "v1.0.1",
      toChart,
    ],
    [
      "also with a kustomization first",
      { sources: [{ path: "base", kustomize: {} }, chart], sourceTypes: ["Kustomize", "Helm"] },
      "update",
      "v1.0.1",
      `${repository} main base/${override}`,
    ],
    [
      "the first source of all is written when none has helm or kustomize (#1147)",
      { sources: [values, { path: "charts/echo" }], sourceTypes: ["Directory", "Helm"] },
      "update",
      "v1.0.1",
      `${elsewhere} live values/${override}`,
    ],
    [
      "one in the list is several as well: status.sourceType is not looked at",
      { sources: [chart], sourceType: "Helm", sourceTypes: ["Directory"] },
      "skip",
      "type 'Directory' is not a supported source type (Helm, Kustomize)",
    ],
    [
      "a plugin before the chart decides the type",
      { sources: [{ path: "plugin" }, chart], sourceTypes: ["Plugin", "Helm"] },
      "skip",
      "type 'Plugin' is not a supported source type (Helm, Kustomize)",
    ],
    [
      "a plugin behind it does not",
      { sources: [chart, { path: "plugin" }], sourceTypes: ["Helm", "Plugin"] },
      "update",
      "v1.0.1",
      toChart,
    ],
    [
      "not compared yet: Directory",
      { sources: [values, chart] },
      "skip",
      "type 'Directory' is not a supported source type (Helm, Kustomize)",
    ],
    [
      "a type and a source that don't fit each other",
      {
        sources: [{ path: "charts/echo" }, { path: "base", kustomize: {} }],
        sourceTypes: ["Helm", "Kustomize"],
      },
      "skip",
      "type 'Helm' doesn't fit the first source with helm or kustomize, which has no helm",
    ],
    [
      "write-back-target kustomization is a type of all",
      {
        sources: [{ path: "base" }, { path: "other" }],
        sourceTypes: ["Directory", "Directory"],
        annotations: { "write-back-target": "kustomization" },
        file: "resources: []\n",
      },
      "update",
      "v1.0.1",
      `${repository} main base`,
    ],
    [
      "but not where a chart is written",
      {
        sources: [chart],
        sourceTypes: ["Helm"],
        annotations: { "write-back-target": "kustomization" },
        file: "resources: []\n",
      },
      "skip",
      "type 'Kustomize' doesn't fit the first source with helm or kustomize, which has no kustomize",
    ],
    [
      "the method argocd changes the Application",
      {
        sources: [values, chart],
        sourceTypes: ["Directory", "Helm"],
        annotations: { "write-back-method": "argocd" },
      },
      "update",
      "v1.0.1",
      "the Application",
    ],
    [
      "v0.12 doesn't know them, so the type is unknown",
      { release: "v0.12", sources: [chart], sourceTypes: ["Helm"] },
      "skip",
      "type 'unknown' is not a supported source type (Helm, Kustomize)",
    ],
    [
      "v0.13 does",
      { release: "v0.13", sources: [chart], sourceTypes: ["Helm"] },
      "update",
      "v1.0.1",
      toChart,
    ],
    [
      "git-repository: on the branch of the source with that repository",
      {
        sources: [chart, values],
        sourceTypes: ["Helm", "Directory"],
        annotations: { "git-repository": elsewhere, "write-back-target": "helm.yaml" },
      },
      "update",
      "v1.0.1",
      `${elsewhere} live helm.yaml`,
    ],
    [
      "git-repository: up to v0.15 on the branch of the chart (#932)",
      {
        release: "v0.15",
        sources: [chart, values],
        sourceTypes: ["Helm", "Directory"],
        annotations: { "git-repository": elsewhere },
      },
      "update",
      "v1.0.1",
      `${elsewhere} main charts/echo/${override}`,
    ],
    [
      "git-repository: on the branch of the chart when it is none of the sources'",
      {
        sources: [chart, values],
        sourceTypes: ["Helm", "Directory"],
        annotations: { "git-repository": `${elsewhere}/` },
      },
      "update",
      "v1.0.1",
      `${elsewhere}/ main charts/echo/${override}`,
    ],
    [
      "git-repository: git-branch wins",
      {
        sources: [chart, values],
        sourceTypes: ["Helm", "Directory"],
        annotations: { "git-repository": elsewhere, "git-branch": "next" },
      },
      "update",
      "v1.0.1",
      `${elsewhere} next charts/echo/${override}`,
    ],
  ]));
