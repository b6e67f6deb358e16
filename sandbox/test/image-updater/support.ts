/** A world for the conformance table: one chart in a Fleet with one image, and how a row differs from it. */
import type { Application } from "../../image-updater/applications";
import type { Release } from "../../image-updater/behaviour";
import { type Answers, type Decision, decide } from "../../image-updater/decide";
import { parseRegistries } from "../../image-updater/registries-conf";
import type { RegistryTag } from "../../image-updater/tag-selection";

export const host = "acme-registry.cn-hangzhou.cr.aliyuncs.com";
export const image = `${host}/echo-dev/echo-server`;

export interface World {
  /** Annotations without their prefix. `image-list` is `app=<image>` and write-back-method `git` unless given. */
  annotations?: Record<string, string | undefined>;
  namespace?: string;
  sourceType?: string;
  /** Spec of the one source, added to repository, path and branch. */
  source?: Application["spec"]["source"] | object;
  /** Several sources in the place of the one, each added to the repository and branch of that one. */
  sources?: object[];
  /** status.sourceTypes. */
  sourceTypes?: string[];
  /** status.summary.images. */
  live?: string[];
  /** Tags of the image: names, in the registry's order, or with metadata. */
  tags?: (string | RegistryTag)[] | { error: string };
  file?: string;
  registriesConf?: string;
  release?: Release;
}

/** A tag built at an hour of one day. */
export function built(name: string, hour: number, platform = "linux/amd64", ociIndex = false): RegistryTag {
  const created = new Date(Date.UTC(2026, 0, 1, hour));
  return {
    name,
    digest: `sha256:${String(hour).padStart(64, "0")}`,
    builds: [{ platform, created }],
    ociIndex,
  };
}

export function decideIn(world: World): Decision {
  const annotations: Record<string, string> = {};
  const given = { "image-list": `app=${image}`, "write-back-method": "git", ...world.annotations };
  for (const [key, value] of Object.entries(given)) {
    if (value !== undefined) {
      annotations[`argocd-image-updater.argoproj.io/${key}`] = value;
    }
  }
  const repository = { repoURL: "https://git.example.com/acme/echo-deploy.git", targetRevision: "main" };
  const application: Application = {
    metadata: { name: "echo-dev", namespace: world.namespace ?? "argocd", annotations },
    spec: world.sources
      ? { sources: world.sources.map((source) => ({ ...repository, ...source })) }
      : { source: { ...repository, path: "charts/echo", ...world.source } },
    status: {
      sourceType: world.sourceType ?? (world.sources ? "" : "Helm"),
      ...(world.sourceTypes && { sourceTypes: world.sourceTypes }),
      summary: { images: world.live ?? [`${image}:v1.0.0`] },
    },
  };
  const conf =
    world.registriesConf ?? `registries: [{name: acr, api_url: "https://${host}", prefix: ${host}}]`;
  const tags = world.tags ?? ["v1.0.0", "v1.0.1"];
  const answers: Answers = {
    tags: {
      [image]: Array.isArray(tags)
        ? tags.map((tag) => (typeof tag === "string" ? { name: tag } : tag))
        : tags,
    },
    ...(world.file !== undefined && { file: world.file }),
  };
  return decide(application, { registries: parseRegistries(conf), release: world.release }, answers);
}
