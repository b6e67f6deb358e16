/** The provider: finds the resource's definition, takes secrets off and puts them back, answers previews. */
import { type ClientSettings, OpenApi } from "../openapi/client";
import type { Environment } from "../openapi/endpoint";
import { checkInputs } from "./check";
import { checkConfiguration, clientSettings, diffConfiguration } from "./configuration";
import { diffInputs, isSame } from "./diff";
import { functions } from "./functions";
import * as protocol from "./protocol";
import { type AnyResource, type Context, UnfinishedError } from "./resource";
import { resources } from "./resources";
import { packageSchema, packageVersion } from "./schema";
import { Turns } from "./turns";
import {
  hasUnknown,
  type Open,
  type OpenValues,
  revealAll,
  seal,
  UNKNOWN,
  type Value,
  type Values,
} from "./values";

export interface ProviderOptions {
  /** Limits and delays of the client, for tests. */
  client?: Partial<ClientSettings>;
  env?: Environment;
}

export class AckoneProvider implements protocol.ProviderServer {
  readonly version = packageVersion;
  readonly #cancelled = new AbortController();
  readonly #turns = new Turns();
  #api: OpenApi | undefined;

  constructor(private readonly options: ProviderOptions = {}) {}

  schema(): string {
    return packageSchema();
  }

  async checkConfig({ news }: protocol.CheckRequest): Promise<protocol.CheckResult> {
    return checkConfiguration(news, this.#env);
  }

  async diffConfig({ olds, news }: { olds: Values; news: Values }): Promise<protocol.DiffResult> {
    return diffConfiguration(olds, news);
  }

  async configure({ args }: protocol.ConfigureRequest): Promise<void> {
    const settings = { ...clientSettings(args), ...this.options.client };
    this.#api = new OpenApi(settings, this.#cancelled.signal, this.#env);
  }

  async check({ type, news }: protocol.CheckRequest): Promise<protocol.CheckResult> {
    return checkInputs(definition(type), news);
  }

  async diff({ type, olds, news }: protocol.DiffRequest): Promise<protocol.DiffResult> {
    return diffInputs(definition(type), revealAll(olds).values, revealAll(news).values);
  }

  async create(request: protocol.CreateRequest): Promise<{ id: string; properties: Values }> {
    const resource = definition(request.type);
    const { values: inputs, secrets } = revealAll(request.properties);
    if (request.preview) {
      return { id: "", properties: sealState(resource, this.#preview(resource, inputs), secrets) };
    }
    const created = resource.create(inputs, this.#context(request.timeout));
    const { id, state } = await unfinished(created, resource, request.properties, secrets);
    return { id, properties: sealState(resource, state, secrets) };
  }

  async read(request: protocol.ReadRequest) {
    const resource = definition(request.type);
    const known = revealAll(request.properties);
    const knownInputs = revealAll(request.inputs);
    const isImport = Object.keys(known.values).length === 0;
    const context = this.#context(request.timeout);
    const state = await resource.read(request.id, context, isImport ? undefined : known.values);
    if (!state) return undefined;
    const seen = asManaged(resource, state, isImport ? undefined : known.values);
    const inputs = Object.fromEntries(Object.keys(resource.inputs).map((name) => [name, seen[name]]));
    const secrets = new Set([...known.secrets, ...knownInputs.secrets]);
    return { id: request.id, properties: sealState(resource, seen, secrets), inputs: seal(inputs, secrets) };
  }

  async update(request: protocol.UpdateRequest): Promise<Values> {
    const resource = definition(request.type);
    const { values: inputs, secrets } = revealAll(request.news);
    const olds = revealAll(request.olds).values;
    if (request.preview) return sealState(resource, this.#preview(resource, inputs, olds), secrets);
    const updated = resource.update(request.id, inputs, this.#context(request.timeout), olds);
    return sealState(resource, await unfinished(updated, resource, request.news, secrets), secrets);
  }

  async delete(request: protocol.DeleteRequest): Promise<void> {
    const resource = definition(request.type);
    await resource.delete(request.id, revealAll(request.properties).values, this.#context(request.timeout));
  }

  async invoke({ token, args }: protocol.InvokeRequest): Promise<Record<string, Value>> {
    const found = functions.find((candidate) => candidate.token === token);
    if (!found) throw new Error(`${token} is not a function of this provider.`);
    const { values } = revealAll(args);
    // In a preview an argument may be the id of something that doesn't exist yet: then nothing is found, for certain.
    if (hasUnknown(values)) return { ids: [] };
    return { ids: await found.call(values as Record<string, string>, this.#client) };
  }

  async cancel(): Promise<void> {
    this.#cancelled.abort();
  }

  get #env(): Environment {
    return this.options.env ?? process.env;
  }

  get #client(): OpenApi {
    if (!this.#api) throw new Error("The provider is not configured.");
    return this.#api;
  }

  #context(timeout: number | undefined): Context {
    return { api: this.#client, seconds: (limit) => timeout ?? limit, turns: this.#turns };
  }

  /** State as a preview shows it: the inputs, and each output either known beforehand or unknown. */
  #preview(resource: AnyResource, inputs: OpenValues, olds?: OpenValues): OpenValues {
    const wellKnown = Object.fromEntries(Object.entries(inputs).filter(([, value]) => !hasUnknown(value)));
    const outputs = resource.preview?.(wellKnown, this.#api?.region ?? "", olds) ?? {};
    const names = Object.keys(resource.outputs);
    return { ...inputs, ...Object.fromEntries(names.map((name) => [name, outputs[name] ?? UNKNOWN])) };
  }
}

function definition(type: string): AnyResource {
  const found = resources.find((resource) => resource.token === type);
  if (!found) throw new Error(`${type} is not a resource of this provider.`);
  return found;
}

function sealState(resource: AnyResource, state: OpenValues, secrets: ReadonlySet<string>): Values {
  const always = Object.entries({ ...resource.inputs, ...resource.outputs }).filter(
    ([, { secret }]) => secret,
  );
  return seal(state, new Set([...secrets, ...always.map(([name]) => name)]));
}

/** Hands what is known of an unfinished resource to the engine. */
async function unfinished<T>(
  work: Promise<T>,
  resource: AnyResource,
  inputs: Values,
  secrets: ReadonlySet<string>,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof UnfinishedError)) throw error;
    const state = sealState(resource, error.state as OpenValues, secrets);
    throw new protocol.NotReadyError(error.id, state, inputs, error.message);
  }
}

/**
 * What was read, as far as the program manages it: an option that the program leaves open isn't a difference whatever its
 * value, and a list in another order is the same list.
 */
function asManaged(resource: AnyResource, state: OpenValues, known?: OpenValues): OpenValues {
  const entries = Object.entries(state).flatMap(([name, value]): [string, Open][] => {
    const property = resource.inputs[name];
    if (!known || !property || value === undefined) return value === undefined ? [] : [[name, value]];
    const before = known[name];
    const isOpen = before === undefined && !property.required && property.default === undefined;
    if (isOpen) return [];
    return [[name, before !== undefined && isSame(property, before, value) ? before : value]];
  });
  return Object.fromEntries(entries);
}
