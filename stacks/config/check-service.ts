/** Rules for one service that need the environments, the deployment repository or the registry as well. */
import { checkImage, type SettingPath } from "../../components/delivery/image-rules";
import { checkPipeline } from "../../components/delivery/pipeline";
import { testOf } from "../../components/delivery/tag-filter";
import {
  effectiveSettings,
  settingPath,
  type UpdateSettings,
} from "../../components/delivery/update-settings";
import { invalid, VisibleError } from "../../components/error";
import { checkTrigger, hasConstantTag } from "../../components/registry/build-trigger";
import { listed } from "../../components/validation";
import { plainPipeline, sampleCommitTags, sampleTags, triggersOf } from "./derived";
import type { ImageConfig } from "./images";
import { Once, type Path, type Problems, shown, suggestion } from "./problems";
import type { Groups } from "./schema";
import type { ServiceConfig } from "./services";

/** @param path The service's path in the stack file. */
export function checkService(
  name: string,
  service: ServiceConfig,
  { environments, deployment, registry }: Partial<Groups>,
  path: Path,
  problems: Problems,
): void {
  const before = problems.all.length;
  if (environments !== undefined) {
    checkNamedEnvironments(service, Object.keys(environments), path, problems);
  }
  for (const [alias, image] of Object.entries(service.images)) {
    const immutable = registry?.tagImmutability ?? false;
    problems.try(path, (key) => checkUpdate(key, alias, image, service.update, immutable));
    checkBuilds(image, immutable, [...path, "images", alias, "build", "rules"], problems);
  }
  const complete = deployment !== undefined && Object.keys(environments ?? {}).length > 0;
  if (problems.all.length === before && environments !== undefined && complete) {
    problems.try(path, (key) => checkPipeline(key, plainPipeline(name, service, environments, deployment)));
  }
}

function checkNamedEnvironments(
  { paused, ignoreTags }: ServiceConfig,
  known: string[],
  path: Path,
  problems: Problems,
): void {
  const named: [Path, string][] = [
    ...paused.map((environment, index): [Path, string] => [["paused", index], environment]),
    ...Object.keys(ignoreTags).map((environment): [Path, string] => [["ignoreTags"], environment]),
  ];
  for (const [at, environment] of named) {
    if (!known.includes(environment)) {
      problems.add(
        [...path, ...at],
        `${shown(environment)} is not an environment; ${suggestion(environment, known)}`,
      );
    }
  }
}

/** How the image's tags are chosen, against what its builds make. */
function checkUpdate(
  path: string,
  alias: string,
  image: ImageConfig,
  shared: UpdateSettings,
  immutable: boolean,
): void {
  const settings = effectiveSettings(shared, image.update);
  const at: SettingPath = (setting) => settingPath(path, alias, shared, image.update, setting);
  checkImage(at, alias, { ...settings, sampleTags: sampleTags(image) });
  if (immutable && settings.strategy === "digest") {
    throw invalid(
      at("strategy"),
      "digest",
      "follows a tag that is moved, but registry.tagImmutability lets a tag be pushed once; use another strategy",
    );
  }
  checkOrder(at, settings, sampleCommitTags(image));
  checkPlatforms(at, settings.platforms, image);
}

/** @param commitTags Tags with a commit's id in them, as the builds make them. */
function checkOrder(
  at: SettingPath,
  { strategy = "latest", allowTags = "any" }: UpdateSettings,
  commitTags: string[],
): void {
  const unordered = commitTags.find(testOf(allowTags));
  if (unordered !== undefined && (strategy === "semver" || strategy === "name")) {
    throw invalid(
      at("strategy"),
      strategy,
      `finds no order in tags with a commit's id, like "${unordered}"; use the strategy latest, or leave them out with allowTags`,
    );
  }
}

/** The platform that Image Updater is taken to run on. It considers images for its own platform unless it is told. */
const ownPlatform = "linux/amd64";

/** Image Updater drops tags without an image for one of its platforms, and says so in its debug log only. */
function checkPlatforms(at: SettingPath, platforms: string[] | undefined, image: ImageConfig): void {
  const built = [...new Set(triggersOf(image).flatMap((trigger) => trigger.platforms))];
  if (platforms === undefined && !built.includes(ownPlatform)) {
    throw new VisibleError(
      `${at("platforms")} is missing: the image is built for ${listed(built)} only, and Image Updater looks for ${ownPlatform} unless it is told; use platforms: [${built.join(", ")}]`,
    );
  }
  for (const [index, platform] of (platforms ?? []).entries()) {
    if (!built.includes(platform)) {
      throw invalid(
        at(`platforms[${index}]`),
        platform,
        `is no platform that the image is built for; its build rules make ${listed(built, "and")}`,
      );
    }
  }
}

function checkBuilds({ build }: ImageConfig, immutable: boolean, path: Path, problems: Problems): void {
  const names = new Once(path, problems);
  const builds = new Once(path, problems);
  for (const [index, rule] of build.rules.entries()) {
    const called = rule.name ?? rule.on;
    const trigger = checkTrigger(rule, "");
    const { pushType, pushName, imageTag } = trigger;
    const isNew = builds.add(
      JSON.stringify([pushType, pushName, imageTag]),
      [index],
      ([first]) =>
        `builds ${shown(imageTag)} from the same pushes as rules[${first}], so that every image would be built twice under one tag; remove it, or give it another pattern or imageTag`,
    );
    if (isNew) {
      names.add(
        called,
        [index],
        () => `is called ${called} like another rule; give it a name of its own (name: …)`,
      );
    }
    if (immutable && hasConstantTag(trigger)) {
      problems.add(
        [...path, index, "imageTag"],
        `${shown(trigger.imageTag)} is the same for every build, but registry.tagImmutability lets a tag be pushed once; use a group of the pattern`,
      );
    }
  }
}
