/** What is said of an Application in the log. */
import { expect } from "chai";
import { decideIn, image, type World } from "../support";
import { isLatest } from "./table";

describe("Image Updater stand-in: the line", () => {
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
