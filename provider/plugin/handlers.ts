/** The gRPC handlers of `pulumirpc.ResourceProvider`: messages to plain values and back, errors to statuses. */
import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import {
  type CheckResult,
  type DiffKind,
  type DiffResult,
  NotReadyError,
  type ProviderServer,
} from "./protocol";
import { redact } from "./redact";
import { fromWire, toWire, type Value, type Values } from "./values";

export function handlers(provider: ProviderServer): grpc.UntypedServiceImplementation {
  return { ...unimplemented(), ...package_(provider), ...configuration(provider), ...resources(provider) };
}

/** The protocol's other calls: components, functions on resources, mappings. The engine copes without them. */
function unimplemented(): grpc.UntypedServiceImplementation {
  const refuse = (name: string) => (_: unknown, callback: grpc.sendUnaryData<Empty>) =>
    callback({ code: grpc.status.UNIMPLEMENTED, details: `${name} is not implemented` });
  const names = Object.keys(ResourceProviderService);
  return Object.fromEntries(names.map((name) => [name, refuse(name)])) as grpc.UntypedServiceImplementation;
}

function package_(provider: ProviderServer): grpc.UntypedServiceImplementation {
  return {
    handshake: unary<proto.ProviderHandshakeRequest, proto.ProviderHandshakeResponse>(async () => {
      const response = new proto.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      return response;
    }),
    getPluginInfo: unary<Empty, PluginInfo>(async () => {
      const response = new PluginInfo();
      response.setVersion(provider.version);
      return response;
    }),
    getSchema: unary<proto.GetSchemaRequest, proto.GetSchemaResponse>(async () => {
      const response = new proto.GetSchemaResponse();
      response.setSchema(provider.schema?.() ?? "{}");
      return response;
    }),
    attach: unary<Empty, Empty>(async () => new Empty()),
    getMappings: unary<proto.GetMappingsRequest, proto.GetMappingsResponse>(
      async () => new proto.GetMappingsResponse(),
    ),
    getMapping: unary<proto.GetMappingRequest, proto.GetMappingResponse>(
      async () => new proto.GetMappingResponse(),
    ),
    invoke: unary<proto.InvokeRequest, proto.InvokeResponse>(async (request) => {
      const token = request.getTok();
      if (!provider.invoke) throw new Error(`This provider has no function ${token}.`);
      const response = new proto.InvokeResponse();
      response.setReturn(struct(await provider.invoke({ token, args: values(request.getArgs()) })));
      return response;
    }),
    cancel: unary<Empty, Empty>(async () => {
      await provider.cancel?.();
      return new Empty();
    }),
  };
}

function configuration(provider: ProviderServer): grpc.UntypedServiceImplementation {
  return {
    checkConfig: unary<proto.CheckRequest, proto.CheckResponse>(async (request) => {
      const call = checkRequest(request);
      return checkResponse((await provider.checkConfig?.(call)) ?? { inputs: call.news, failures: [] });
    }),
    diffConfig: unary<proto.DiffRequest, proto.DiffResponse>(async (request) =>
      diffResponse((await provider.diffConfig?.(diffRequest(request))) ?? { properties: {} }),
    ),
    configure: unary<proto.ConfigureRequest, proto.ConfigureResponse>(async (request) => {
      const variables = Object.fromEntries(request.getVariablesMap().toObject());
      await provider.configure?.({ args: values(request.getArgs()), variables });
      const response = new proto.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    }),
  };
}

function resources(provider: ProviderServer): grpc.UntypedServiceImplementation {
  return {
    check: unary<proto.CheckRequest, proto.CheckResponse>(async (request) =>
      checkResponse(await provider.check(checkRequest(request))),
    ),
    diff: unary<proto.DiffRequest, proto.DiffResponse>(async (request) =>
      diffResponse(await provider.diff({ ...diffRequest(request), id: request.getId() })),
    ),
    create: unary<proto.CreateRequest, proto.CreateResponse>(async (request) => {
      const created = await provider.create({
        ...resource(request),
        properties: values(request.getProperties()),
        preview: request.getPreview(),
        timeout: request.getTimeout() || undefined,
      });
      const response = new proto.CreateResponse();
      response.setId(created.id);
      response.setProperties(struct(created.properties));
      return response;
    }),
    read: unary<proto.ReadRequest, proto.ReadResponse>(async (request) => {
      const found = await provider.read({
        ...resource(request),
        id: request.getId(),
        properties: values(request.getProperties()),
        inputs: values(request.getInputs()),
        timeout: request.getTimeout() || undefined,
      });
      const response = new proto.ReadResponse();
      if (found) {
        response.setId(found.id);
        response.setProperties(struct(found.properties));
        response.setInputs(struct(found.inputs));
      }
      return response;
    }),
    update: unary<proto.UpdateRequest, proto.UpdateResponse>(async (request) => {
      const properties = await provider.update({
        ...resource(request),
        id: request.getId(),
        olds: values(request.getOlds()),
        news: values(request.getNews()),
        preview: request.getPreview(),
        timeout: request.getTimeout() || undefined,
      });
      const response = new proto.UpdateResponse();
      response.setProperties(struct(properties));
      return response;
    }),
    delete: unary<proto.DeleteRequest, Empty>(async (request) => {
      await provider.delete({
        ...resource(request),
        id: request.getId(),
        properties: values(request.getProperties()),
        timeout: request.getTimeout() || undefined,
      });
      return new Empty();
    }),
  };
}

