/**
 * Which Applications are looked at, and which images of theirs (pkg/argocd/argocd.go, FilterApplicationsForUpdate and
 * GetImagesFromApplication).
 */
import { type Annotations, imageList, prefix, settingsOf } from "./annotations";
import type { Behaviour } from "./behaviour";
import { type ImageReference, parseImage } from "./image-reference";

export interface HelmParameter {
  name: string;
  value: string;
  forceString?: boolean;
}

export interface ApplicationSource {
  repoURL: string;
  path?: string;
  targetRevision?: string;
  helm?: { parameters?: HelmParameter[] };
  kustomize?: { images?: string[] };
  plugin?: object;
}

/** The parts of an Application that matter here, named as in its resource. */
export interface Application {
  metadata: {
    name: string;
    namespace: string;
    uid?: string;
    resourceVersion?: string;
    annotations?: Annotations;
  };
  spec: { source?: ApplicationSource; sources?: ApplicationSource[] };
  status?: { sourceType?: string; sourceTypes?: string[]; summary?: { images?: string[] } };
}

export type SourceKind = "Helm" | "Kustomize";

/** Either why an Application is passed over, or what it is and the images listed. */
export type Considered = { skip: string } | ({ kind: SourceKind; images: ImageReference[] } & Sources);

/** Where an Application comes from. */
export interface Sources {
  /** The one that is updated. */
  source: ApplicationSource;
  /** All of them, of an Application with several. */
  sources?: ApplicationSource[];
}

/** @param namespace Namespace that the updater watches: its own, `argocd` in a Fleet. */
export function consider(application: Application, namespace: string, behaviour: Behaviour): Considered {
  const annotations = application.metadata.annotations ?? {};
  if (application.metadata.namespace !== namespace) {
    return { skip: `it is not in the namespace ${namespace}` };
  }
  const images = imageList(annotations);
  if (images === undefined) {
    return { skip: "required annotation image-list is missing" };
  }
  const { kind, source, sources } = sourceOf(application, annotations, behaviour);
  if (source === undefined || (kind !== "Helm" && kind !== "Kustomize")) {
    return { skip: `type '${kind || "unknown"}' is not a supported source type (Helm, Kustomize)` };
  }
  const field = kind === "Helm" ? "helm" : "kustomize";
  if (sources !== undefined && !source[field] && (source.helm || source.kustomize)) {
    // The real one writes an empty file here, or panics.
    return {
      skip: `type '${kind}' doesn't fit the first source with helm or kustomize, which has no ${field}`,
    };
  }
  return { kind, source, images, ...(sources && { sources }) };
}

interface TypedSources extends Partial<Sources> {
  kind: string;
}

/**
 * Of several sources the type is the first in status.sourceTypes that is Helm, Kustomize or Plugin. The source is found
 * on its own: the first in the spec with `helm` or `kustomize`, else the first of all, whatever its type (#1147).
 */
function sourceOf(application: Application, annotations: Annotations, behaviour: Behaviour): TypedSources {
  const { source, sources = [] } = application.spec;
  const { sourceType = "", sourceTypes = [] } = application.status ?? {};
  const isKustomization = annotations[`${prefix}write-back-target`]?.startsWith("kustomization") ?? false;
  if (!behaviour.severalSources || sources.length === 0) {
    return { kind: isKustomization ? "Kustomize" : sourceType, ...(source && { source }) };
  }
  const found = sourceTypes.find((type) => ["Helm", "Kustomize", "Plugin"].includes(type)) ?? "Directory";
  return {
    kind: isKustomization ? "Kustomize" : found,
    source: sources.find(({ helm, kustomize }) => helm || kustomize) ?? sources[0]!,
    sources,
  };
}

/**
 * The live image that an entry of image-list stands for: the first with the same registry host and name, or the entry
 * itself, without tag, when it has force-update. A canary shows two of them, and the first in the list counts.
 *
 * @returns undefined when it is not live.
 */
export function liveImage(
  entry: ImageReference,
  application: Application,
  behaviour: Behaviour,
): ImageReference | undefined {
  const { forceUpdate, kustomizeName } = settingsOf(entry, application.metadata.annotations ?? {}, behaviour);
  const live = (application.status?.summary?.images ?? []).map(parseImage);
  const find = ({ host, name }: ImageReference) =>
    live.find((image) => image.host === host && image.name === name);
  // An image that Kustomize replaces is still live under the replaced name before the first update.
  const replaced = kustomizeName === "" ? undefined : find(parseImage(kustomizeName));
  return replaced ?? find(entry) ?? (forceUpdate ? { ...entry, tag: undefined } : undefined);
}
