import * as protocol from "../../../provider/plugin/protocol";
import { hasUnknown, type Value, type Values } from "../../../provider/plugin/values";
import { ApiError, type KubeObject } from "../api/client";
import { type ObjectKey, UnknownKindError } from "../api/objects";
import * as checkpoint from "./checkpoint";
import { Cluster, keyOfFields } from "./cluster";
import { difference } from "./difference";
import {
  annotation,
  asFields,
  asObject,
  type Fields,
  metadataOf,
  open,
  prune,
  withMetadata,
  withSecrets,
} from "./fields";
import { fromApi, isAutonamed, newFieldManager, normalize, toApi, withName } from "./inputs";
import { idOf, immutableProperties, isBuiltIn, isPatch, kindOfToken, parseId } from "./kinds";
import { refuseUnjudged, untilGone, untilReady, type WaitContext } from "./readiness";
import { diffSettings, readSettings, type Settings, unsupported } from "./settings";

/**
 * Stand-in for Pulumi's kubernetes provider, for machines that can't download it. Objects of any kind with
 * server-side apply, as strict as the real one: it follows version 4.34 of pulumi-kubernetes in what is an error,
 * what replaces and what is kept. It has no Helm, no Kustomize and no functions.
 */
export class KubernetesProvider implements protocol.ProviderServer {
  readonly version = "4.34.2";
  readonly #environment: NodeJS.ProcessEnv;
  readonly #cancel = new AbortController();
  readonly #cancelled: Promise<Error>;
  #settings: Settings;
  #cluster: Cluster;

