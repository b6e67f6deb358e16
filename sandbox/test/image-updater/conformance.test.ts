/**
 * What the stand-in decides, row by row, so that anybody with the real one can check it: the rule, the world, and the
 * outcome with the new tag or the reason, and with the repository, branch and file that are written.
 */
import { expect } from "chai";
import type { Decision } from "../../image-updater/decide";
import { built, decideIn, host, image, type World } from "./support";

const vpc = host.replace("-registry.", "-registry-vpc.");
type Row = [
  rule: string,
  world: World,
  outcome: "update" | "up to date" | "skip" | "error",
  /** The new tag of an update, else the reason; or what is in the reason. */
  says?: string | RegExp,
  /** Repository, branch and file. */
  written?: string,
];

const repository = "https://git.example.com/acme/echo-deploy.git";
const elsewhere = "https://git.example.com/acme/values.git";
const override = ".argocd-source-echo-dev.yaml";
const toChart = `${repository} main charts/echo/${override}`;
/** A chart, and a repository with its values. */
const chart = { path: "charts/echo", helm: {} };
const values = { repoURL: elsewhere, targetRevision: "live", path: "values", ref: "values" };
const isLatest = `${image}:v1.0.0 already on latest allowed version`;
const noKeys =
  "Could not update application spec: could not find an image-name annotation for image echo-dev/echo-server";

