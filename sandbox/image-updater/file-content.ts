/**
 * What is written into a file in git (pkg/argocd/update.go, marshalParamsOverride; git.go, writeKustomization). Where
 * nothing changes the text stays the same to the byte, since that is what decides whether there is a commit.
 */
import { type Document, isMap, isSeq, parse, parseDocument, stringify } from "yaml";
import type { HelmParameter } from "./applications";
import { type ImageReference, parseImage } from "./image-reference";

/** As the Go library prints YAML: lists not indented, long lines not broken. */
const format = { indentSeq: false, lineWidth: 0 } as const;

/** The file as the updater spells it: `forcestring`, in lower case. */
interface Override {
  helm?: { parameters?: { name: string; value: string; forcestring?: boolean }[] | null };
  kustomize?: { images?: string[] | null };
}

/**
 * `.argocd-source-<app>.yaml` of a chart. Argo CD puts its list in the place of spec.source.helm.parameters, so those
 * are copied in.
 *
 * @param merge Keep what the file has besides (from v0.13).
 */
export function helmOverride(file: string | undefined, parameters: HelmParameter[], merge: boolean): string {
  const entries = parameters.map(({ name, value, forceString = false }) => ({
    name,
    value,
    forcestring: forceString,
  }));
  const existing = (merge && readOverride(file)?.helm?.parameters) || [];
  const kept = existing.map(({ name, value, forcestring = false }) => ({ name, value, forcestring }));
  const merged = mergeBy(kept, entries, (each) => each.name);
  return stringify({ helm: { parameters: merged } }, format);
}

/** `.argocd-source-<app>.yaml` of a kustomization; images are `[<replaced name>=]<image>`. */
export function kustomizeOverride(file: string | undefined, images: string[], merge: boolean): string {
  const existing = (merge && readOverride(file)?.kustomize?.images) || [];
  return stringify({ kustomize: { images: mergeKustomizeImages(existing, images) } }, format);
}

/** Images with those of the second list put in, each in the place of the one with the same name. */
export function mergeKustomizeImages(images: string[], updates: string[]): string[] {
  return mergeBy(images, updates, kustomizeName);
}

/** A file that can't be read is written anew. */
function readOverride(file: string | undefined): Override | undefined {
  try {
    return file ? ((parse(file) as Override | null) ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

function mergeBy<T>(existing: T[], updates: T[], key: (item: T) => string): T[] {
  const result = [...existing];
  for (const update of updates) {
    const index = result.findIndex((item) => key(item) === key(update));
    if (index < 0) {
      result.push(update);
    } else {
      result[index] = update;
    }
  }
  return result;
}

/** The name that kustomize looks for: before `=`, else the image without tag and digest. */
function kustomizeName(image: string): string {
  const reference = parseImage(image);
  return reference.alias || fullName(reference);
}

function fullName({ host, name }: ImageReference): string {
  return host === "" ? name : `${host}/${name}`;
}

/** A kustomization file with its `images` set, all else as it was. */
export function kustomizationFile(file: string, images: string[]): string {
  const document = parseDocument(file);
  for (const image of images) {
    const reference = parseImage(image);
    const { name: newTag = "", digest = "" } = reference.tag ?? {};
    const entry = {
      name: kustomizeName(image),
      // Without a replaced name it stays the same name, so there is no newName to write.
      ...(reference.alias && { newName: fullName(reference) }),
      ...(newTag && { newTag }),
      ...(digest && { digest }),
    };
    const list = document.get("images");
    const index = isSeq(list)
      ? list.items.findIndex((item) => isMap(item) && item.get("name") === entry.name)
      : -1;
    if (!isSeq(list)) {
      document.set("images", document.createNode([entry]));
    } else {
      list.set(index < 0 ? list.items.length : index, document.createNode(entry));
    }
  }
  return document.toString(format);
}

/**
 * Values of a chart with keys like `image.tag` set: the key as it stands if the file has it so, else as a path. The
 * value of a list is reached with `images[0].tag`.
 *
 * @throws Error when the path goes through something that has no keys.
 */
export function helmValuesFile(file: string | undefined, values: Map<string, string>): string {
  const document: Document = parseDocument(file ?? "");
  if (document.contents === null) {
    document.contents = document.createNode({});
  }
  for (const [key, value] of values) {
    const whole = document.has(key);
    const path = whole ? [key] : key.split(".").flatMap(stepsOf);
    for (let depth = 1; depth < path.length; depth++) {
      const node = document.getIn(path.slice(0, depth));
      if (node !== undefined && node !== null && !isMap(node) && !isSeq(node)) {
        throw new Error(`unexpected type for key ${path[depth - 1]}`);
      }
    }
    if (document.getIn(path) !== value) {
      document.setIn(path, value);
    }
  }
  return document.toString(format);
}

function stepsOf(part: string): (string | number)[] {
  const match = /^(.*)\[(\d+)\]$/.exec(part);
  return match === null ? [part] : [match[1]!, Number(match[2])];
}
