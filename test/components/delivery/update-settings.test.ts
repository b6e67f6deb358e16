import { expect } from "chai";
import {
  type EnvironmentUpdates,
  effectiveSettings,
  settingPath,
  type UpdateSettings,
} from "../../../components/delivery/update-settings";

describe("components/delivery/update-settings", () => {
  const shared: UpdateSettings = { strategy: "semver", constraint: "~1.2", allowTags: "regexp:^v1" };

  const table: [string, UpdateSettings, UpdateSettings, EnvironmentUpdates, UpdateSettings][] = [
    ["takes those for all images", shared, {}, {}, shared],
    ["prefers the image's own", shared, { constraint: "~1.3" }, {}, { ...shared, constraint: "~1.3" }],
    [
      "leaves the constraint to the strategy that it belongs to",
      shared,
      { strategy: "latest" },
      {},
      { strategy: "latest", constraint: undefined, allowTags: "regexp:^v1" },
    ],
    [
      "leaves the filter behind for an image that follows one tag",
      shared,
      { strategy: "digest", constraint: "stable" },
      {},
      { strategy: "digest", constraint: "stable", allowTags: undefined },
    ],
    ["keeps the constraint when the image repeats the strategy", shared, { strategy: "semver" }, {}, shared],
    [
      "adds the tags that an environment ignores",
      { ignoreTags: ["v0.*"] },
      {},
      { ignoreTags: ["v1.0.2"] },
      { ignoreTags: ["v0.*", "v1.0.2"] },
    ],
    [
      "adds up those of the image, of all images and of the environment: none of them hides a withdrawn one",
      { ignoreTags: ["v0.*"] },
      { ignoreTags: ["v9.*"] },
      { ignoreTags: ["v1.0.2"] },
      { ignoreTags: ["v9.*", "v0.*", "v1.0.2"] },
    ],
    [
      "lets the environment have the last word",
      {},
      { forceUpdate: true },
      { forceUpdate: false },
      { forceUpdate: false },
    ],
  ];
  for (const [what, all, own, environment, expected] of table) {
    it(what, () => {
      expect(effectiveSettings(all, own, environment)).to.deep.equal(expected);
    });
  }

  const paths: [string, UpdateSettings, UpdateSettings, string, string][] = [
    ["a shared setting", { allowTags: "any" }, {}, "allowTags", "echo.update.allowTags"],
    [
      "an own setting",
      { allowTags: "any" },
      { allowTags: "v" },
      "allowTags",
      "echo.images.web.update.allowTags",
    ],
    ["an entry of a list", { ignoreTags: ["a b"] }, {}, "ignoreTags[0]", "echo.update.ignoreTags[0]"],
    [
      "an ignored tag of the image",
      { ignoreTags: ["v0.*"] },
      { ignoreTags: ["a b"] },
      "ignoreTags[0]",
      "echo.images.web.update.ignoreTags[0]",
    ],
    [
      "an ignored tag of all images, behind those of the image",
      { ignoreTags: ["a b"] },
      { ignoreTags: ["v0.*"] },
      "ignoreTags[1]",
      "echo.update.ignoreTags[0]",
    ],
    ["a missing setting", {}, {}, "constraint", "echo.update.constraint"],
    [
      "one that an own strategy lacks",
      shared,
      { strategy: "digest" },
      "constraint",
      "echo.images.web.update.constraint",
    ],
    ["a place in the manifests", {}, {}, "helm.tag", "echo.images.web.helm.tag"],
    ["the alias", {}, {}, "alias", "echo.images.web.alias"],
  ];
  for (const [what, all, own, setting, path] of paths) {
    it(`knows where ${what} is written`, () => {
      expect(settingPath("echo", "web", all, own, setting)).to.equal(path);
    });
  }
});
