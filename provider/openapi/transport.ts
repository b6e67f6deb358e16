/**
 * One signed request to one operation, without retries. The only file that knows Alibaba's client library.
 *
 * The library is loaded with the first call: a preview in which nothing has changed never needs it, and it takes longer to
 * load than everything else here.
 */
import type OpenApiClient from "@alicloud/openapi-core";
import {
  type EndpointSettings,
  type Environment,
  endpointOf,
  protocolOf,
  trustedCertificates,
} from "./endpoint";
import { CloudError } from "./error";
import { type Action, type Operation, operations, type ProductName, products } from "./operations";

/** A parameter as the API reference shows it; arrays are sent as `Name.1`, `Name.2`, … */
export type Parameter = string | number | boolean | readonly string[] | undefined;
export type Parameters = Readonly<Record<string, Parameter>>;

export interface Credentials {
  accessKey: string;
  secretKey: string;
  securityToken?: string;
}

export interface TransportSettings extends EndpointSettings {
  /** Without them: the default chain (environment, OIDC, CLI profile, instance role). */
  credentials?: Credentials;
  /** Milliseconds to connect. @default 10000 */
  connectTimeout?: number;
  /** Milliseconds from the request to the end of the reply. @default 30000 */
  readTimeout?: number;
}

type Body = Record<string, unknown>;

export class Transport {
  readonly #clients = new Map<ProductName, Promise<OpenApiClient>>();

  constructor(
    readonly settings: TransportSettings,
    private readonly env: Environment,
  ) {}

  /** Sends one request; every failure, `IsSuccess: false` included, is a CloudError. */
  async send(action: Action, parameters: Parameters): Promise<Body> {
    const operation: Operation = operations[action];
    const { product } = operation;
    const { $OpenApiUtil, OpenApiUtil } = await import("@alicloud/openapi-core");
    const { RuntimeOptions } = await import("@darabonba/typescript");
    const { version, style } = products[product];
    const { pathname, query } = route(operation, parameters);
    const params = new $OpenApiUtil.Params({
      action,
      version,
      protocol: protocolOf(product, this.settings),
      pathname,
      method: style === "RPC" ? "POST" : "GET",
      authType: "AK",
      style,
      reqBodyType: style === "RPC" ? "formData" : "json",
      bodyType: "json",
    });
    const request = new $OpenApiUtil.OpenApiRequest({ query: OpenApiUtil.query(query) });
    let body: Body;
    try {
      const client = await this.#client(product);
      const reply = await client.callApi(params, request, new RuntimeOptions({}));
      body = (reply["body"] ?? {}) as Body;
    } catch (error) {
      throw this.#failed(action, error);
    }
    refuseBusinessError(action, body);
    return body;
  }

  /** One client per product, made at the first call to it. */
  #client(product: ProductName): Promise<OpenApiClient> {
    let client = this.#clients.get(product);
    if (!client) {
      client = this.#connect(product);
      this.#clients.set(product, client);
      client.catch(() => this.#clients.delete(product));
    }
    return client;
  }

  async #connect(product: ProductName): Promise<OpenApiClient> {
    const [core, credentials] = await Promise.all([
      import("@alicloud/openapi-core"),
      import("@alicloud/credentials"),
    ]);
    const own = this.settings.credentials;
    const config = own
      ? new credentials.Config({
          type: own.securityToken ? "sts" : "access_key",
          accessKeyId: own.accessKey,
          accessKeySecret: own.secretKey,
          securityToken: own.securityToken,
        })
      : undefined;
    return new core.default(
      new core.$OpenApiUtil.Config({
        credential: new credentials.default(config),
        endpoint: endpointOf(product, this.settings, this.env),
        protocol: protocolOf(product, this.settings),
        regionId: this.settings.region,
        connectTimeout: this.settings.connectTimeout ?? 10_000,
        readTimeout: this.settings.readTimeout ?? 30_000,
        ca: protocolOf(product, this.settings) === "HTTPS" ? trustedCertificates(this.env) : undefined,
        userAgent: "pulumi-resource-ackone",
      }),
    );
  }

  #failed(action: Action, error: unknown): CloudError {
    const host = endpointOf(operations[action].product, this.settings, this.env);
    const { code, message, statusCode, data, requestId, name } = error as ClientFailure;
    if (statusCode !== undefined) {
      return CloudError.of({
        action,
        statusCode,
        code: text(code),
        message: text(data?.["Message"] ?? data?.["message"]),
        requestId: text(requestId),
      });
    }
    if (/credential|access.?key/i.test(message ?? "") && code === undefined) {
      return CloudError.of({ action, code: "InvalidCredentials", message });
    }
    return CloudError.of({ action, code: text(code) ?? name, message: withoutUrl(message), host });
  }
}

/** What the client library throws: its own errors, Node's network errors, JSON errors of an answer that isn't JSON. */
interface ClientFailure {
  name?: string;
  code?: string;
  message?: string;
  statusCode?: number;
  requestId?: string;
  data?: Body;
}

function route(operation: Operation, parameters: Parameters): { pathname: string; query: Parameters } {
  const query = { ...parameters };
  const pathname = (operation.path ?? "/").replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = encodeURIComponent(String(query[name]));
    delete query[name];
    return value;
  });
  return { pathname, query };
}

/** The Container Registry answers business errors with HTTP 200. */
function refuseBusinessError(action: Action, body: Body): void {
  if (body["IsSuccess"] !== false) return;
  throw CloudError.of({
    action,
    code: text(body["Code"]),
    message: text(body["Message"]),
    requestId: text(body["RequestId"]),
  });
}

/** Network errors of the client library end with the whole URL, and with it all parameters. */
function withoutUrl(message: string | undefined): string | undefined {
  return message?.replace(/(GET |POST |Connect )\S*\/\S* failed\.?/g, "").trim();
}

/** The client library writes missing fields as the word "undefined". */
function text(value: unknown): string | undefined {
  return value === undefined || value === null || value === "undefined" ? undefined : String(value);
}
