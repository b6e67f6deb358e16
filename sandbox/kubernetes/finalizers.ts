/**
 * Stand-in for the controllers that finish deletions: Argo CD's application controller (Applications, AppProjects)
 * and the namespace and garbage controllers of kube-controller-manager. None runs in the sandbox yet; with them this file
 * goes, and nothing else changes: callers only see that a deletion ends, as it does in a real cluster.
 *
 * It finishes what the real ones would finish and nothing more: an Application whose project is gone stays, because
 * Argo CD can't judge it any more; a project stays while Applications use it; a namespace goes when it is empty.
 */
import type { KubeObject } from "./api/client";
import { keyOf, type ObjectKey, type Objects } from "./api/objects";
import { follow, pause } from "./follow";

const argo = "argoproj.io/v1alpha1";
/** `.../foreground` and `.../background` are its variants. */
const argoFinalizer = "resources-finalizer.argocd.argoproj.io";
const project = { apiVersion: argo, kind: "AppProject" };
const application = { apiVersion: argo, kind: "Application" };
const namespace = { apiVersion: "v1", kind: "Namespace" };

/** Does its share of a deletion. @returns whether it's done, else it is asked again. */
type Finish = (objects: Objects, object: KubeObject) => Promise<boolean>;

/** Finishes deletions on one cluster until it is stopped. */
export class Finalizers {
  readonly #objects: Objects;
  readonly #abort = new AbortController();
  readonly #followed = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  readonly #deleting = new Set<string>();

  constructor(objects: Objects) {
    this.#objects = objects;
    this.#follow(namespace, finishNamespace);
  }

  /** From now on there are Applications and projects on this cluster. */
  followArgo(): void {
    this.#follow(application, finishApplication);
    this.#follow(project, finishProject);
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.allSettled(this.#running);
  }

  #follow(type: { apiVersion: string; kind: string }, finish: Finish): void {
    if (this.#followed.has(type.kind)) return;
    this.#followed.add(type.kind);
    const onObject = (object: KubeObject) => {
      if (object.metadata.deletionTimestamp) this.#track(this.#finish(keyOf({ ...object, ...type }), finish));
    };
    this.#track(follow(this.#objects, type, { onObject, onGone: () => {} }, this.#abort.signal));
  }

  async #finish(key: ObjectKey, finish: Finish): Promise<void> {
    const id = `${key.kind} ${key.namespace}/${key.name}`;
    if (this.#deleting.has(id)) return;
    this.#deleting.add(id);
    try {
      while (!this.#abort.signal.aborted) {
        const object = await this.#objects.get(key, this.#abort.signal).catch(() => undefined);
        if (!object?.metadata.deletionTimestamp) return;
        if (await finish(this.#objects, object).catch(() => false)) return;
        await pause(300, this.#abort.signal);
      }
    } finally {
      this.#deleting.delete(id);
    }
  }

  #track(work: Promise<void>): void {
    this.#running.add(work);
    work.catch(() => {}).finally(() => this.#running.delete(work));
  }
}

async function finishApplication(objects: Objects, object: KubeObject): Promise<boolean> {
  const name = (object["spec"] as { project?: string } | undefined)?.project || "default";
  const namespaceName = object.metadata.namespace;
  if (!(await objects.get({ ...project, namespace: namespaceName, name }))) return false;
  // Nothing was deployed, because nothing synchronises yet: there is nothing to cascade to.
  return dropArgoFinalizers(objects, object);
}

async function finishProject(objects: Objects, object: KubeObject): Promise<boolean> {
  const users = await objects.list(application.apiVersion, application.kind, object.metadata.namespace);
  const used = users.some((user) => (user["spec"] as { project?: string }).project === object.metadata.name);
  return used ? false : dropArgoFinalizers(objects, object);
}

async function dropArgoFinalizers(objects: Objects, object: KubeObject): Promise<boolean> {
  const finalizers = object.metadata.finalizers ?? [];
  const left = finalizers.filter((finalizer) => !finalizer.startsWith(argoFinalizer));
  if (left.length === finalizers.length) return true;
  const { resourceVersion } = object.metadata;
  await objects.merge(keyOf(object), { metadata: { finalizers: left, resourceVersion } });
  return true;
}

async function finishNamespace(objects: Objects, object: KubeObject): Promise<boolean> {
  const name = object.metadata.name;
  const types = await objects.namespacedTypes();
  const left = await Promise.all(
    types.map(async ({ apiVersion, kind, verbs }) => {
      const path = await objects.path({ apiVersion, kind, namespace: name });
      if (verbs.includes("deletecollection")) await objects.client.call("DELETE", path);
      const { items } = await objects.client.call<{ items: unknown[] }>("GET", path, {
        query: { limit: "1" },
      });
      return items.length;
    }),
  );
  if (left.some((count) => count > 0)) return false;
  const spec = { ...(object["spec"] as Record<string, unknown>), finalizers: [] };
  // A deletion in the foreground marks a namespace even when nobody collects garbage; nothing depends on it any more.
  const finalizers = (object.metadata.finalizers ?? []).filter(
    (finalizer) => finalizer !== "foregroundDeletion",
  );
  const current =
    finalizers.length === (object.metadata.finalizers ?? []).length
      ? object
      : await objects.merge(keyOf({ ...object, ...namespace }), { metadata: { finalizers } });
  await objects.client.call("PUT", `/api/v1/namespaces/${name}/finalize`, {
    body: { ...current, ...namespace, spec },
  });
  return true;
}
