/**
 * Annotations of an Application (docs/configuration/images.md; pkg/image/options.go). A setting of one image,
 * `<alias>.<setting>`, wins over the same setting of the application, also when it is empty; empty is the default.
 */
import { RE2JS } from "re2js";
import type { Behaviour } from "./behaviour";
import { type CredentialsReference, parseCredentials } from "./credentials";
import { type ImageReference, parseImage } from "./image-reference";

export const prefix = "argocd-image-updater.argoproj.io/";

export type Annotations = Readonly<Record<string, string>>;

export type Strategy = "semver" | "newest-build" | "alphabetical" | "digest";

/** What the annotations say about one image. */
export interface ImageSettings {
  strategy: Strategy;
  /** Whether allow-tags lets a tag through. What can't be read lets nothing through. */
  allows: (tag: string) => boolean;
  /** Patterns of Go's filepath.Match. */
  ignoreTags: string[];
  forceUpdate: boolean;
  pullSecret?: CredentialsReference;
  /** `os/arch[/variant]`; empty means the updater's own platform. */
  platforms: string[];
  helm: { name: string; tag: string; spec: string };
  kustomizeName: string;
  /** What the log says about settings that couldn't be read. */
  warnings: string[];
}

/** Images of image-list, in its order; none without the annotation. */
export function imageList(annotations: Annotations): ImageReference[] | undefined {
  return annotations[`${prefix}image-list`]?.split(",").map((each) => parseImage(each.trim()));
}

/** Settings of an image of image-list. In keys a `/` of the alias is `_`; without alias only the application's count. */
export function settingsOf(
  image: ImageReference,
  annotations: Annotations,
  behaviour: Behaviour,
): ImageSettings {
  const alias = image.alias.replaceAll("/", "_");
  const own = (setting: string) => annotations[`${prefix}${alias}.${setting}`] ?? "";
  // The first key that exists decides, even when it is empty.
  const either = (setting: string) =>
    annotations[`${prefix}${alias}.${setting}`] ?? annotations[prefix + setting] ?? "";
  const warnings: string[] = [];
  return {
    strategy: readStrategy(either("update-strategy"), behaviour, warnings),
    allows: readAllowTags(either("allow-tags") || oldAllowTags(own("tag-match"), warnings), warnings),
    ignoreTags: list(either("ignore-tags")),
    forceUpdate: either("force-update") === "true",
    ...readPullSecret(either("pull-secret"), warnings),
    platforms: list(own("platforms")),
    helm: { name: own("helm.image-name"), tag: own("helm.image-tag"), spec: own("helm.image-spec").trim() },
    kustomizeName: own("kustomize.image-name"),
    warnings,
  };
}

function list(text: string): string[] {
  return text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

function readStrategy(text: string, { newStrategyNames }: Behaviour, warnings: string[]): Strategy {
  const name = text.toLowerCase();
  if (name === "" || name === "semver" || name === "digest") {
    return name || "semver";
  }
  if (name === "latest" || name === "name") {
    const strategy = name === "latest" ? "newest-build" : "alphabetical";
    if (newStrategyNames) {
      warnings.push(`"${name}" strategy has been renamed to "${strategy}"`);
    }
    return strategy;
  }
  if (newStrategyNames && (name === "newest-build" || name === "alphabetical")) {
    return name;
  }
  warnings.push(`Unknown sort option ${text} -- using semver`);
  return "semver";
}

function oldAllowTags(text: string, warnings: string[]): string {
  if (text !== "") {
    warnings.push("The 'tag-match' annotation is deprecated and subject to removal");
  }
  return text;
}

/** `any`, or `regexp:<RE2>`, which matches anywhere in the tag. */
function readAllowTags(text: string, warnings: string[]): (tag: string) => boolean {
  if (text === "" || text.toLowerCase() === "any") {
    return () => true;
  }
  const at = text.indexOf(":");
  if (at < 0 || text.slice(0, at).toLowerCase() !== "regexp") {
    warnings.push(
      at < 0
        ? `Invalid match option syntax '${text}', ignoring`
        : `Unknown match function: ${text.slice(0, at)}`,
    );
    return () => false;
  }
  const pattern = text.slice(at + 1);
  try {
    const expression = RE2JS.compile(pattern);
    return (tag) => expression.matcher(tag).find();
  } catch {
    warnings.push(`Could not compile regexp '${pattern}'`);
    return () => false;
  }
}

function readPullSecret(text: string, warnings: string[]): { pullSecret?: CredentialsReference } {
  if (text === "") {
    return {};
  }
  try {
    return { pullSecret: parseCredentials(text) };
  } catch {
    // The registry's own credentials are used then, not an error.
    warnings.push(`Invalid credential reference specified: ${text}`);
    return {};
  }
}
