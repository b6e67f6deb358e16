/**
 * What a provider implements, free of gRPC: plain values in, plain values out. `server.ts` speaks the engine's protocol
 * (`pulumirpc.ResourceProvider`) for it.
 */
import type { Value, Values } from "./values";

/** A property that is wrong, and the sentence shown for it. The engine puts the property's name in front. */
export interface CheckFailure {
  property: string;
  reason: string;
}

export interface CheckResult {
  /** The inputs with their defaults filled in. */
  inputs: Values;
  failures: CheckFailure[];
}

/** How one property differs; the `-replace` kinds can't be changed in place. */
export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface DiffResult {
  /** Property path -> how it differs. Empty means no difference. */
  properties: Record<string, DiffKind>;
  /** Properties that differ on the cloud's side only, not because an input was changed. */
  outputs?: readonly string[];
  /** Delete the old one before the new one is made. @default false */
  deleteBeforeReplace?: boolean;
}

interface Resource {
  urn: string;
  /** Type token, such as `ackone:registry:BuildRule`. */
  type: string;
}

export interface CheckRequest extends Resource {
  olds: Values;
  news: Values;
}

export interface DiffRequest extends Resource {
  id: string;
  /** State: inputs and outputs. */
  olds: Values;
  oldInputs: Values;
  news: Values;
}

export interface CreateRequest extends Resource {
  properties: Values;
  preview: boolean;
  /** Limit in seconds given by the option `customTimeouts`; undefined when none was. */
  timeout?: number;
}

export interface ReadRequest extends Resource {
  id: string;
  /** State and inputs as last seen; both empty for an import. */
  properties: Values;
  inputs: Values;
  timeout?: number;
}

export interface UpdateRequest extends Resource {
  id: string;
  olds: Values;
  news: Values;
  preview: boolean;
  timeout?: number;
}

export interface DeleteRequest extends Resource {
  id: string;
  properties: Values;
  timeout?: number;
}

export interface InvokeRequest {
  /** Function token, such as `ackone:registry:findInstance`. */
  token: string;
  args: Values;
}

export interface ConfigureRequest {
  args: Values;
  /** The same configuration as the engine passes it for default providers: `<package>:config:<key>` -> string. */
  variables: Readonly<Record<string, string>>;
}

/** A resource provider. Every method may throw; the message reaches the user. */
export interface ProviderServer {
  /** Shown as the plugin's version. */
  readonly version: string;
  /** The package's schema as JSON. @default an empty package */
  schema?(): string;
  checkConfig?(request: CheckRequest): Promise<CheckResult>;
  diffConfig?(request: Omit<DiffRequest, "id">): Promise<DiffResult>;
  configure?(request: ConfigureRequest): Promise<void>;
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  /** With `preview`: no change is made, and what can't be known yet is `UNKNOWN`. */
  create(request: CreateRequest): Promise<{ id: string; properties: Values }>;
  /** `undefined` when the thing is gone. */
  read(request: ReadRequest): Promise<{ id: string; properties: Values; inputs: Values } | undefined>;
  update(request: UpdateRequest): Promise<Values>;
  delete(request: DeleteRequest): Promise<void>;
  invoke?(request: InvokeRequest): Promise<Record<string, Value>>;
  /** The engine gives up: end what is under way as soon as that is safe. */
  cancel?(): Promise<void>;
}

/**
 * Thrown by create or update when the thing exists but isn't ready: the engine keeps it in the state with this reason, and
 * the next `up` goes on with an update instead of a second create.
 */
export class NotReadyError extends Error {
  override readonly name = "NotReadyError";

  constructor(
    readonly id: string,
    readonly properties: Values,
    readonly inputs: Values,
    reason: string,
  ) {
    super(reason);
  }
}