const tables: Record<string, Row[]> = {
  "which Applications": [
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
  ],
  "several sources": [
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
  ],
  "entries without an alias": [
    ["they are updated", { annotations: { "image-list": image } }, "update", "v1.0.1", toChart],
    [
      "with a constraint",
      { annotations: { "image-list": `${image}:~1.0` }, tags: ["v1.0.5", "v1.1.0"] },
      "update",
      "v1.0.5",
    ],
    [
      "not live",
      { annotations: { "image-list": image }, live: [] },
      "skip",
      `Image '${image}' seems not to be live in this application`,
    ],
    [
      "the application's settings count",
      { annotations: { "image-list": image, "ignore-tags": "v1.0.1" } },
      "up to date",
      isLatest,
    ],
    [
      "settings by the image's name don't",
      { annotations: { "image-list": image, "echo-server.ignore-tags": "*" } },
      "update",
      "v1.0.1",
    ],
    [
      "helmvalues needs keys",
      { annotations: { "image-list": image, "write-back-target": "helmvalues" } },
      "error",
      noKeys,
    ],
    [
      "which can't be given to the application",
      {
        annotations: {
          "image-list": image,
          "write-back-target": "helmvalues",
          "helm.image-name": "image.name",
          "helm.image-tag": "image.tag",
        },
      },
      "error",
      noKeys,
    ],
  ],
  "aliases with a slash": [
    [
      "it is _ in the keys",
      { annotations: { "image-list": `acme/echo=${image}`, "acme_echo.ignore-tags": "v1.0.1" } },
      "up to date",
      isLatest,
    ],
    [
      "each of them",
      {
        annotations: { "image-list": `a/b/c=${image}`, "a_b_c.update-strategy": "name" },
        tags: ["v10", "v9"],
      },
      "update",
      "v9",
    ],
    [
      "with the slash they aren't read",
      { annotations: { "image-list": `acme/echo=${image}`, "acme/echo.ignore-tags": "*" } },
      "update",
      "v1.0.1",
    ],
    [
      "nor by the part behind it",
      { annotations: { "image-list": `acme/echo=${image}`, "echo.ignore-tags": "*" } },
      "update",
      "v1.0.1",
    ],
  ],
  "which images": [
    ["never synced, so not live", { live: [] }, "skip", /seems not to be live/],
    [
      "not live but force-update",
      { live: [], annotations: { "app.force-update": "true" } },
      "update",
      "v1.0.1",
    ],
    [
      "force-update for all images",
      { live: [], annotations: { "force-update": "true" } },
      "update",
      "v1.0.1",
    ],
    [
      "force-update is exactly true",
      { live: [], annotations: { "app.force-update": "True" } },
      "skip",
      /live/,
    ],
    [
      "the VPC host is another host",
      { live: [`${vpc}/echo-dev/echo-server:v1.0.0`] },
      "skip",
      /seems not to be live/,
    ],
    [
      "mid-canary the first of two live tags counts",
      { live: [`${image}:v1.0.1`, `${image}:v1.0.0`] },
      "up to date",
    ],
    ["a live image without a tag is updated at once", { live: [image] }, "update", "v1.0.1"],
    [
      "a kustomization's replaced name is live as well",
      { sourceType: "Kustomize", annotations: { "app.kustomize.image-name": "echo" }, live: ["echo:v1.0.0"] },
      "update",
      "v1.0.1",
    ],
    [
      "and is replaced even when it runs the newest tag",
      { sourceType: "Kustomize", annotations: { "app.kustomize.image-name": "echo" }, live: ["echo:v1.0.1"] },
      "update",
      "v1.0.1",
    ],
    [
      "once: then the new name is live",
      {
        sourceType: "Kustomize",
        annotations: { "app.kustomize.image-name": "echo" },
        live: [`${image}:v1.0.1`],
      },
      "up to date",
      `${image}:v1.0.1 already on latest allowed version`,
    ],
    [
      "without the annotation it isn't live",
      { sourceType: "Kustomize", live: ["echo:v1.0.0"] },
      "skip",
      `Image '${image}' seems not to be live in this application`,
    ],
  ],
  registries: [
    [
      "the registry can not be read",
      { tags: { error: "401" } },
      "error",
      /Could not get tags from registry: 401/,
    ],
    [
      "the registry's credentials are no reference",
      { registriesConf: `registries: [{name: a, api_url: x, prefix: ${host}, credentials: acr}]` },
      "error",
      /Could not set registry endpoint credentials: invalid credential spec: acr/,
    ],
    ["a broken pull-secret only warns", { annotations: { "app.pull-secret": "acr" } }, "update", "v1.0.1"],
  ],
  "allow-tags and ignore-tags": [
    ["a pattern matches anywhere", { annotations: { "app.allow-tags": "regexp:0[.]1" } }, "update", "v1.0.1"],
    ["any lets all through", { annotations: { "app.allow-tags": "ANY" } }, "update", "v1.0.1"],
    [
      "a look-ahead is not RE2: nothing",
      { annotations: { "app.allow-tags": "regexp:^v(?=1)" } },
      "up to date",
    ],
    ["a pattern without regexp: nothing", { annotations: { "app.allow-tags": "^v1" } }, "up to date"],
    [
      "the image's pattern wins",
      { annotations: { "app.allow-tags": "any", "allow-tags": "x" } },
      "update",
      "v1.0.1",
    ],
    ["the application's counts else", { annotations: { "allow-tags": "regexp:^no" } }, "up to date"],
    [
      "an empty one of the image hides it",
      { annotations: { "app.allow-tags": "", "allow-tags": "regexp:^no" } },
      "update",
      "v1.0.1",
    ],
    ["the old name tag-match", { annotations: { "app.tag-match": "regexp:^no" } }, "up to date"],
    ["of the image only", { annotations: { "tag-match": "regexp:^no" } }, "update", "v1.0.1"],
    ["ignored by name", { annotations: { "app.ignore-tags": "v1.0.1" } }, "up to date"],
    ["ignored by pattern in a list", { annotations: { "app.ignore-tags": "x, v*.1" } }, "up to date"],
    ["* pauses", { annotations: { "app.ignore-tags": "*" } }, "up to date"],
    [
      "the application's, where the image has none",
      { annotations: { "ignore-tags": "x, v1.0.1" } },
      "up to date",
      isLatest,
    ],
    ["* pauses the application", { annotations: { "ignore-tags": "*" } }, "up to date", isLatest],
    [
      "the image's wins, they don't add up",
      { annotations: { "app.ignore-tags": "v1.0.2", "ignore-tags": "*" } },
      "update",
      "v1.0.1",
    ],
    [
      "an empty one of the image ends the pause for it",
      { annotations: { "app.ignore-tags": "", "ignore-tags": "*" } },
      "update",
      "v1.0.1",
    ],
    [
      "a malformed pattern ignores nothing",
      { annotations: { "app.ignore-tags": "v1.0.[" } },
      "update",
      "v1.0.1",
    ],
  ],
  "update-strategy": [
    [
      "the application's, where the image has none",
      { annotations: { "update-strategy": "name" }, tags: ["v10", "v9"] },
      "update",
      "v9",
    ],
    [
      "the image's wins",
      { annotations: { "app.update-strategy": "semver", "update-strategy": "name" }, tags: ["v10", "v9"] },
      "update",
      "v10",
    ],
    [
      "an empty one of the image is semver",
      { annotations: { "app.update-strategy": "", "update-strategy": "name" }, tags: ["v10", "v9"] },
      "update",
      "v10",
    ],
    [
      "the application's digest needs a tag to follow in each entry",
      { annotations: { "update-strategy": "digest" } },
      "error",
      /^Unable to find newest version from available tags: cannot use update strategy 'digest' without a version/,
    ],
  ],
  "strategy semver": [
    ["it is the default; 10 is above 9", { tags: ["v1.10.0", "v1.9.0"] }, "update", "v1.10.0"],
    ["an unknown name is semver", { annotations: { "app.update-strategy": "newest" } }, "update", "v1.0.1"],
    ["what is no version is passed over", { tags: ["v1.0.0", "zzz", "release-v3"] }, "up to date"],
    [
      "the live tag must be a version",
      { live: [`${image}:main`] },
      "error",
      /current tag 'main' is not a semantic/,
    ],
    ["unless no tag is one", { live: [`${image}:main`], tags: ["dev"] }, "up to date"],
    [
      "a constraint that the fallback parser reads",
      { annotations: { "image-list": `app=${image}:~1.0` }, tags: ["v1.0.5", "v1.1.0"] },
      "update",
      "v1.0.5",
    ],
    [
      "1.x",
      { annotations: { "image-list": `app=${image}:1.x` }, tags: ["v1.5.0", "v2.0.0"] },
      "update",
      "v1.5.0",
    ],
    [
      "nothing satisfies it",
      { annotations: { "image-list": `app=${image}:2.x` } },
      "skip",
      /No suitable image tag/,
    ],
    [
      "it can't be read",
      { annotations: { "image-list": `app=${image}:main` } },
      "error",
      /improper constraint: main/,
    ],
    [
      "prereleases are out with a constraint",
      { annotations: { "image-list": `app=${image}:1.x` }, tags: ["v1.0.0", "v1.1.0-rc1"] },
      "up to date",
    ],
    [
      "unless it has -0",
      { annotations: { "image-list": `app=${image}:~1.1-0` }, tags: ["v1.0.0", "v1.1.0-rc1"] },
      "update",
      "v1.1.0-rc1",
    ],
    ["and in without one: a hash is one", { tags: ["v1.0.0", "v3-5a7147"] }, "update", "v3-5a7147"],
    ["it can go back", { live: [`${image}:v2.0.0`] }, "update", "v1.0.1"],
  ],
  "strategy latest, or newest-build": [
    [
      "the newest creation wins, whatever its name",
      { annotations: { "app.update-strategy": "latest" }, tags: [built("v2", 1), built("v1", 2)] },
      "update",
      "v1",
    ],
    [
      "names are read without case",
      { annotations: { "app.update-strategy": "Newest-Build" }, tags: [built("v2", 1), built("v1", 2)] },
      "update",
      "v1",
    ],
    [
      "v0.12 does not know newest-build: semver",
      {
        release: "v0.12",
        annotations: { "app.update-strategy": "newest-build" },
        tags: [built("v2", 1), built("v1", 2)],
      },
      "update",
      "v2",
    ],
    [
      "the same time: the greatest tag",
      { annotations: { "app.update-strategy": "latest" }, tags: [built("v9", 1), built("v10", 1)] },
      "update",
      "v9",
    ],
    [
      "another platform is no candidate",
      { annotations: { "app.update-strategy": "latest" }, tags: [built("arm", 2, "linux/arm64")] },
      "up to date",
    ],
    [
      "unless it is named",
      {
        annotations: { "app.update-strategy": "latest", "app.platforms": "linux/arm64" },
        tags: [built("arm", 2, "linux/arm64/v8")],
      },
      "update",
      "arm",
    ],
    [
      "with tagsortmode latest-first the list's order counts",
      {
        annotations: { "app.update-strategy": "latest" },
        registriesConf: `registries: [{name: a, api_url: x, prefix: ${host}, tagsortmode: latest-first}]`,
        tags: [built("b", 1), built("a", 2)],
      },
      "update",
      "b",
    ],
    [
      "with latest-last the other way round",
      {
        annotations: { "app.update-strategy": "latest" },
        registriesConf: `registries: [{name: a, api_url: x, prefix: ${host}, tagsortmode: latest-last}]`,
        tags: [built("b", 2), built("a", 1)],
      },
      "update",
      "a",
    ],
    [
      "v0.12 can't read OCI indexes",
      {
        release: "v0.12",
        annotations: { "app.update-strategy": "latest" },
        tags: [built("v2", 1, undefined, true)],
      },
      "up to date",
    ],
  ],
  "strategy name, or alphabetical": [
    [
      "the order of strings",
      { annotations: { "app.update-strategy": "name" }, tags: ["v10", "v9"] },
      "update",
      "v9",
    ],
    [
      "platforms are not looked at",
      {
        annotations: { "app.update-strategy": "alphabetical", "app.platforms": "linux/arm64" },
        tags: ["v2"],
      },
      "update",
      "v2",
    ],
  ],
  "strategy digest": [
    [
      "needs a tag to follow",
      { annotations: { "app.update-strategy": "digest" } },
      "error",
      /without a version/,
    ],
    [
      "follows the tag",
      {
        annotations: { "app.update-strategy": "digest", "image-list": `app=${image}:main` },
        live: [`${image}:main@${built("", 1).digest}`],
        tags: [built("main", 2), built("other", 3)],
      },
      "update",
      built("", 2).digest!,
    ],
    [
      "the same digest",
      {
        annotations: { "app.update-strategy": "digest", "image-list": `app=${image}:main` },
        live: [`${image}:main@${built("", 2).digest}`],
        tags: [built("main", 2)],
      },
      "up to date",
    ],
    [
      "an image that runs by tag is pinned at once",
      {
        annotations: { "app.update-strategy": "digest", "image-list": `app=${image}:main` },
        live: [`${image}:main`],
        tags: [built("main", 2)],
      },
      "update",
      built("", 2).digest!,
    ],
  ],
  "write-back": [
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
  ],
};

