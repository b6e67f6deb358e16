/** Which versions of a service's images something runs or asks for. */
import { parseAllDocuments } from "yaml";
import type { Service } from "./platform";

/** Tags by alias of the image, sorted; more than one while a new version takes over, none when nothing runs. */
export type Versions = Record<string, string[]>;

/** Picks the service's own images out of many: `host/namespace/name:tag`, maybe with a digest. */
export function versionsOf(service: Service, images: Iterable<string>): Versions {
  const all = [...images];
  return Object.fromEntries(
    Object.entries(service.images).map(([alias, { reference }]) => {
      const tags = all.flatMap((image) => {
        const rest = image.startsWith(reference) ? image.slice(reference.length) : "";
        return /^[:@]/.test(rest) ? [rest.slice(1)] : [];
      });
      return [alias, [...new Set(tags)].sort()];
    }),
  );
}

/** Every image that the pods of these manifests would run: a stream of YAML documents. */
export function imagesIn(manifests: string): string[] {
  const found: string[] = [];
  const visit = (value: unknown) => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (["containers", "initContainers"].includes(key) && Array.isArray(inner)) {
        for (const container of inner as { image?: unknown }[]) {
          if (typeof container?.image === "string") found.push(container.image);
        }
      }
      visit(inner);
    }
  };
  for (const document of parseAllDocuments(manifests)) visit(document.toJS());
  return found;
}

export function sameVersions(one: Versions, other: Versions): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/** What ran before: of each image the tag that isn't the new one, or the new one where no other runs. */
export function stableVersions(live: Versions, wanted: Versions): Versions {
  return Object.fromEntries(
    Object.entries(live).map(([alias, tags]) => {
      const old = tags.filter((tag) => !wanted[alias]?.includes(tag));
      return [alias, old.length > 0 ? old : tags];
    }),
  );
}

/** `v1.0.1` when all images have it, else `echoServer v1.0.1, echoWebServer v1.0.0`. Two tags: `v1.0.0 + v1.0.1`. */
export function versionText(versions: Versions): string {
  const texts = Object.entries(versions).map(([alias, tags]) => [alias, tags.join(" + ") || "none"] as const);
  const [first] = texts;
  if (first === undefined || texts.every(([, text]) => text === first[1])) return first?.[1] ?? "none";
  return texts.map(([alias, text]) => `${alias} ${text}`).join(", ");
}

const sorted = (versions: Versions) => Object.entries(versions).sort(([a], [b]) => a.localeCompare(b));
