import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { waitFor } from "../../supervisor";
import type { KubeObject } from "../api/client";
import { keyOf, type Objects } from "../api/objects";
import { untilServed } from "../crds";
import { argocdNamespace, hostedManager, hostedObjects } from "./hosted-argocd";

const argo = "argoproj.io/v1alpha1";
const namespaceKey = { apiVersion: "v1", kind: "Namespace", name: argocdNamespace };

/** Switches the hosted Argo CD of a Fleet on: CRDs, then the objects it brings along. Idempotent. */
export async function enableGitops(
  objects: Objects,
  fleet: { id: string; region: string; highAvailability: boolean },
  manifests: string,
): Promise<void> {
  await Promise.all(customResourceDefinitions(manifests).map((crd) => establish(objects, crd)));
  await waitUntilGone(objects, "a namespace that is still being deleted");
  for (const object of hostedObjects(fleet)) await objects.createIfAbsent(object, hostedManager);
}

/**
 * What has to be done while Argo CD still runs before it is switched off: its projects are deleted, because only
 * Argo CD ends their finalizers.
 * @throws Error while Applications exist: without Argo CD nobody would finish their deletion, and what they have
 * deployed would stay on the members
 */
export async function clearGitops(objects: Objects): Promise<void> {
  if (!(await objects.get(namespaceKey))) return;
  if (!(await objects.type(argo, "Application"))) return;
  const left = await objects.list(argo, "Application");
  if (left.length > 0) {
    const names = left.map(({ metadata }) => metadata.name).join(", ");
    throw new Error(`GitOps can't be turned off while Applications exist (${names}): delete them first`);
  }
  const projects = await objects.list(argo, "AppProject", argocdNamespace);
  await Promise.all(projects.map((project) => objects.delete(keyOf(project))));
  const probe = async () => {
    const names = (await objects.list(argo, "AppProject", argocdNamespace)).map(
      ({ metadata }) => metadata.name,
    );
    return names.length > 0 ? `there are still ${names.join(", ")}` : undefined;
  };
  await waitFor("the end of Argo CD's projects", probe, { within: 60_000 });
}

/**
 * Switches it off: the namespace goes with everything in it. The CRDs stay, as a deletion of the namespace leaves
 * them.
 */
export async function disableGitops(objects: Objects): Promise<void> {
  if (!(await objects.get(namespaceKey))) return;
  await objects.delete(namespaceKey);
  await waitUntilGone(objects, "the end of the namespace");
}

export async function gitopsIsOn(objects: Objects): Promise<boolean> {
  const namespace = await objects.get(namespaceKey);
  return namespace !== undefined && !namespace.metadata.deletionTimestamp;
}

async function waitUntilGone(objects: Objects, what: string): Promise<void> {
  const probe = async () => {
    const namespace = await objects.get(namespaceKey);
    if (!namespace || (what.startsWith("a ") && !namespace.metadata.deletionTimestamp)) return undefined;
    return JSON.stringify(namespace["status"]);
  };
  await waitFor(`${what} ${argocdNamespace}`, probe, { within: 60_000 });
}

async function establish(objects: Objects, crd: KubeObject): Promise<void> {
  // A creation takes a third of the time of an apply, and the largest of these keeps a server busy for seconds.
  const created = await objects.createIfAbsent(crd, hostedManager);
  if (!created) await objects.apply(crd, { manager: hostedManager, force: true });
  await untilServed(objects, crd);
}

/** The CRDs of the Argo CD release: `crds/*.yaml` of its manifests. */
function customResourceDefinitions(manifests: string): KubeObject[] {
  const folder = join(manifests, "crds");
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith("-crd.yaml")) : [];
  if (files.length === 0) throw new Error(`${folder} holds no CRDs (*-crd.yaml) of Argo CD`);
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), "utf8")).map(
      (document) => document.toJS() as KubeObject,
    ),
  );
}
