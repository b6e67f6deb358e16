/** What may stand in the settings of an image; see image-update.ts for what the settings mean. */
import { VisibleError } from "../error";
import { check, oneOf, type Rule } from "../validation";
import type { HelmParameters, ImageUpdate } from "./image-update";
import { allowTagsRule, ignoreTagRule, semverComplaint } from "./tag-filter";

/** Where a setting of an image stands, for the messages: `strategy` -> `services.echo.update.strategy`. */
export type SettingPath = (setting: string) => string;

/**
 * All rules for one image.
 *
 * @throws {VisibleError}
 */
export function checkImage(at: SettingPath, alias: string, image: ImageUpdate): void {
  check(at("alias"), alias, aliasRule);
  check(at("strategy"), image.strategy ?? "latest", strategyRule);
  checkConstraint(at, image);
  checkTags(at, image);
  for (const [index, platform] of (image.platforms ?? []).entries()) {
    check(at(`platforms[${index}]`), platform, platformRule);
  }
  if (image.pullSecret !== undefined) {
    check(at("pullSecret"), image.pullSecret, pullSecretRule);
  }
  if (image.helm !== undefined) {
    checkParameters(at, image.helm);
  }
  if (image.kustomize !== undefined) {
    check(at("kustomize.image"), image.kustomize.image, kustomizeImageRule);
  }
}

/**
 * Image Updater takes any alias, but it is a part of annotation names: Kubernetes allows them 63 characters, and the
 * longest ending, `.kustomize.image-name`, takes 21.
 */
export const aliasRule: Rule<string> = (alias) =>
  /^[A-Za-z0-9]{1,42}$/.test(alias)
    ? undefined
    : "is not an alias for an image; use 1 to 42 letters and digits, like echoServer";

export const strategyRule: Rule<string> = oneOf<string>(
  ["latest", "newest-build", "semver", "name", "alphabetical", "digest"],
  (words) => `is not an update strategy; use ${words}`,
);

function checkConstraint(at: SettingPath, { strategy = "latest", constraint }: ImageUpdate): void {
  if (constraint !== undefined) {
    check(at("constraint"), constraint, constraintRule(strategy));
  } else if (strategy === "digest") {
    throw new VisibleError(
      `${at("constraint")} is missing: the strategy digest follows one tag; name it, like stable`,
    );
  }
}

function constraintRule(strategy: string): Rule<string> {
  return (constraint) => {
    switch (strategy) {
      case "digest":
        return /^\w[\w.-]{0,127}$/.test(constraint) ? undefined : "is not a tag, like stable";
      case "semver":
        // Commas and spaces separate images in the annotation, so that a range of several parts can't be written.
        return /^[~^]?v?\d+(\.(\d+|x)){0,2}(-[0-9A-Za-z.-]+)?$/.test(constraint)
          ? undefined
          : "is not a range that fits into an annotation; use ~1.2, ^2 or 1.x";
      default:
        return `has no effect with the strategy ${strategy}; use allowTags`;
    }
  };
}

function checkTags(at: SettingPath, image: ImageUpdate): void {
  const { strategy = "latest", allowTags = "any" } = image;
  const samples = strategy === "digest" ? [image.constraint!] : (image.sampleTags ?? []);
  check(at("allowTags"), allowTags, allowTagsRule(samples));
  if (strategy === "semver") {
    check<string>(at("strategy"), strategy, () => semverComplaint(allowTags, samples));
  }
  for (const [index, glob] of (image.ignoreTags ?? []).entries()) {
    check(at(`ignoreTags[${index}]`), glob, ignoreTagRule);
  }
}

/** A platform as Image Updater has them: operating system, architecture, variant. */
export const platformRule: Rule<string> = (platform) =>
  /^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/.test(platform)
    ? undefined
    : "is not a platform; use forms like linux/amd64 and linux/arm64";

const pullSecretForms = [
  /^secret:[a-z0-9-]+\/[a-z0-9.-]+#[\w.-]+$/,
  /^pullsecret:[a-z0-9-]+\/[a-z0-9.-]+$/,
  /^env:[A-Za-z_]\w*$/,
  /^ext:\/[\w./-]+$/,
];

/** Where Image Updater finds credentials. */
export const pullSecretRule: Rule<string> = (reference) =>
  pullSecretForms.some((form) => form.test(reference))
    ? undefined
    : "is no reference to credentials; use secret:<namespace>/<name>#<key>, pullsecret:<namespace>/<name>, env:<variable> or ext:<absolute path>";

function checkParameters(at: SettingPath, helm: HelmParameters): void {
  const keys = Object.keys(helm).sort().join(",");
  if (keys !== "name,tag" && keys !== "spec") {
    throw new VisibleError(
      `${at("helm")}: name the chart's two parameters for the image (name and tag), or one for both (spec)`,
    );
  }
  for (const [key, parameter] of Object.entries(helm)) {
    check(at(`helm.${key}`), parameter, parameterRule);
  }
}

const parameterRule: Rule<string> = (parameter) =>
  /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$/.test(parameter)
    ? undefined
    : "is not a path in the chart's values, like image.echoServer.tag";

const kustomizeImageRule: Rule<string> = (image) => {
  if (!/^[a-z0-9]+([._/:-]+[a-z0-9]+)*$/.test(image)) {
    return "is not the name of an image in a kustomization, like echo-server";
  }
  return /:[^/]*$/.test(image) ? "has a tag; give the name alone, as in the kustomization" : undefined;
};