/** Type token of a request; older engines send only the URN, `urn:pulumi:stack::project::parent$type::name`. */
function resource(request: { getUrn(): string; getType(): string }): { urn: string; type: string } {
  const urn = request.getUrn();
  return { urn, type: request.getType() || (urn.split("::")[2]?.split("$").pop() ?? "") };
}

function checkRequest(request: proto.CheckRequest) {
  return { ...resource(request), olds: values(request.getOlds()), news: values(request.getNews()) };
}

function checkResponse({ inputs, failures }: CheckResult): proto.CheckResponse {
  const response = new proto.CheckResponse();
  response.setInputs(struct(inputs));
  for (const { property, reason } of failures) {
    const failure = new proto.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    response.addFailures(failure);
  }
  return response;
}

function diffRequest(request: proto.DiffRequest) {
  return {
    ...resource(request),
    olds: values(request.getOlds()),
    oldInputs: values(request.getOldInputs()),
    news: values(request.getNews()),
  };
}

const KINDS: Record<DiffKind, proto.PropertyDiff.Kind> = {
  add: proto.PropertyDiff.Kind.ADD,
  "add-replace": proto.PropertyDiff.Kind.ADD_REPLACE,
  delete: proto.PropertyDiff.Kind.DELETE,
  "delete-replace": proto.PropertyDiff.Kind.DELETE_REPLACE,
  update: proto.PropertyDiff.Kind.UPDATE,
  "update-replace": proto.PropertyDiff.Kind.UPDATE_REPLACE,
};

function diffResponse(diff: DiffResult): proto.DiffResponse {
  const response = new proto.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  const properties = Object.entries(diff.properties);
  response.setChanges(properties.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setHasdetaileddiff(true);
  response.setDeletebeforereplace(diff.deleteBeforeReplace ?? false);
  for (const [path, kind] of properties) {
    const property = new proto.PropertyDiff();
    property.setKind(KINDS[kind]);
    property.setInputdiff(!diff.outputs?.includes(path));
    response.getDetaileddiffMap().set(path, property);
    response.addDiffs(path);
    if (kind.endsWith("-replace")) response.addReplaces(path);
  }
  return response;
}

function values(properties: Struct | undefined): Values {
  return fromWire(properties?.toJavaScript());
}

function struct(properties: Readonly<Record<string, Value>>): Struct {
  return Struct.fromJavaScript(toWire(properties));
}

function unary<Request extends object, Response>(
  handle: (request: Request) => Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    handle(call.request).then(
      (response) => callback(null, response),
      (error: Error) => callback(status(error, redact(error.message, ...sent(call.request)))),
    );
  };
}

/** All property values of a request, whatever it calls them. */
function sent(request: object): Values[] {
  const { getProperties, getInputs, getOlds, getNews, getArgs } = request as Record<
    string,
    (() => Struct | undefined) | undefined
  >;
  return [getProperties, getInputs, getOlds, getNews, getArgs].map((get) => values(get?.call(request)));
}

function status(error: Error, message: string): Partial<grpc.StatusObject> {
  if (!(error instanceof NotReadyError)) return { code: grpc.status.UNKNOWN, details: message };
  const detail = new proto.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(struct(error.properties));
  detail.setInputs(struct(error.inputs));
  detail.addReasons(message);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const wrapped = new Status();
  wrapped.setCode(grpc.status.UNKNOWN);
  wrapped.setMessage(message);
  wrapped.addDetails(any);
  const metadata = new grpc.Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(wrapped.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}
