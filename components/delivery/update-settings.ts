/**
 * How the tags of an image are chosen, and how the settings for a service, for one of its images and for one of its
 * environments come together. What each becomes for Image Updater is in image-update.ts, what is refused in
 * image-rules.ts.
 */

/**
 * Which of the allowed tags is used.
 * - `latest` (or `newest-build`): the one whose image was built last.
 * - `semver`: the highest version.
 * - `name` (or `alphabetical`): the last one in the order of characters.
 * - `digest`: always the tag in `constraint`, whenever it is moved to another image.
 */
export type UpdateStrategy = "latest" | "newest-build" | "semver" | "name" | "alphabetical" | "digest";

export interface UpdateSettings {
  /** @default "latest" */
  strategy?: UpdateStrategy;
  /**
   * Tags to consider: `regexp:<pattern>` in the RE2 dialect, not anchored by itself, or `any`. With `latest` every
   * allowed tag costs two requests to the registry in every cycle, so keep them few.
   * @default "any"
   */
  allowTags?: string;
  /** Globs of tags that are never used, like `["v1.4.*"]`. An image ignores those for all images as well. */
  ignoreTags?: string[];
  /** With `semver` the range of versions (`~1.2`, `^2`, `1.x`); with `digest` the tag to follow, which it needs. */
  constraint?: string;
  /**
   * Platforms whose images count, `os/architecture[/variant]`.
   * @default the platform that Image Updater itself runs on
   */
  platforms?: string[];
  /**
   * Credentials for this image, when it isn't in the platform's registry: `secret:<namespace>/<name>#<key>`,
   * `pullsecret:<namespace>/<name>`, `env:<variable>` or `ext:<absolute path>`.
   */
  pullSecret?: string;
  /**
   * Follow the image even where it doesn't run. Image Updater looks only at images that are live: an Application with
   * manual sync that was never synced gets no tag written back, and so never has anything to promote. Sync it once by
   * hand, or set this.
   * @default false
   */
  forceUpdate?: boolean;
}

/** What an environment has to say about the updates of all images in it. */
export interface EnvironmentUpdates {
  /** @default what the image says */
  forceUpdate?: boolean;
  /** Globs of tags that are never used here, beside those that are ignored everywhere. */
  ignoreTags?: string[];
}

/**
 * The settings that hold for an image in an environment: its own before those for all images, but for ignored tags, which
 * add up. A constraint belongs to
 * its strategy, and a filter of tags means nothing to an image that follows a single tag, so neither goes over to an
 * image that has another strategy.
 *
 * @param shared Settings for all images of the service.
 * @param own What the image says itself.
 */
export function effectiveSettings(
  shared: UpdateSettings,
  own: UpdateSettings,
  { forceUpdate, ignoreTags = [] }: EnvironmentUpdates = {},
): UpdateSettings {
  const result = { ...shared, ...given(own) };
  if (hasOwnStrategy(shared, own)) {
    result.constraint = own.constraint;
    result.allowTags = own.strategy === "digest" ? own.allowTags : result.allowTags;
  }
  const ignored = [...(own.ignoreTags ?? []), ...(shared.ignoreTags ?? []), ...ignoreTags];
  return {
    ...result,
    ...(ignored.length > 0 ? { ignoreTags: ignored } : {}),
    ...given({ forceUpdate }),
  };
}

/**
 * Where a setting was written, or would have to be: at the image or among those for all images, both called `update`.
 *
 * @param setting Like `strategy`, `ignoreTags[0]` or `helm.tag`.
 */
export function settingPath(
  path: string,
  alias: string,
  shared: UpdateSettings,
  own: UpdateSettings,
  setting: string,
): string {
  const key = setting.replace(/\W.*/, "") as keyof UpdateSettings;
  if (["alias", "helm", "kustomize"].includes(key)) {
    return `${path}.images.${alias}.${setting}`;
  }
  if (key === "ignoreTags") {
    const index = Number(/\[(\d+)\]/.exec(setting)?.[1] ?? 0);
    const { length } = own.ignoreTags ?? [];
    return index < length
      ? `${path}.images.${alias}.update.ignoreTags[${index}]`
      : `${path}.update.ignoreTags[${index - length}]`;
  }
  const isOwn =
    own[key] !== undefined ||
    (own.strategy !== undefined && (shared[key] === undefined || hasOwnStrategy(shared, own)));
  return isOwn ? `${path}.images.${alias}.update.${setting}` : `${path}.update.${setting}`;
}

function hasOwnStrategy(shared: UpdateSettings, own: UpdateSettings): boolean {
  return own.strategy !== undefined && own.strategy !== (shared.strategy ?? "latest");
}

/** Without the settings that are undefined, which would hide those for all images. */
function given<T extends object>(settings: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
