import { waitFor } from "../../supervisor/wait";
import { ApiError, KubeClient, type KubeObject, UnreachableError } from "../api/client";
import { keyOf, type ObjectKey, Objects, type ResourceType, UnknownKindError } from "../api/objects";
import { annotation, asObject, type Fields, metadataOf } from "./fields";
import { isPatch, knownScope } from "./kinds";
import type { Settings } from "./settings";

const help =
  "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources";

export interface ApplyOptions {
  fieldManager: string;
  preview: boolean;
  signal: AbortSignal;
}

/** The cluster behind one provider: server-side apply with the real provider's rules about what counts as an error. */
export class Cluster {
  readonly objects: Objects | undefined;
  readonly #settings: Settings;
  #reached: Promise<string | undefined> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.objects = settings.connection && new Objects(new KubeClient(settings.connection));
  }

  /** Why the cluster can't be used, if so. Asked once. */
  unreachable(): Promise<string | undefined> {
    this.#reached ??= this.#reach();
    return this.#reached;
  }

  /** @throws Error when the cluster can't be used */
  async reachable(): Promise<Objects> {
    const reason = await this.unreachable();
    if (reason !== undefined || !this.objects) {
      throw new Error(`configured Kubernetes cluster is unreachable: ${reason}`);
    }
    return this.objects;
  }

  /** `undefined` for a kind that isn't served, or when the server can't be asked. */
  async type(apiVersion: string, kind: string): Promise<ResourceType | undefined> {
    return (await this.unreachable()) === undefined ? this.objects?.type(apiVersion, kind) : undefined;
  }

  /** A kind that nobody can be asked about counts as namespaced. */
  async isNamespaced(apiVersion: string, kind: string): Promise<boolean> {
    return knownScope(apiVersion, kind) ?? (await this.type(apiVersion, kind))?.namespaced ?? true;
  }

  /**
   * Creates an object, or lets a Patch resource take its fields of an existing one. A namespace or CRD that is only
   * being made is waited for a little: five tries, as the real provider does.
   * @throws Error when the object exists, unless the provider has `upsertExistingObjects`
   */
  async create(token: string, inputs: Fields, options: ApplyOptions): Promise<KubeObject> {
    const objects = await this.reachable();
    const wanted = asObject(inputs);
    const patch = isPatch(token, wanted.kind);
    const attempt = async () => {
      if (!(patch || this.#settings.upsertExistingObjects) && (await objects.get(keyOf(wanted)))) {
        const plural = (await objects.type(wanted.apiVersion, wanted.kind))?.plural ?? wanted.kind;
        throw new ApiError(409, {
          reason: "AlreadyExists",
          message: `${plural} ${JSON.stringify(wanted.metadata.name)} already exists`,
        });
      }
      return this.#apply(objects, inputs, { ...options, force: this.#force(inputs) || options.preview });
    };
    for (let left = options.preview ? 0 : 4, delay = 500; ; left--, delay *= 2) {
      try {
        return await attempt();
      } catch (error) {
        const mayCome =
          error instanceof UnknownKindError || (error instanceof ApiError && error.code === 404);
        if (!mayCome || left === 0 || options.signal.aborted) throw error;
        await new Promise((done) => setTimeout(done, delay));
      }
    }
  }

  /** Applies new inputs to an object that must exist. A CRD is replaced as a whole. */
  async update(inputs: Fields, options: ApplyOptions): Promise<KubeObject> {
    const objects = await this.reachable();
    const wanted = asObject(inputs);
    const live = await objects.get(keyOf(wanted), options.signal);
    if (!live) throw new Error(`${wanted.kind} ${JSON.stringify(wanted.metadata.name)} not found`);
    if (wanted.kind === "CustomResourceDefinition") {
      const { resourceVersion } = live.metadata;
      return objects.client.call("PUT", await objects.path(keyOf(wanted)), {
        body: { ...wanted, metadata: { ...wanted.metadata, resourceVersion } },
        query: { fieldManager: options.fieldManager, dryRun: options.preview ? "All" : undefined },
      });
    }
    return this.#apply(objects, inputs, { ...options, force: this.#force(inputs) });
  }

  /** Gives up the fields that a manager owns; those without another owner go. */
  async relinquish(key: ObjectKey, fieldManager: string): Promise<void> {
    const objects = await this.reachable();
    if (!(await objects.get(key))) return;
    const { apiVersion, kind, name, namespace } = key;
    try {
      await objects.apply({ apiVersion, kind, metadata: { name, namespace } }, { manager: fieldManager });
    } catch (error) {
      const required =
        error instanceof ApiError && error.causes.find(({ reason }) => reason === "FieldValueRequired");
      if (!required) throw error;
      throw new Error(
        `this Patch resource is currently managing a required field, so it can't be deleted directly. Either set the \`retainOnDelete\` resource option, or transfer ownership of the field before deleting: ${required.field}`,
      );
    }
  }

  async #apply(
    objects: Objects,
    inputs: Fields,
    options: ApplyOptions & { force: boolean },
  ): Promise<KubeObject> {
    const { fieldManager: manager, preview: dryRun, force, signal } = options;
    try {
      return await objects.apply(asObject(inputs), { manager, dryRun, force, signal });
    } catch (error) {
      if (!(error instanceof ApiError && error.reason === "Conflict")) throw error;
      throw new ApiError(409, {
        reason: "Conflict",
        message: `Server-Side Apply field conflict detected. See ${help} for troubleshooting help.\nThe resource managed by field manager "${manager}" had an apply conflict: ${error.message}`,
      });
    }
  }

  #force(inputs: Fields): boolean {
    return annotation(inputs, "pulumi.com/patchForce") === "true" || this.#settings.enablePatchForce;
  }

  async #reach(): Promise<string | undefined> {
    if (!this.objects) {
      return `failed to parse kubeconfig data in \`kubernetes:config:kubeconfig\`- ${this.#settings.unusable}`;
    }
    const client = this.objects.client;
    const probe = async (signal: AbortSignal) => {
      try {
        await client.call("GET", "/version", { signal });
        return undefined;
      } catch (error) {
        // An answer is an answer: what a user may do shows with the first object.
        if (error instanceof ApiError && error.code !== 401) return undefined;
        if (error instanceof ApiError)
          return `the API server doesn't accept the credentials (${error.message})`;
        if (error instanceof UnreachableError) return error.message;
        throw error;
      }
    };
    try {
      await waitFor("the API server", probe, { within: 10_000 });
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

/** Key of the object that inputs or a state describe. */
export function keyOfFields(fields: Fields): ObjectKey {
  const { name = "", namespace } = metadataOf(fields);
  return { apiVersion: String(fields["apiVersion"]), kind: String(fields["kind"]), name, namespace };
}
