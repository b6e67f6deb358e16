import { createHmac, randomUUID } from "node:crypto";
import type { RequestOptions } from "node:http";
import { request as httpRequest } from "node:http";
import { createRequire } from "node:module";
import type { Alibaba } from "../../emulators/alibaba";

// The clients are CommonJS packages whose default export differs between module systems.
const load = createRequire(import.meta.url);
const core = load("@alicloud/openapi-core") as typeof import("@alicloud/openapi-core");
const dara = load("@darabonba/typescript") as typeof import("@darabonba/typescript");

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

type Parameters = Record<string, unknown>;

const versions = { cr: "2018-12-01", bss: "2017-12-14", adcp: "2022-01-01", location: "2015-06-12" };

/** Calls through Alibaba's own client (V3 signature), and by hand (V1 signature). Errors are answers too. */
export class Client {
  constructor(
    private readonly emulator: Alibaba,
    private readonly credentials: { accessKeyId: string; accessKeySecret: string },
    private readonly ca: string,
  ) {}

  cr = (action: string, parameters: Parameters = {}) => this.v3(versions.cr, action, parameters);
  bss = (action: string, parameters: Parameters = {}) => this.v3(versions.bss, action, parameters);
  adcp = (action: string, parameters: Parameters = {}) => this.v3(versions.adcp, action, parameters);
  location = (action: string, parameters: Parameters = {}) => this.v3(versions.location, action, parameters);

  /** The parameters in the query, as @alicloud/openapi-core sends those of cr. */
  async v3(version: string, action: string, parameters: Parameters): Promise<Answer> {
    return this.call("HTTP", this.emulator.httpPort, {
      params: { action, version, protocol: "HTTP", pathname: "/", method: "POST", style: "RPC" },
      request: { query: core.OpenApiUtil.query(parameters) },
    });
  }

  /** The parameters in the form, as openapi-core sends those of adcp. */
  async v3Form(version: string, action: string, parameters: Parameters): Promise<Answer> {
    return this.call("HTTP", this.emulator.httpPort, {
      params: { action, version, protocol: "HTTP", pathname: "/", method: "POST", style: "RPC" },
      request: { body: parameters },
    });
  }

  /** cs, over HTTPS. */
  async cs(action: string, pathname: string, query: Record<string, string> = {}): Promise<Answer> {
    return this.call("HTTPS", this.emulator.httpsPort, {
      params: { action, version: "2015-12-15", protocol: "HTTPS", pathname, method: "GET", style: "ROA" },
      request: { query, headers: {} },
    });
  }

  /** cs, with a JSON body. */
  async csPost(action: string, pathname: string, body: object): Promise<Answer> {
    return this.call("HTTPS", this.emulator.httpsPort, {
      params: {
        ...{ action, version: "2015-12-15", protocol: "HTTPS", pathname, method: "POST", style: "ROA" },
        reqBodyType: "json",
      },
      request: { body, headers: {} },
    });
  }

  private async call(
    protocol: "HTTP" | "HTTPS",
    port: number,
    { params, request }: { params: Record<string, string>; request: Record<string, unknown> },
  ): Promise<Answer> {
    const client = new core.default(
      new core.$OpenApiUtil.Config({
        ...this.credentials,
        endpoint: `127.0.0.1:${port}`,
        protocol,
        ca: this.ca,
      }),
    );
    const form = { authType: "AK", reqBodyType: "formData", bodyType: "json", ...params };
    try {
      const { statusCode, body } = await client.callApi(
        new core.$OpenApiUtil.Params(form),
        new core.$OpenApiUtil.OpenApiRequest(request),
        new dara.RuntimeOptions({ ca: this.ca, readTimeout: 3000 }),
      );
      return { status: statusCode, body: body as Record<string, unknown> };
    } catch (error) {
      const { statusCode, data } = error as { statusCode?: number; data?: Record<string, unknown> };
      if (statusCode === undefined || !data) throw error;
      return { status: statusCode, body: data };
    }
  }

  /** Signed by hand as the Go provider does: everything in query and form, HMAC-SHA1. */
  async v1(
    version: string,
    action: string,
    parameters: Record<string, string>,
    overrides: { accessKeySecret?: string; query?: Record<string, string> } = {},
  ): Promise<Answer> {
    const query: Record<string, string> = {
      Action: action,
      Version: version,
      Format: "json",
      AccessKeyId: this.credentials.accessKeyId,
      SignatureMethod: "HMAC-SHA1",
      SignatureVersion: "1.0",
      SignatureNonce: randomUUID(),
      Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
      ...overrides.query,
    };
    const all = { ...query, ...parameters };
    const canonical = Object.keys(all)
      .sort()
      .map((name) => `${encode(name)}=${encode(all[name] ?? "")}`)
      .join("&");
    const secret = overrides.accessKeySecret ?? this.credentials.accessKeySecret;
    query["Signature"] = createHmac("sha1", `${secret}&`)
      .update(`POST&%2F&${encode(canonical)}`)
      .digest("base64");
    return this.send(new URLSearchParams(query), new URLSearchParams(parameters));
  }

  private send(query: URLSearchParams, form: URLSearchParams): Promise<Answer> {
    const options: RequestOptions = {
      host: "127.0.0.1",
      port: this.emulator.httpPort,
      method: "POST",
      path: `/?${query}`,
      headers: { "content-type": "application/x-www-form-urlencoded" },
    };
    return new Promise((resolve, reject) => {
      const sent = httpRequest(options, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        resolve({
          status: response.statusCode ?? 0,
          body: JSON.parse(Buffer.concat(chunks).toString("utf8")),
        });
      });
      sent.on("error", reject);
      sent.end(form.toString());
    });
  }
}

const encode = (value: string) =>
  encodeURIComponent(value).replace(
    /[!'()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
