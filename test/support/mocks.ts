/**
 * Runs a piece of the program on Pulumi's mocks and records every request that the engine would have got.
 *
 * Pulumi's own mocks show a resource's type, name and inputs only; here the monitor itself is wrapped, so that parent,
 * protection, dependencies, aliases, providers, hooks and the marks of secrets can be asserted too.
 *
 *     const graph = await record(() => new Registry("registry", args));
 *     expect(graph.one("alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace").parent).to.equal("registry");
 *
 * One recording at a time: the SDK keeps its monitor in a global.
 */
import * as pulumi from "@pulumi/pulumi";
import type * as protocol from "@pulumi/pulumi/proto/resource_pb";
import { computedOutputs, emptyWorld } from "./computed";

/** One `registerResource` (or `readResource`) request, in plain values. Resources are called by their logical names. */
export interface Registration {
  type: string;
  name: string;
  urn: string;
  custom: boolean;
  /** Inputs with secrets unwrapped and unknown values replaced by {@link unknown}. */
  inputs: Record<string, unknown>;
  /** Paths of the inputs that were marked secret, like `stringData.password` or `stringData`. */
  secrets: string[];
  parent: string | undefined;
  protect: boolean | undefined;
  retainOnDelete: boolean | undefined;
  /** Everything that the resource waits for, through data or `dependsOn`; sorted, without the parent. */
  dependencies: string[];
  /** The provider's name, or undefined for the default one. */
  provider: string | undefined;
  aliases: unknown[];
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  deleteBeforeReplace: boolean;
  deletedWith: string | undefined;
  customTimeouts: { create?: string; update?: string; delete?: string };
  importId: string | undefined;
  /** Names of the hooks by kind, like `{beforeCreate: ["..."]}`; empty without hooks. */
  hooks: Record<string, string[]>;
  /** True for a resource that is only read (`Class.get`). */
  read: boolean;
}

/** One call of a provider's function. */
export interface Invocation {
  token: string;
  inputs: Record<string, unknown>;
  provider: string | undefined;
}

export interface RecordOptions {
  /** Records a preview: ids and computed outputs are unknown. Default: false. */
  preview?: boolean;
  project?: string;
  stack?: string;
  /** Stack configuration, full keys: `{"alicloud:region": "cn-hangzhou"}`. */
  config?: Record<string, string>;
  /** Keys of `config` that are secrets. */
  secretKeys?: string[];
  /** Computed outputs by type token, over the defaults of computed.ts; `id` sets the physical id. */
  outputs?: Record<string, (inputs: Record<string, unknown>, name: string) => Record<string, unknown>>;
  /** Answers of provider functions by token, over those of an empty world; others fail the recording. */
  calls?: Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>>;
  /** Makes a registration fail: returns the message for it, or undefined. */
  fail?: (registration: Registration) => string | undefined;
}

/** What was recorded, in the order of registration. */
export class Recording<T = unknown> {
  readonly resources: Registration[] = [];
  readonly invocations: Invocation[] = [];
  readonly hooks: string[] = [];
  /** What the recorded function returned. */
  result!: T;

  /** Calls that reach a cloud: all but the program's look into its own state. */
  get lookups(): Invocation[] {
    return this.invocations.filter(({ token }) => token !== "pulumi:pulumi:readStackResourceOutputs");
  }