describe("Image Updater stand-in: conformance", () => {
  for (const [title, rows] of Object.entries(tables)) {
    describe(title, () => {
      for (const [rule, world, outcome, says, written] of rows) {
        it(`${rule}: ${outcome}`, () => {
          const decision = decideIn(world);
          expect(decision.outcome, decision.line).to.equal(outcome);
          expect(decision.line).to.match(/^application=echo-dev decision="[^\n]+$/);
          if (says instanceof RegExp) {
            expect(decision.reason).to.match(says);
          } else if (says !== undefined && outcome === "update") {
            const { new: tag } = decision.changes[0]!;
            expect(tag.digest || tag.name).to.equal(says);
          } else if (says !== undefined) {
            expect(decision.reason).to.equal(says);
          }
          if (written !== undefined) {
            expect(whereTo(decision)).to.equal(written);
          }
        });
      }
    });
  }

  describe("the line", () => {
    const update = `${image} from 'v1.0.0' to 'v1.0.1'`;
    const lines: [rule: string, world: World, line: string][] = [
      ["names the image with both of its tags", {}, `"update" ${update}`],
      ["says that nothing is newer", { annotations: { "ignore-tags": "*" } }, `"up to date" ${isLatest}`],
      [
        "says why an Application is passed over",
        { sources: [{ path: "plugin" }], sourceTypes: ["Plugin"] },
        `"skip" type 'Plugin' is not a supported source type (Helm, Kustomize)`,
      ],
      [
        "warns of an unknown strategy, of the application as well",
        { annotations: { "update-strategy": "newest" } },
        `"update" Unknown sort option newest -- using semver; ${update}`,
      ],
      [
        "says nothing about the settings of an image that is not live",
        { annotations: { "app.update-strategy": "newest" }, live: [] },
        `"skip" Image '${image}' seems not to be live in this application`,
      ],
      [
        "warns of a renamed strategy from v0.13 on",
        { annotations: { "update-strategy": "name" } },
        `"update" "name" strategy has been renamed to "alphabetical"; ${update}`,
      ],
      [
        "v0.12 has only the old name",
        { release: "v0.12", annotations: { "update-strategy": "name" } },
        `"update" ${update}`,
      ],
      [
        "warns of the application's pull-secret when it is no reference",
        { annotations: { "pull-secret": "acr" } },
        `"update" Invalid credential reference specified: acr; ${update}`,
      ],
      [
        "but not when the image has one of its own",
        { annotations: { "app.pull-secret": "env:ACR", "pull-secret": "acr" } },
        `"update" ${update}`,
      ],
      [
        "warns of a match function that there is none of, and lets nothing through",
        { annotations: { "allow-tags": "glob:v*" } },
        `"up to date" Unknown match function: glob; ${isLatest}`,
      ],
      [
        "warns of tag-match",
        { annotations: { "app.tag-match": "any" } },
        `"update" The 'tag-match' annotation is deprecated and subject to removal; ${update}`,
      ],
    ];
    for (const [rule, world, line] of lines) {
      it(rule, () => expect(decideIn(world).line).to.equal(`application=echo-dev decision=${line}`));
    }
  });
});

function whereTo({ write }: Decision): string {
  return write?.method === "git"
    ? `${write.to.repository} ${write.branch || write.to.branch} ${write.to.target.path}`
    : "the Application";
}
