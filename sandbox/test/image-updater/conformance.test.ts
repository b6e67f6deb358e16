/**
 * What the stand-in decides, row by row, so that anybody with the real one can check it: the rule, the world, and the
 * outcome with the new tag or the reason.
 */
import { expect } from "chai";
import { built, decideIn, host, image, type World } from "./support";

const vpc = host.replace("-registry.", "-registry-vpc.");
type Row = [
  rule: string,
  world: World,
  outcome: "update" | "up to date" | "skip" | "error",
  says?: string | RegExp,
];

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
    ["the old name tag-match", { annotations: { "app.tag-match": "regexp:^no" } }, "up to date"],
    ["ignored by name", { annotations: { "app.ignore-tags": "v1.0.1" } }, "up to date"],
    ["ignored by pattern in a list", { annotations: { "app.ignore-tags": "x, v*.1" } }, "up to date"],
    ["* pauses", { annotations: { "app.ignore-tags": "*" } }, "up to date"],
    [
      "a malformed pattern ignores nothing",
      { annotations: { "app.ignore-tags": "v1.0.[" } },
      "update",
      "v1.0.1",
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
      for (const [rule, world, outcome, says] of rows) {
        it(`${rule}: ${outcome}`, () => {
          const decision = decideIn(world);
          expect(decision.outcome, decision.line).to.equal(outcome);
          expect(decision.line).to.match(/^application=echo-dev decision="[^\n]+$/);
          if (says instanceof RegExp) {
            expect(decision.reason).to.match(says);
          } else if (says !== undefined) {
            const { new: tag } = decision.changes[0]!;
            expect(tag.digest || tag.name).to.equal(says);
          }
        });
      }
    });
  }
});
