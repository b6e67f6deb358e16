/** The second half of a decision: what to write for the changes, with the method and into the target chosen. Pure. */
import type { Application, HelmParameter } from "./applications";
import { type Evaluation, isFound } from "./evaluate";
import {
  helmOverride,
  helmValuesFile,
  kustomizationFile,
  kustomizeOverride,
  mergeKustomizeImages,
} from "./file-content";
import { type ImageReference, nameOf, nameWithTag, tagWithDigest } from "./image-reference";
import type { LookUp, Query } from "./plan";
import { commitMessage, type WriteBack, writeBranchName } from "./write-back";

/** What to write, for the git or the cluster port. */
export type Write =
  | { method: "argocd"; parameters: HelmParameter[]; images: string[] }
  | {
      method: "git";
      to: Extract<WriteBack, { method: "git" }>;
      content: string;
      message: string;
      /** Branch to push to; empty for the one that was read. */
      branch: string;
    };

/**
 * What to write; undefined when the file says it already. Images that are up to date are written along.
 *
 * @throws Error when the target can't take it.
 */
export function writeOf(
  application: Application,
  planned: LookUp,
  { results, changes }: Evaluation,
  file: string | undefined,
): Write | undefined {
  const { kind, source, writeBack, behaviour } = planned;
  const known = results.filter(isFound).map(({ query, image, tag }) => ({ query, image: { ...image, tag } }));
  const images = known.map(({ query, image }) => {
    const replaced = query.settings.kustomizeName;
    return (replaced && `${replaced}=`) + nameWithTag(image);
  });
  const parameters = mergeParameters(source.helm?.parameters ?? [], known.flatMap(helmParameters));
  const allImages = mergeKustomizeImages(source.kustomize?.images ?? [], images);
  if (writeBack.method === "argocd") {
    return {
      method: "argocd",
      parameters: kind === "Helm" ? parameters : [],
      images: kind === "Helm" ? [] : allImages,
    };
  }
  const { target, writeBranch } = writeBack;
  let content: string;
  if (target.kind === "kustomization") {
    if (file === undefined) {
      throw new Error(`could not find kustomization in ${target.path}`);
    }
    content = kustomizationFile(file, allImages);
  } else if (kind === "Kustomize") {
    content = kustomizeOverride(file, allImages, behaviour.mergesOverrides);
  } else if (target.kind === "helmvalues") {
    content = helmValuesFile(file, helmValues(known));
  } else {
    content = helmOverride(file, parameters, behaviour.mergesOverrides);
  }
  if (content === file) {
    return undefined;
  }
  return {
    method: "git",
    to: writeBack,
    content,
    message: commitMessage(application.metadata.name, changes),
    branch: writeBranch === "" ? "" : writeBranchName(writeBranch, changes),
  };
}

/** An image with the tag that it should run. */
interface Known {
  query: Query;
  image: ImageReference;
}

/** The keys of a chart: image-spec alone, or image-name and image-tag, by default `image.name` and `image.tag`. */
function helmParameters({ image, query }: Known): HelmParameter[] {
  const { helm } = query.settings;
  const parameter = (name: string, value: string) => ({ name, value, forceString: true });
  return helm.spec !== ""
    ? [parameter(helm.spec, nameWithTag(image))]
    : [
        parameter(helm.name || "image.name", nameOf(image)),
        parameter(helm.tag || "image.tag", tagWithDigest(image.tag)),
      ];
}

function mergeParameters(existing: HelmParameter[], updates: HelmParameter[]): HelmParameter[] {
  const merged = new Map([...existing, ...updates].map((parameter) => [parameter.name, parameter]));
  return [...merged.values()];
}

/**
 * In a values file the keys have no default. Without an alias there are none: the real one looks for them under the
 * image's name there, and then finds no parameters to take values from, unless the keys are image.name and image.tag.
 */
function helmValues(known: Known[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const each of known) {
    const { name, tag, spec } = each.query.settings.helm;
    if (spec === "" && (name === "" || tag === "")) {
      const missing = name === "" ? "image-name" : "image-tag";
      throw new Error(`could not find an ${missing} annotation for image ${each.image.name}`);
    }
    for (const parameter of helmParameters(each)) {
      values.set(parameter.name, parameter.value);
    }
  }
  return values;
}
