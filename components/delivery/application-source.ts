/** Where an Application's manifests come from: `spec.source`. */
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { VisibleError } from "../error";
import { check, type Rule } from "../validation";
import type { ImageUpdate } from "./image-update";

/** A Helm chart in the deployment repository. */
export interface HelmSource {
  /** Folder of the chart: `charts/echo`, or `.` for the root. Image Updater writes its file there. */
  helm: string;
  /**
   * Values files, relative to the chart's folder; later ones win.
   * @default the chart's own values.yaml
   */
  valueFiles?: string[];
}

/** A Kustomize overlay in the deployment repository. */
export interface KustomizeSource {
  /** Folder with the kustomization: `kustomize/greeter/overlays/dev`, or `.` for the root. Image Updater writes its file there. */
  kustomize: string;
}

export type DeploySource = HelmSource | KustomizeSource;

/**
 * `spec.source` of an Application.
 *
 * Image names come from here, so that a forked chart needs no edit for another registry; tags come from Git. Names are
 * set as values (Helm) or as an image without a tag (Kustomize), never as Helm parameters: Image Updater's file in Git
 * replaces the list of parameters as a whole, and copies what it finds there.
 *
 * @param references By alias: `host/namespace/name`.
 */
export function applicationSource(
  repository: { url: pulumi.Input<string>; branch: string },
  deploy: DeploySource,
  references: Record<string, pulumi.Input<string>>,
  images: Record<string, ImageUpdate>,
) {
  const source = { repoURL: repository.url, targetRevision: repository.branch };
  if ("helm" in deploy) {
    const values = nameValues(references, images);
    const helm = {
      ...(deploy.valueFiles?.length ? { valueFiles: deploy.valueFiles } : {}),
      ...(values === undefined ? {} : { values }),
    };
    return { ...source, path: deploy.helm, ...(Object.keys(helm).length > 0 ? { helm } : {}) };
  }
  const names = Object.entries(images).flatMap(([alias, { kustomize }]) =>
    kustomize === undefined ? [] : [pulumi.interpolate`${kustomize.image}=${references[alias]!}`],
  );
  return { ...source, path: deploy.kustomize, ...(names.length > 0 ? { kustomize: { images: names } } : {}) };
}

/** YAML text with every image's name at the path of its parameter; undefined without such images. */
function nameValues(
  references: Record<string, pulumi.Input<string>>,
  images: Record<string, ImageUpdate>,
): pulumi.Output<string> | undefined {
  const named = Object.entries(images).flatMap(([alias, { helm }]) =>
    helm !== undefined && "name" in helm ? [{ parameter: helm.name, reference: references[alias]! }] : [],
  );
  if (named.length === 0) {
    return undefined;
  }
  return pulumi
    .output(named)
    .apply((known) => stringify(nested(known.map(({ parameter, reference }) => [parameter, reference]))));
}

interface Values {
  [key: string]: Values | string;
}

/** `[["image.echo.repository", "x"]]` -> `{image: {echo: {repository: "x"}}}`. */
export function nested(entries: [path: string, value: string][]): Values {
  const root: Values = {};
  for (const [path, value] of entries) {
    const keys = path.split(".");
    const last = keys.pop()!;
    let values = root;
    for (const key of keys) {
      const next = values[key];
      const inner: Values = typeof next === "object" ? next : {};
      values[key] = inner;
      values = inner;
    }
    values[last] = value;
  }
  return root;
}

/**
 * The rules for a source and the images that are updated in it.
 *
 * @param path Where the source stands, for the messages.
 * @param images Where the images stand, and their settings.
 * @throws {VisibleError}
 */
export function checkSource(
  path: string,
  deploy: DeploySource,
  images: { path: string; updates: Record<string, ImageUpdate> },
): void {
  const isHelm = "helm" in deploy;
  if (isHelm === "kustomize" in deploy) {
    throw new VisibleError(`${path}: give a chart (helm) or an overlay (kustomize), one of the two`);
  }
  check(`${path}.${isHelm ? "helm" : "kustomize"}`, isHelm ? deploy.helm : deploy.kustomize, folderRule);
  if (isHelm) {
    for (const [index, file] of (deploy.valueFiles ?? []).entries()) {
      check(`${path}.valueFiles[${index}]`, file, valueFileRule);
    }
  }
  for (const [alias, image] of Object.entries(images.updates)) {
    const at = `${images.path}.${alias}`;
    if (isHelm && image.helm === undefined) {
      throw new VisibleError(
        `${at}.helm is missing: name the chart's parameters for the image, {name, tag} or {spec}`,
      );
    }
    if (isHelm ? image.kustomize !== undefined : image.helm !== undefined) {
      const [wrong, kind] = isHelm ? ["kustomize", "Helm chart"] : ["helm", "Kustomize overlay"];
      throw new VisibleError(
        `${at}.${wrong} has no effect: the service is deployed from a ${kind}; remove it`,
      );
    }
  }
}

/** One way to write each folder; the root itself, where a repository is a chart, is a dot. */
const folderRule: Rule<string> = (folder) =>
  folder !== "." && (folder === "" || /^\/|^\.\.?(\/|$)|\/\.\.?(\/|$)|\/$|\/\/|\s/.test(folder))
    ? "is not a folder of the repository; give it from the root, like charts/echo, or . for the root itself"
    : undefined;

const valueFileRule: Rule<string> = (file) =>
  file === "" || /\s$|^\s|^[a-z]+:\/\//.test(file)
    ? "is not a file of the repository; give it from the chart's folder, like values-dev.yaml"
    : undefined;
