/**
 * Names of images, as image-list and the status of an Application have them (pkg/image/image.go, which reads them with
 * github.com/distribution/reference and falls back to a parser of its own for what that refuses, like `~1.2` as tag).
 */
import { parseReference } from "../oci/reference";

/** Tag and digest of an image; either may be missing. */
export interface ImageTag {
  name: string;
  /** `sha256:…` or empty. */
  digest: string;
}

export interface ImageReference {
  /** What stands before the first `=`, or empty. */
  alias: string;
  /** Registry host with port, or empty for images of the default registry. */
  host: string;
  /** Path inside the registry, without tag. */
  name: string;
  /** In image-list this is the constraint: a version range for semver, the tag to follow for digest. */
  tag?: ImageTag;
}

/** Reads `[<alias>=]<image>[:<tag>][@<digest>]`. Never fails, as the real one: nonsense gives a name nobody runs. */
export function parseImage(identifier: string): ImageReference {
  const at = identifier.indexOf("=");
  const alias = at < 0 ? "" : identifier.slice(0, at);
  const reference = identifier.slice(at + 1);
  const parsed = parseDistribution(reference);
  return { alias, ...(parsed ?? parseLegacy(identifier, reference)) };
}

/** `host/name`, or the name alone without a host. */
export function nameOf(image: ImageReference): string {
  return image.host === "" ? image.name : `${image.host}/${image.name}`;
}

/** `host/name[:tag][@digest]`. */
export function nameWithTag(image: ImageReference): string {
  const { name = "", digest = "" } = image.tag ?? {};
  return nameOf(image) + (name && `:${name}`) + (digest && `@${digest}`);
}

/** What a Helm `image-tag` parameter is set to: `tag`, `tag@digest`, or `latest@digest` without a tag. */
export function tagWithDigest(tag: ImageTag | undefined): string {
  if (tag === undefined) {
    return "";
  }
  return tag.digest === "" ? tag.name : `${tag.name || "latest"}@${tag.digest}`;
}

/** For people and commit messages: the digest wins over the name. */
export function tagText(tag: ImageTag): string {
  return tag.digest || tag.name;
}

/** Two tags are equal by digest as soon as one of them has a digest, by name otherwise (pkg/tag/tag.go, Equals). */
export function sameTag(left: ImageTag, right: ImageTag): boolean {
  return left.digest || right.digest ? left.digest === right.digest : left.name === right.name;
}

type Parsed = Pick<ImageReference, "host" | "name" | "tag">;

function parseDistribution(text: string): Parsed | undefined {
  const reference = parseReference(text);
  if (reference === undefined) {
    return undefined;
  }
  const { host, name, tag, digest } = reference;
  return {
    host: host === "index.docker.io" ? "docker.io" : host,
    // Docker Hub's official images are the same with and without "library/", unless written first.
    name: host.endsWith("docker.io") ? name.replace(/^library\//, "") : name,
    ...((tag || digest) && { tag: { name: tag, digest } }),
  };
}

/** The older parser. It looks for the host between the first and the second `=`, so `>=` works only behind an alias. */
function parseLegacy(identifier: string, reference: string): Parsed {
  const beforeSecond = identifier.includes("=") ? identifier.split("=")[1]! : identifier;
  const isHost = (parts: string[]) => parts.length > 1 && parts[0]!.includes(".");
  const hostParts = beforeSecond.split("/");
  const host = isHost(hostParts) ? hostParts[0]! : "";
  const parts = reference.split("/");
  const rest = isHost(parts) ? parts.slice(1).join("/") : reference;
  const [beforeDigest = "", digest = ""] = rest.includes("@") ? splitOnce(rest, "@") : [rest];
  const [name = "", tag = ""] = splitOnce(beforeDigest, ":");
  return { host, name, ...((tag || digest) && { tag: { name: tag, digest } }) };
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
