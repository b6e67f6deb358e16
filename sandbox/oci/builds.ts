import { type ImageConfig, type Manifest, ociIndexType, type Platform, type Registry } from "./registry";

/** One image behind a tag. */
export interface Build {
  /** `os/arch[/variant]` */
  platform: string;
  /** From the image's config: when it was built, not when it was pushed. */
  created: Date;
}

/** What a tag points at. */
export interface TagContent {
  /** Digest of the manifest or of the index. */
  digest: string;
  /** Whether it is an OCI index, as builds for several platforms and build attestations make it. */
  ociIndex: boolean;
  builds: Build[];
}

/**
 * Reads the images behind a tag.
 *
 * @param wanted which platforms to read: of an index, the configs of the others aren't fetched
 * @throws Error when one of the wanted ones can't be read, or names no time at which it was created
 */
export async function readTag(
  registry: Registry,
  repository: string,
  tag: string,
  wanted: (platform: string) => boolean = () => true,
  options: { ociIndexes?: boolean } = {},
): Promise<TagContent> {
  const manifest = await registry.manifest(repository, tag, options);
  const { digest } = manifest;
  if (manifest.config !== undefined) {
    return { digest, ociIndex: false, builds: [await readBuild(registry, repository, manifest)] };
  }
  if (manifest.manifests.length === 0) throw new Error("empty index not supported");
  const images = manifest.manifests.filter(({ platform }) => wanted(platformName(platform)));
  const builds = await Promise.all(
    images.map(async (image) => {
      const build = await readBuild(registry, repository, await registry.manifest(repository, image.digest));
      return { ...build, platform: platformName(image.platform) };
    }),
  );
  return { digest, ociIndex: manifest.mediaType === ociIndexType, builds };
}

async function readBuild(registry: Registry, repository: string, manifest: Manifest): Promise<Build> {
  const config: ImageConfig = await registry.config(repository, manifest);
  const created = new Date(config.created ?? "");
  if (Number.isNaN(created.getTime())) {
    throw new Error(`${manifest.digest}: its config says no time of creation (${config.created ?? "none"})`);
  }
  return { platform: platformName(config), created };
}

function platformName({ os = "", architecture = "", variant = "" }: Platform = {}): string {
  return [os, architecture, ...(variant ? [variant] : [])].join("/");
}
