/** A provider served over a real socket, and the engine's side of the conversation. */
import * as grpc from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { ClientSettings } from "../../provider/openapi/client";
import { AckoneProvider } from "../../provider/plugin/provider";
import { listen, type Serving } from "../../provider/plugin/server";
import { fromWire, Secret, toWire, type Value, type Values } from "../../provider/plugin/values";
import type { Cloud } from "./cloud";

type Method = keyof {
  [Name in keyof ResourceProviderClient as ResourceProviderClient[Name] extends grpc.ClientUnaryCall
    ? never
    : Name]: 1;
};

export class Plugin {
  private readonly client: ResourceProviderClient;

  /** Talks to a provider on that port of this machine. */
  constructor(
    port: number,
    private readonly serving?: Serving,
  ) {
    this.client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  }

  /** A configured provider whose retries and polls take milliseconds. */
  static async start(cloud: Cloud, settings: Partial<ClientSettings> = {}, env = {}): Promise<Plugin> {
    const client = {
      retry: { attempts: 4, baseDelay: 1, maxDelay: 4 },
      wait: { interval: 1, maxInterval: 4 },
      ...settings,
    };
    const serving = await listen(new AckoneProvider({ client, env }));
    const plugin = new Plugin(serving.port, serving);
    await plugin.configure(settingsFor(cloud));
    return plugin;
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.serving?.stop();
  }

  async configure(args: Values): Promise<proto.ConfigureResponse> {
    const request = new proto.ConfigureRequest();
    request.setArgs(struct(args));
    return this.#call("configure", request);
  }

  async checkConfig(news: Values) {
    const request = new proto.CheckRequest();
    request.setUrn("urn:pulumi:dev::p::pulumi:providers:ackone::x");
    request.setNews(struct(news));
    return checked(await this.#call<proto.CheckResponse>("checkConfig", request));
  }

  async diffConfig(olds: Values, news: Values) {
    const request = new proto.DiffRequest();
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    return differences(await this.#call<proto.DiffResponse>("diffConfig", request));
  }

  async version(): Promise<string> {
    return (await this.#call<PluginInfo>("getPluginInfo", new Empty())).getVersion();
  }

  async schema(): Promise<string> {
    return (await this.#call<proto.GetSchemaResponse>("getSchema", new proto.GetSchemaRequest())).getSchema();
  }

  async check(type: string, news: Values) {
    const request = new proto.CheckRequest();
    request.setUrn(urn(type));
    request.setNews(struct(news));
    return checked(await this.#call<proto.CheckResponse>("check", request));
  }

  /** The inputs as the engine would pass them on: checked, with defaults; a failure is an error. */
  async complete(type: string, news: Values): Promise<Values> {
    const { inputs, failures } = await this.check(type, news);
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
    return inputs;
  }

  async diff(type: string, id: string, olds: Values, news: Values) {
    const request = new proto.DiffRequest();
    request.setUrn(urn(type));
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    return differences(await this.#call<proto.DiffResponse>("diff", request));
  }

  async create(type: string, properties: Values, { preview = false, timeout = 0 } = {}) {
    const request = new proto.CreateRequest();
    request.setUrn(urn(type));
    request.setProperties(struct(properties));
    request.setPreview(preview);
    request.setTimeout(timeout);
    const response = await this.#call<proto.CreateResponse>("create", request);
    return { id: response.getId(), properties: values(response.getProperties()) };
  }

  async read(type: string, id: string, properties: Values = {}, inputs: Values = {}) {
    const request = new proto.ReadRequest();
    request.setUrn(urn(type));
    request.setId(id);
    request.setProperties(struct(properties));
    request.setInputs(struct(inputs));
    const response = await this.#call<proto.ReadResponse>("read", request);
    return {
      id: response.getId(),
      properties: values(response.getProperties()),
      inputs: values(response.getInputs()),
    };
  }

  async update(type: string, id: string, olds: Values, news: Values, { preview = false, timeout = 0 } = {}) {
    const request = new proto.UpdateRequest();
    request.setUrn(urn(type));
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    request.setPreview(preview);
    request.setTimeout(timeout);
    return values((await this.#call<proto.UpdateResponse>("update", request)).getProperties());
  }

  async delete(type: string, id: string, properties: Values, { timeout = 0 } = {}): Promise<void> {
    const request = new proto.DeleteRequest();
    request.setUrn(urn(type));
    request.setId(id);
    request.setProperties(struct(properties));
    request.setTimeout(timeout);
    await this.#call("delete", request);
  }

  async invoke(token: string, args: Values): Promise<Values> {
    const request = new proto.InvokeRequest();
    request.setTok(token);
    request.setArgs(struct(args));
    return values((await this.#call<proto.InvokeResponse>("invoke", request)).getReturn());
  }

  async cancel(): Promise<void> {
    await this.#call("cancel", new Empty());
  }

  #call<Response>(method: Method, request: unknown): Promise<Response> {
    const client = this.client as unknown as Record<
      string,
      (request: unknown, done: (error: grpc.ServiceError | null, response: Response) => void) => void
    >;
    return new Promise((resolve, reject) => {
      client[method]?.(request, (error, response) => (error ? reject(error) : resolve(response)));
    });
  }
}

/** Configuration of a provider for that cloud. */
export function settingsFor(cloud: Cloud): Values {
  return {
    region: "cn-test",
    accessKey: new Secret("test-key"),
    secretKey: new Secret("test-secret"),
    protocol: "HTTP",
    endpoints: { cr: cloud.host, adcp: cloud.host, cs: cloud.secureHost },
  };
}

/** The message of the failure of a call; fails when the call succeeds. */
export async function failureOf(call: Promise<unknown>): Promise<string> {
  return (await errorOf(call)).details;
}

/** What the engine keeps of a resource that exists but isn't ready. */
export async function unfinishedOf(call: Promise<unknown>) {
  const [bytes] = (await errorOf(call)).metadata.get("grpc-status-details-bin");
  const [detail] = Status.deserializeBinary(bytes as Buffer).getDetailsList();
  const failed = detail?.unpack(
    proto.ErrorResourceInitFailed.deserializeBinary,
    "pulumirpc.ErrorResourceInitFailed",
  ) as proto.ErrorResourceInitFailed;
  return { id: failed.getId(), properties: values(failed.getProperties()), reasons: failed.getReasonsList() };
}

async function errorOf(call: Promise<unknown>): Promise<grpc.ServiceError> {
  try {
    await call;
  } catch (error) {
    return error as grpc.ServiceError;
  }
  throw new Error("The call was expected to fail.");
}

function checked(response: proto.CheckResponse) {
  const failures = response.getFailuresList().map((one) => `${one.getProperty()}: ${one.getReason()}`);
  return { inputs: values(response.getInputs()), failures };
}

function differences(response: proto.DiffResponse) {
  const kinds = Object.keys(proto.PropertyDiff.Kind);
  const properties: Record<string, string> = {};
  response.getDetaileddiffMap().forEach((diff, name) => {
    properties[name] = kinds[diff.getKind()] ?? "";
  });
  return {
    changed: response.getChanges() === proto.DiffResponse.DiffChanges.DIFF_SOME,
    properties,
    replaces: response.getReplacesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
  };
}

function urn(type: string): string {
  return `urn:pulumi:dev::test::${type}::it`;
}

function struct(properties: Values): Struct {
  return Struct.fromJavaScript(toWire(properties));
}

function values(properties: Struct | undefined): Record<string, Value> {
  return fromWire(properties?.toJavaScript());
}
