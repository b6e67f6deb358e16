import { ApiError, type CallOptions, type KubeClient, type KubeObject } from "./client";

/** Where the objects of one kind live. */
export interface ResourceType {
  apiVersion: string;
  kind: string;
  /** e.g. `configmaps` */
  plural: string;
  namespaced: boolean;
  verbs: string[];
}

export interface ObjectKey {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

/** The API server doesn't know this kind (yet): its CRD is missing. */
export class UnknownKindError extends Error {
  constructor(apiVersion: string, kind: string) {
    super(`no matches for kind "${kind}" in version "${apiVersion}"`);
  }
}

interface ResourceList {
  resources: { name: string; kind: string; namespaced: boolean; verbs: string[] }[];
}

const root = (apiVersion: string) =>
  apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;

/** Objects of any kind, through the discovery API. Kinds that were found are remembered, misses are asked again. */
export class Objects {
  readonly client: KubeClient;
  readonly #types = new Map<string, ResourceType>();
  readonly #asked = new Map<string, Promise<void>>();

  constructor(client: KubeClient) {
    this.client = client;
  }

  /** @returns `undefined` for a kind that the server doesn't serve */
  async type(apiVersion: string, kind: string): Promise<ResourceType | undefined> {
    const key = `${apiVersion} ${kind}`;
    if (!this.#types.has(key)) await this.#discover(apiVersion);
    return this.#types.get(key);
  }

  /** Path of one object, or of all objects of a kind in the namespace when no name is given. */
  async path(key: Omit<ObjectKey, "name"> & { name?: string }): Promise<string> {
    const type = await this.type(key.apiVersion, key.kind);
    if (!type) throw new UnknownKindError(key.apiVersion, key.kind);
    const scope = type.namespaced && key.namespace ? `/namespaces/${encodeURIComponent(key.namespace)}` : "";
    const name = key.name === undefined ? "" : `/${encodeURIComponent(key.name)}`;
    return `${root(key.apiVersion)}${scope}/${type.plural}${name}`;
  }

  /** @returns `undefined` when the object or its kind doesn't exist */
  async get(key: ObjectKey, signal?: AbortSignal): Promise<KubeObject | undefined> {
    if (!(await this.type(key.apiVersion, key.kind))) return undefined;
    return this.client.find(await this.path(key), { signal });
  }

  async list(apiVersion: string, kind: string, namespace?: string): Promise<KubeObject[]> {
    const path = await this.path({ apiVersion, kind, namespace });
    const { items } = await this.client.call<{ items: KubeObject[] }>("GET", path);
    return items.map((item) => ({ ...item, apiVersion, kind }));
  }

  /** Server-side apply. */
  async apply(
    object: KubeObject,
    options: {
      manager: string;
      force?: boolean;
      dryRun?: boolean;
      validation?: "Strict" | "Warn";
      signal?: AbortSignal;
    },
  ): Promise<KubeObject> {
    return this.client.call("PATCH", await this.path(keyOf(object)), {
      body: object,
      contentType: "application/apply-patch+yaml",
      signal: options.signal,
      query: {
        fieldManager: options.manager,
        force: options.force ? "true" : "false",
        dryRun: options.dryRun ? "All" : undefined,
        fieldValidation: options.validation ?? "Warn",
      },
    });
  }

  /** Creates an object unless it exists. @returns whether it was created */
  async createIfAbsent(object: KubeObject, manager: string): Promise<boolean> {
    const { namespace, ...metadata } = object.metadata;
    const path = await this.path({ ...object, namespace, name: undefined });
    try {
      await this.client.call("POST", path, {
        body: { ...object, metadata: { ...metadata, namespace } },
        query: { fieldManager: manager, fieldValidation: "Strict" },
      });
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.reason === "AlreadyExists") return false;
      throw error;
    }
  }

  /** JSON merge patch. */
  async merge(
    key: ObjectKey,
    patch: unknown,
    options: CallOptions & { subresource?: string } = {},
  ): Promise<KubeObject> {
    const path = await this.path(key);
    return this.client.call("PATCH", options.subresource ? `${path}/${options.subresource}` : path, {
      ...options,
      body: patch,
      contentType: "application/merge-patch+json",
    });
  }

  /** Asks for deletion. @returns false when there was nothing to delete */
  async delete(key: ObjectKey, propagationPolicy = "Background"): Promise<boolean> {
    if (!(await this.type(key.apiVersion, key.kind))) return false;
    try {
      await this.client.call("DELETE", await this.path(key), { body: { propagationPolicy } });
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return false;
      throw error;
    }
  }

  #discover(apiVersion: string): Promise<void> {
    const running = this.#asked.get(apiVersion);
    if (running) return running;
    const asking = this.client
      .call<ResourceList>("GET", root(apiVersion))
      .then(({ resources }) => {
        for (const { name, kind, namespaced, verbs } of resources) {
          if (name.includes("/")) continue; // a subresource
          this.#types.set(`${apiVersion} ${kind}`, { apiVersion, kind, plural: name, namespaced, verbs });
        }
      })
      .catch((error) => {
        if (!(error instanceof ApiError && error.code === 404)) throw error;
      })
      .finally(() => this.#asked.delete(apiVersion));
    this.#asked.set(apiVersion, asking);
    return asking;
  }
}

export function keyOf(object: KubeObject): ObjectKey {
  const { apiVersion, kind, metadata } = object;
  return { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
}
