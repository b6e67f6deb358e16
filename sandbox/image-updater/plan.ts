/**
 * The half of a cycle before anything is asked: which images an Application has to be looked up, where, and which file
 * in git that may change. A registry and a git port answer it, and decide.ts does the rest.
 */
import { type ImageSettings, settingsOf } from "./annotations";
import {
  type Application,
  type ApplicationSource,
  consider,
  liveImage,
  type SourceKind,
} from "./applications";
import { type Behaviour, behaviourOf, type Release } from "./behaviour";
import { type CredentialsReference, parseCredentials } from "./credentials";
import { type ImageReference, nameOf } from "./image-reference";
import { type Registry, registryOf } from "./registries-conf";
import { type WriteBack, writeBackOf } from "./write-back";

export interface Settings {
  release?: Release;
  /** Namespace of the Applications. Default: argocd. */
  namespace?: string;
  /** Platform that the updater runs on. Default: linux/amd64. */
  platform?: string;
  registries: Registry[];
}

/** An image to look up. */
export interface Query {
  image: ImageReference;
  live: ImageReference;
  settings: ImageSettings;
  registry: Registry;
  /** Name to ask the registry for; Docker Hub's official images are in `library/`. */
  repository: string;
  /** The registry's own credentials. They are read even when the image's pull-secret is used in their place. */
  credentials?: CredentialsReference;
}

/** An image that isn't looked up. */
export interface Passed {
  image: ImageReference;
  outcome: "skip" | "error";
  reason: string;
  warnings: string[];
}

export type Plan =
  | { outcome: "skip" | "error"; reason: string }
  | {
      outcome: "look up";
      kind: SourceKind;
      source: ApplicationSource;
      images: (Query | Passed)[];
      writeBack: WriteBack;
      behaviour: Behaviour;
      platform: string;
    };

/** A plan that has something to look up. */
export type LookUp = Extract<Plan, { outcome: "look up" }>;

/** What has to be asked for an Application, or why nothing has to be. */
export function plan(application: Application, settings: Settings): Plan {
  const behaviour = behaviourOf(settings.release);
  const { name, annotations = {} } = application.metadata;
  const considered = consider(application, settings.namespace ?? "argocd", behaviour);
  if ("skip" in considered) {
    return { outcome: "skip", reason: considered.skip };
  }
  const { kind, source } = considered;
  try {
    const writeBack = writeBackOf(name, considered, annotations, behaviour);
    const images = considered.images.map((image) =>
      queryOf(image, application, settings.registries, behaviour),
    );
    const platform = settings.platform ?? "linux/amd64";
    return { outcome: "look up", kind, source, images, writeBack, behaviour, platform };
  } catch (error) {
    return { outcome: "error", reason: (error as Error).message };
  }
}

function queryOf(
  image: ImageReference,
  application: Application,
  registries: Registry[],
  behaviour: Behaviour,
): Query | Passed {
  const settings = settingsOf(image, application.metadata.annotations ?? {}, behaviour);
  const { warnings } = settings;
  const live = liveImage(image, application, behaviour);
  if (live === undefined) {
    // Its settings aren't read, so nothing is said about them.
    const reason = `Image '${nameOf(image)}' seems not to be live in this application`;
    return { image, outcome: "skip", reason, warnings: [] };
  }
  const registry = registryOf(image, registries, behaviour);
  const namespace =
    image.name.includes("/") || registry.defaultNamespace === "" ? "" : `${registry.defaultNamespace}/`;
  try {
    const credentials = registry.credentials === "" ? undefined : parseCredentials(registry.credentials);
    return {
      image,
      live,
      settings,
      registry,
      repository: namespace + image.name,
      ...(credentials && { credentials }),
    };
  } catch (error) {
    const reason = `Could not set registry endpoint credentials: ${(error as Error).message}`;
    return { image, outcome: "error", reason, warnings };
  }
}