  /** All resources of a type. */
  of(type: string): Registration[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The only resource of a type (and name). Throws when there are none or several. */
  one(type: string, name?: string): Registration {
    const found = this.of(type).filter((resource) => name === undefined || resource.name === name);
    if (found.length !== 1) {
      const names = found.map((resource) => resource.name).join(", ");
      throw new Error(
        `expected one ${type}${name ? ` called ${name}` : ""}, found ${found.length}: ${names}`,
      );
    }
    return found[0]!;
  }

  /** The resource with this logical name. Throws when there are none or several. */
  named(name: string): Registration {
    const found = this.resources.filter((resource) => resource.name === name);
    if (found.length !== 1) {
      const all = this.resources.map((resource) => resource.name).join(", ");
      throw new Error(`expected one resource called ${name}, found ${found.length} among: ${all}`);
    }
    return found[0]!;
  }

  /** `type name` of every resource, sorted: the shape of the graph for comparisons. */
  shape(): string[] {
    return this.resources.map((resource) => `${resource.type} ${resource.name}`).sort();
  }

  /** Names of everything that `name` waits for, directly or through others. */
  ancestors(name: string): string[] {
    const seen = new Set<string>();
    const visit = (current: string): void => {
      for (const dependency of this.named(current).dependencies) {
        if (!seen.has(dependency)) {
          seen.add(dependency);
          visit(dependency);
        }
      }
    };
    visit(name);
    return [...seen].sort();
  }
}

/** Stands for a value that is not known yet, in the inputs of a recorded preview. */
export const unknown = "<unknown>";

const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/**
 * Runs `build` on mocks and waits until everything that it started has been registered.
 *
 * @throws the first error of the program, of a validation inside an Output, or of `options.fail`.
 */
export async function record<T>(
  build: () => T | Promise<T>,
  options: RecordOptions = {},
): Promise<Recording<T>> {
  const recording = new Recording<T>();
  const preview = options.preview ?? false;
  await pulumi.runtime.setMocks(
    mocksOf(recording, options),
    options.project ?? "ackone-delivery",
    options.stack ?? "test",
    preview,
    "organization",
  );
  pulumi.runtime.setAllConfig(options.config ?? {}, options.secretKeys ?? []);
  wrapMonitor(recording, options);

  // An error inside an Output surfaces as an unhandled rejection, as it does in a real program.
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  let fail: (reason: unknown) => void = () => {};
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failure.catch(() => {});
  process.on("unhandledRejection", fail);
  try {
    recording.result = await Promise.race([Promise.resolve().then(build), failure]);
    await Promise.race([settled(), failure]);
  } finally {
    process.off("unhandledRejection", fail);
    for (const listener of listeners) {
      process.on("unhandledRejection", listener);
    }
    pulumi.runtime.disconnectSync();
  }
  return recording;
}

/** The message of the error that `build` ends with. Fails when it ends well. */
export async function failureOf(build: () => unknown, options: RecordOptions = {}): Promise<string> {
  let recording: Recording;
  try {
    recording = await record(build, options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // The SDK says which property a failed Output was for; what the program says comes after.
    return message.replace(/^(?:error serializing property "[^"]*": )+/, "");
  }
  throw new Error(`expected an error, but these were registered: ${recording.shape().join(", ")}`);
}

/** The value of an Output after a recording, with its marks. */
export async function outputOf<T>(
  output: pulumi.Input<T>,
): Promise<{ value: T; known: boolean; secret: boolean }> {
  const inner = pulumi.output(output) as unknown as {
    promise(withUnknowns?: boolean): Promise<T>;
    isKnown: Promise<boolean>;
    isSecret: Promise<boolean>;
  };
  return { value: await inner.promise(true), known: await inner.isKnown, secret: await inner.isSecret };
}

/** Requests pending in the SDK are done and no rejection is on its way any more. */
async function settled(): Promise<void> {
  const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };
  await waitForRPCs();
  // Node reports unhandled rejections after the microtasks of the turn.
  await new Promise((resolve) => setImmediate(resolve));
  await waitForRPCs();
  await new Promise((resolve) => setImmediate(resolve));
}

function mocksOf(recording: Recording, options: RecordOptions): pulumi.runtime.Mocks {
  return {
    newResource: ({ type, name, inputs, id }) => {
      // In a preview the engine answers with the inputs; whatever is missing is unknown.
      if (options.preview) {
        return { id: id || undefined, state: inputs };
      }
      const computed = (options.outputs?.[type] ?? computedOutputs[type])?.(inputs, name) ?? {};
      const physical = typeof computed.id === "string" ? computed.id : id || `${name}-id`;
      return { id: physical, state: { ...inputs, ...computed, id: physical } };
    },
    call: ({ token, inputs, provider }) => {
      recording.invocations.push({ token, inputs, provider: provider ? nameOf(provider) : undefined });
      const answer = options.calls?.[token] ?? emptyWorld[token];
      if (!answer) {
        throw new Error(`the function ${token} was called, but the test has no answer for it`);
      }
      return answer(inputs);
    },
  };
}

type Callback = (error: unknown, response: unknown) => void;

/** The part of the SDK's mock monitor that is wrapped; set per recording, so nothing outlives it. */
interface Monitor {
  registerResource(request: protocol.RegisterResourceRequest, callback: Callback): Promise<void>;
  readResource(request: protocol.ReadResourceRequest, callback: Callback): Promise<void>;
  registerResourceHook(request: protocol.RegisterResourceHookRequest, callback: Callback): void;
  registerErrorHook(request: protocol.RegisterErrorHookRequest, callback: Callback): void;
}

function wrapMonitor(recording: Recording, options: RecordOptions): void {
  const { getMonitor } = pulumi.runtime as unknown as { getMonitor(): Monitor };
  const monitor = getMonitor();
  const add = (registration: Registration, callback: Callback): boolean => {
    recording.resources.push(registration);
    const message = options.fail?.(registration);
    if (message !== undefined) {
      callback(new Error(message), undefined);
    }
    return message === undefined;
  };
  const { registerResource, readResource } = monitor;
  monitor.registerResource = async (request, callback) => {
    if (add(fromRegister(request), callback)) {
      await registerResource.call(monitor, request, callback);
    }
  };
  monitor.readResource = async (request, callback) => {
    if (add(fromRead(request), callback)) {
      await readResource.call(monitor, request, callback);
    }
  };
  // The stock mock monitor has neither method, so a program with hooks would fail on it.
  monitor.registerResourceHook = (request, callback) => {
    recording.hooks.push(request.getName());
    callback(null, {});
  };
  monitor.registerErrorHook = (request, callback) => {
    recording.hooks.push(request.getName());
    callback(null, {});
  };
}

function fromRegister(request: protocol.RegisterResourceRequest): Registration {
  const plain = unwrap(request.getObject()?.toJavaScript() ?? {});
  const timeouts = request.getCustomtimeouts();
  return {
    type: request.getType(),
    name: request.getName(),
    urn: urnOf(request.getParent(), request.getType(), request.getName()),
    custom: request.getCustom(),
    inputs: plain.value as Record<string, unknown>,
    secrets: plain.secrets,
    parent: request.getParent() ? nameOf(request.getParent()) : undefined,
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    dependencies: namesOf(request.getDependenciesList(), request.getParent()),
    provider: request.getProvider() ? nameOf(request.getProvider()) : undefined,
    aliases: request.getAliasesList().map((alias) => alias.toObject()),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    deletedWith: request.getDeletedwith() ? nameOf(request.getDeletedwith()) : undefined,
    customTimeouts: {
      ...(timeouts?.getCreate() ? { create: timeouts.getCreate() } : {}),
      ...(timeouts?.getUpdate() ? { update: timeouts.getUpdate() } : {}),
      ...(timeouts?.getDelete() ? { delete: timeouts.getDelete() } : {}),
    },
    importId: request.getImportid() || undefined,
    hooks: hooksOf(request.getHooks()),
    read: false,
  };
}

function fromRead(request: protocol.ReadResourceRequest): Registration {
  const plain = unwrap(request.getProperties()?.toJavaScript() ?? {});
  return {
    type: request.getType(),
    name: request.getName(),
    urn: urnOf(request.getParent(), request.getType(), request.getName()),
    custom: true,
    inputs: plain.value as Record<string, unknown>,
    secrets: plain.secrets,
    parent: request.getParent() ? nameOf(request.getParent()) : undefined,
    protect: undefined,
    retainOnDelete: undefined,
    dependencies: namesOf(request.getDependenciesList(), request.getParent()),
    provider: request.getProvider() ? nameOf(request.getProvider()) : undefined,
    aliases: [],
    ignoreChanges: [],
    replaceOnChanges: [],
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    deleteBeforeReplace: false,
    deletedWith: undefined,
    customTimeouts: {},
    importId: request.getId() || undefined,
    hooks: {},
    read: true,
  };
}

function hooksOf(
  binding: protocol.RegisterResourceRequest.ResourceHooksBinding | undefined,
): Record<string, string[]> {
  const all = {
    beforeCreate: binding?.getBeforeCreateList() ?? [],
    afterCreate: binding?.getAfterCreateList() ?? [],
    beforeUpdate: binding?.getBeforeUpdateList() ?? [],
    afterUpdate: binding?.getAfterUpdateList() ?? [],
    beforeDelete: binding?.getBeforeDeleteList() ?? [],
    afterDelete: binding?.getAfterDeleteList() ?? [],
  };
  return Object.fromEntries(Object.entries(all).filter(([, names]) => names.length > 0));
}

/** Takes the engine's marks off a value and notes the paths that were secret. */
function unwrap(value: unknown, path = ""): { value: unknown; secrets: string[] } {
  if (value === unknownSentinel) {
    return { value: unknown, secrets: [] };
  }
  if (Array.isArray(value)) {
    const items = value.map((item, index) => unwrap(item, `${path}[${index}]`));
    return { value: items.map((item) => item.value), secrets: items.flatMap((item) => item.secrets) };
  }
  if (typeof value === "object" && value !== null) {
    const object = value as Record<string, unknown>;
    if (object[signature] === secretSignature) {
      return { value: unwrap(object.value, path).value, secrets: [path] };
    }
    const entries = Object.entries(object).map(
      ([key, item]) => [key, unwrap(item, path ? `${path}.${key}` : key)] as const,
    );
    return {
      value: Object.fromEntries(entries.map(([key, item]) => [key, item.value])),
      secrets: entries.flatMap(([, item]) => item.secrets),
    };
  }
  return { value, secrets: [] };
}

function urnOf(parent: string, type: string, name: string): string {
  const parentType = parent ? `${parent.split("::")[2]}$` : "";
  return `${pulumi.getProject()}/${pulumi.getStack()}::${parentType}${type}::${name}`;
}

/** The logical name in a URN or in a provider reference (`<urn>::<id>`). */
function nameOf(reference: string): string {
  return reference.split("::")[3] ?? reference;
}

function namesOf(urns: string[], parent: string): string[] {
  return [...new Set(urns.filter((urn) => urn !== parent).map(nameOf))].sort();
}
