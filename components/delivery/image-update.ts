/**
 * Annotations with which Image Updater follows an Application's images (Image Updater: "Configuration", annotations).
 *
 * Which version ACK One runs is not documented, so the annotations are those that every version from v0.12 to v0.18
 * understands. These versions skip what they can't read, with a line in a log that few people see; everything that they
 * would skip is refused here. Pure: settings in, annotations out.
 */
import { invalid } from "../error";
import { registryHostRule } from "../gitops/registries-conf";
import { check } from "../validation";
import { checkImage, type SettingPath } from "./image-rules";
import type { UpdateSettings, UpdateStrategy } from "./update-settings";
import { type WriteBack, writeBackValues } from "./write-back";

/** One image of an Application: how its tags are chosen, and where its manifests have it. */
export interface ImageUpdate extends UpdateSettings {
  /** Helm parameters that carry the image. Only for Helm sources, which need them. */
  helm?: HelmParameters;
  /** Name of the image in the kustomization. Only for Kustomize sources. @default the image itself */
  kustomize?: { image: string };
  /** Tags that the image's build can make, like `["v1.2.3"]`. Settings that would use none of them are refused. */
  sampleTags?: string[];
}

/** Either the two parameters of an image, or one for `image:tag`. Dotted paths in the chart's values. */
export type HelmParameters = { name: string; tag: string } | { spec: string };

export interface ImageUpdates {
  /** By alias: letters and digits, at most 42. It's a part of the annotations' names. */
  images: Record<string, ImageUpdate>;
  /** The branch that Argo CD follows. */
  branch: string;
  /** @default commit to the same branch with the repository's credentials */
  writeBack?: WriteBack;
  /**
   * No new tags for the time being. The way to keep a version that was rolled back to: without it, Image Updater writes
   * the newest tag again within minutes.
   * @default false
   */
  paused?: boolean;
}

/** By alias, where the settings of an image stand. */
export type ImagePath = (alias: string) => SettingPath;

const prefix = "argocd-image-updater.argoproj.io/";

/** The names that the oldest version knows, too. It takes a name that it doesn't know for `semver`. */
const oldNames: Record<UpdateStrategy, string> = {
  latest: "latest",
  "newest-build": "latest",
  semver: "semver",
  name: "name",
  alphabetical: "name",
  digest: "digest",
};

/**
 * All annotations but the list of images, which has the host name in it and may not be known yet.
 *
 * @param path Where the settings stand, for the messages.
 * @param pathOf Where those of an image stand, when that is not `<path>.images.<alias>`.
 * @throws {VisibleError}
 */
export function updateAnnotations(
  path: string,
  updates: ImageUpdates,
  pathOf: ImagePath = (alias) => (setting) => `${path}.images.${alias}.${setting}`,
): Record<string, string> {
  const annotations: Record<string, string> = {};
  const places = new Map<string, string>();
  for (const [alias, image] of Object.entries(updates.images)) {
    const at = pathOf(alias);
    checkImage(at, alias, image);
    for (const { setting, place } of placesOf(image)) {
      const other = places.get(place);
      if (other !== undefined) {
        throw invalid(at(setting), place, `is set by the image ${other} as well; every image needs its own`);
      }
      places.set(place, alias);
    }
    for (const [key, value] of Object.entries(imageValues(image, updates.paused ?? false))) {
      annotations[`${prefix}${alias}.${key}`] = value;
    }
  }
  for (const [key, value] of Object.entries(
    writeBackValues(`${path}.writeBack`, updates.writeBack ?? {}, updates.branch),
  )) {
    annotations[prefix + key] = value;
  }
  return annotations;
}

/** The annotation that {@link imageList} is the value of. */
export const imageListAnnotation = `${prefix}image-list`;

/**
 * The list of images: `echoServer=host/echo/echo-server,…`.
 *
 * @param references By alias: `host/namespace/name`, without a tag.
 * @throws {VisibleError}
 */
export function imageList(
  path: string,
  references: Record<string, string>,
  images: Record<string, ImageUpdate>,
): string {
  let first: { alias: string; host: string } | undefined;
  return Object.entries(references)
    .map(([alias, reference]) => {
      const at = `${path}.images.${alias}.reference`;
      const host = hostOf(at, reference);
      first ??= { alias, host };
      if (host !== first.host) {
        throw invalid(
          at,
          reference,
          `is on another host than the image ${first.alias} (${first.host}); use one host name of the registry everywhere`,
        );
      }
      const constraint = images[alias]?.constraint;
      return `${alias}=${reference}${constraint === undefined ? "" : `:${constraint}`}`;
    })
    .join(",");
}

function hostOf(path: string, reference: string): string {
  const [host = "", ...names] = reference.split("/");
  if (names.length === 0 || !names.every((name) => /^[a-z0-9]+([._-]+[a-z0-9]+)*$/.test(name))) {
    throw invalid(path, reference, "is not an image without a tag; use host/namespace/name");
  }
  check(path, host, registryHostRule);
  return host;
}

function imageValues(image: ImageUpdate, paused: boolean): Record<string, string> {
  const ignored = paused ? ["*"] : (image.ignoreTags ?? []);
  const values: Record<string, string | undefined> = {
    "update-strategy": oldNames[image.strategy ?? "latest"],
    "allow-tags": image.allowTags,
    "ignore-tags": ignored.length > 0 ? ignored.join(",") : undefined,
    platforms: image.platforms?.join(","),
    "pull-secret": image.pullSecret,
    "force-update": image.forceUpdate ? "true" : undefined,
    ...helmValues(image.helm),
    "kustomize.image-name": image.kustomize?.image,
  };
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function helmValues(helm: HelmParameters | undefined): Record<string, string> {
  if (helm === undefined) {
    return {};
  }
  return "spec" in helm
    ? { "helm.image-spec": helm.spec }
    : { "helm.image-name": helm.name, "helm.image-tag": helm.tag };
}

/** Where the manifests have the image, each with the setting that says so. */
function placesOf({ helm, kustomize }: ImageUpdate): { setting: string; place: string }[] {
  const parameters = Object.values(helmValues(helm)).map((place) => ({ setting: "helm", place }));
  return kustomize === undefined
    ? parameters
    : [...parameters, { setting: "kustomize.image", place: kustomize.image }];
}
