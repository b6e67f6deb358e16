/** Which tag of an image: filters and strategies. */
import { built, host, image } from "../support";
import { conforms, isLatest } from "./table";

describe("Image Updater stand-in: allow-tags and ignore-tags", () =>
  conforms([
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
  ]));

describe("Image Updater stand-in: update-strategy", () =>
  conforms([
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
  ]));

describe("Image Updater stand-in: strategy semver", () =>
  conforms([
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
  ]));

describe("Image Updater stand-in: strategy latest, or newest-build", () =>
  conforms([
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
  ]));

describe("Image Updater stand-in: strategy name, or alphabetical", () =>
  conforms([
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
  ]));

describe("Image Updater stand-in: strategy digest", () =>
  conforms([
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
  ]));