  constructor(environment: NodeJS.ProcessEnv = process.env) {
    this.#environment = environment;
    this.#settings = readSettings({}, environment);
    this.#cluster = new Cluster(this.#settings);
    this.#cancelled = new Promise((resolve) => {
      this.#cancel.signal.addEventListener("abort", () => resolve(new Error("cancelled")));
    });
  }

  schema(): string {
    return JSON.stringify({ name: "kubernetes", version: this.version });
  }

  async checkConfig({ news }: protocol.CheckRequest): Promise<protocol.CheckResult> {
    const reason = "is not supported by the sandbox's stand-in for the kubernetes provider";
    const failures = unsupported.filter(
      (property) => news[property] !== undefined && news[property] !== null,
    );
    return { inputs: news, failures: failures.map((property) => ({ property, reason })) };
  }

  async diffConfig({ olds, news }: { olds: Values; news: Values }): Promise<protocol.DiffResult> {
    return diffSettings(olds, news);
  }

  async configure({ args, variables }: protocol.ConfigureRequest): Promise<void> {
    const prefix = "kubernetes:config:";
    const given = Object.entries(variables).map(([name, value]) => [
      name.replace(prefix, ""),
      value as Value,
    ]);
    this.#settings = readSettings({ ...Object.fromEntries(given), ...args }, this.#environment);
    this.#cluster = new Cluster(this.#settings);
  }

  /** Names the object, gives it its namespace, and brings it into normal form. */
  async check({ urn, type, olds, news }: protocol.CheckRequest): Promise<protocol.CheckResult> {
    if (type.startsWith("kubernetes:helm.sh/")) {
      throw new Error("the sandbox's stand-in for the kubernetes provider has no Helm");
    }
    let inputs = normalize(toApi(open(news)) as Fields);
    const identity = kindOfToken(type);
    const [apiVersion, kind] = [
      inputs["apiVersion"] ?? identity.apiVersion,
      inputs["kind"] ?? identity.kind,
    ].map(String);
    inputs = { ...inputs, apiVersion: apiVersion as string, kind: kind as string };
    const metadata = metadataOf(inputs);
    if (isPatch(type, String(kind)) && metadata.name === undefined) {
      throw new Error("patch resources require the `.metadata.name` field to be set");
    }
    if (metadata["generateName"] !== undefined) {
      throw new Error("the `.metadata.generateName` field is not supported in Server-Side Apply mode");
    }
    const old = Object.keys(olds).length > 0 ? (open(olds) as Fields) : undefined;
    inputs = withName(inputs, old, urn.slice(urn.lastIndexOf("::") + 2));
    if (
      metadata.namespace === undefined &&
      (await this.#cluster.isNamespaced(String(apiVersion), String(kind)))
    ) {
      inputs = withMetadata(inputs, { namespace: this.#settings.namespace });
    }
    return { inputs: withSecrets(fromApi(inputs) as Fields, news), failures: [] };
  }

  async diff({ type, olds, oldInputs, news }: protocol.DiffRequest): Promise<protocol.DiffResult> {
    const state = checkpoint.read(olds);
    const last = normalize(
      Object.keys(state.inputs).length > 0 ? state.inputs : (toApi(open(oldInputs)) as Fields),
    );
    const wanted = normalize(toApi(open(news)) as Fields);
    const kind = String(wanted["kind"]);
    const apiVersion = String(wanted["apiVersion"]);
    const namespaced = await this.#cluster.isNamespaced(apiVersion, kind);
    const scoped = (fields: Fields): Fields =>
      withMetadata(fields, {
        namespace: namespaced ? (metadataOf(fields).namespace ?? "default") : undefined,
      });
    const live = scoped({
      ...prune(state.live, last, isBuiltIn(apiVersion)),
      apiVersion,
      kind,
    });
    const { name, namespace } = metadataOf(state.live);
    const compared = withMetadata(live, { name });
    const immutable = isPatch(type, kind)
      ? ["metadata.name", "metadata.namespace"]
      : immutableProperties(apiVersion, kind, this.#settings);
    const properties = difference(compared, scoped(wanted), immutable);
    const replaced = Object.values(properties).some((change) => change.endsWith("-replace"));
    const same = metadataOf(wanted).name === name && metadataOf(scoped(wanted)).namespace === namespace;
    return {
      properties,
      // Compared was the live object, so that the engine has to show what differs from that, not from old inputs.
      outputs: Object.keys(properties).filter((path) => !properties[path]?.startsWith("delete")),
      deleteBeforeReplace: replaced && same && !isAutonamed(wanted),
    };
  }

  async create({
    type,
    properties,
    preview,
    timeout,
  }: protocol.CreateRequest): Promise<{ id: string; properties: Values }> {
    const inputs = toApi(open(properties)) as Fields;
    const asTheyAre = { id: "", properties };
    const { apiVersion, kind } = keyOfFields(inputs);
    if (
      preview &&
      (isPatch(type, kind) || hasUnknown(inputs) || !(await this.#cluster.type(apiVersion, kind)))
    ) {
      return asTheyAre;
    }
    if (!isPatch(type, kind)) refuseUnjudged(inputs);
    const fieldManager = annotation(inputs, "pulumi.com/patchFieldManager") ?? newFieldManager();
    let live: KubeObject;
    try {
      live = await this.#cluster.create(type, inputs, { fieldManager, preview, signal: this.#cancel.signal });
    } catch (error) {
      if (preview && notForAPreviewToJudge(error)) return asTheyAre;
      throw new Error(creationError(inputs, error as Error));
    }
    if (preview) {
      const { status: _, ...expected } = live;
      return { id: "", properties: checkpoint.write(inputs, expected, properties, fieldManager) };
    }
    const id = idOf(live.metadata);
    try {
      live = await untilReady(live, inputs, await this.#wait(timeout));
    } catch (error) {
      const state = checkpoint.write(inputs, live, properties, fieldManager);
      const reason = `the object was created, but failed to become ready: ${(error as Error).message}`;
      throw new protocol.NotReadyError(id, state, properties, reason);
    }
    return { id, properties: checkpoint.write(inputs, live, properties, fieldManager) };
  }

  /** For a refresh: inputs and state as they are now. For an import (no inputs): the object without what the server adds. */
  async read({ type, id, properties, inputs }: protocol.ReadRequest) {
    const unreachable = await this.#cluster.unreachable();
    if (unreachable !== undefined) {
      if (this.#settings.deleteUnreachable) return undefined;
      throw new Error(
        `failed to read resource state due to unreachable cluster (${unreachable}). If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"`,
      );
    }
    const known = checkpoint.read(properties);
    const last = normalize(toApi(open(inputs)) as Fields);
    const { apiVersion, kind } = keyOfFields({ ...kindOfToken(type), ...known.live, ...last });
    const live = await this.#cluster.objects?.get({ apiVersion, kind, ...parseId(id) }, this.#cancel.signal);
    if (!live) return undefined;
    const imported = Object.keys(last).length === 0;
    const current = imported
      ? importedInputs(asFields(live))
      : prune(asFields(live), last, isBuiltIn(apiVersion));
    const fieldManager =
      annotation(last, "pulumi.com/patchFieldManager") ?? known.fieldManager ?? newFieldManager();
    return {
      id,
      properties: checkpoint.write(current, live, inputs, fieldManager),
      inputs: withSecrets(fromApi(current) as Fields, inputs),
    };
  }

  async update({ id, olds, news, preview, timeout }: protocol.UpdateRequest): Promise<Values> {
    const inputs = normalize(toApi(open(news)) as Fields);
    const key = keyOfFields(inputs);
    if (preview && (hasUnknown(inputs) || !(await this.#cluster.type(key.apiVersion, key.kind)))) return news;
    const known = checkpoint.read(olds);
    const before = known.fieldManager ?? newFieldManager();
    const fieldManager = annotation(inputs, "pulumi.com/patchFieldManager") ?? before;
    try {
      const applied = await this.#cluster.update(inputs, {
        fieldManager,
        preview,
        signal: this.#cancel.signal,
      });
      if (preview) return checkpoint.write(inputs, applied, news, fieldManager);
      const live = await untilReady(applied, inputs, await this.#wait(timeout));
      if (before !== fieldManager) await this.#cluster.relinquish(key, before);
      return checkpoint.write(inputs, live, news, fieldManager);
    } catch (error) {
      if (preview && error instanceof ApiError && error.code === 403) return news;
      const live = preview ? undefined : await this.#cluster.objects?.get(key).catch(() => undefined);
      if (!live) throw new Error(`update of ${key.kind} ${id} failed: ${(error as Error).message}`);
      const state = checkpoint.write(inputs, live, news, fieldManager);
      const reason = `the Kubernetes API server reported that "${id}" failed to fully initialize or become live: ${(error as Error).message}`;
      throw new protocol.NotReadyError(id, state, news, reason);
    }
  }

  /** Resolves when the object is gone, finalizers and all. A Patch resource gives its fields up. */
  async delete({ type, id, properties, timeout }: protocol.DeleteRequest): Promise<void> {
    const unreachable = await this.#cluster.unreachable();
    if (unreachable !== undefined && this.#settings.deleteUnreachable) return;
    const objects = await this.#cluster.reachable();
    const { live, inputs, fieldManager } = checkpoint.read(properties);
    const key: ObjectKey = { ...keyOfFields({ ...kindOfToken(type), ...live }), ...parseId(id) };
    if (isPatch(type, key.kind)) return this.#cluster.relinquish(key, fieldManager ?? newFieldManager());
    const current = await objects.get(key);
    if (!current) return;
    const policy = annotation(inputs, "pulumi.com/deletionPropagationPolicy") ?? "foreground";
    await objects.delete(key, policy.charAt(0).toUpperCase() + policy.slice(1));
    await untilGone(current, inputs, await this.#wait(timeout));
  }

  async cancel(): Promise<void> {
    this.#cancel.abort();
  }

  async #wait(timeout: number | undefined): Promise<WaitContext> {
    return { objects: await this.#cluster.reachable(), timeout, cancelled: this.#cancelled };
  }
}

/** What a dry run can't know: the namespace or the right to ask may come first, the existing object may go first. */
function notForAPreviewToJudge(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return (
    error.code === 403 ||
    error.reason === "AlreadyExists" ||
    /^namespaces ".*" not found$/.test(error.message)
  );
}

function creationError(inputs: Fields, error: Error): string {
  const { apiVersion, kind, metadata } = asObject(inputs);
  if (error instanceof UnknownKindError) {
    return `creation of ${kind} ${metadata.name} failed because the Kubernetes API server reported that the apiVersion ${apiVersion} for this resource does not exist. Verify that any required CRDs have been created: ${error.message}`;
  }
  if (!(error instanceof ApiError)) return error.message;
  return `${kind} ${metadata.name} was not successfully created by the Kubernetes API server: ${error.message}`;
}

function importedInputs(live: Fields): Fields {
  const { status: _, ...rest } = normalize(live);
  const { [lastApplied]: __, ...annotations } = metadataOf(rest).annotations ?? {};
  return withMetadata(rest, { annotations: Object.keys(annotations).length > 0 ? annotations : undefined });
}

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
