import { Agent, request } from "node:https";
import type { Connection } from "./kubeconfig";

/** Any object of the Kubernetes API. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  [field: string]: unknown;
}

export interface Metadata {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  finalizers?: string[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  managedFields?: { manager: string; operation: string; fieldsV1?: unknown }[];
  [field: string]: unknown;
}

/** The API server's `Status` answer. */
export class ApiError extends Error {
  /** HTTP status. */
  readonly code: number;
  /** e.g. `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `Forbidden`. */
  readonly reason: string;
  readonly causes: { reason?: string; message?: string; field?: string }[];

  constructor(code: number, body: unknown) {
    const status = (typeof body === "object" && body !== null ? body : {}) as {
      message?: string;
      reason?: string;
      details?: { causes?: ApiError["causes"] };
    };
    super(status.message ?? `the API server answered ${code}`);
    this.code = code;
    this.reason = status.reason ?? "";
    this.causes = status.details?.causes ?? [];
  }
}

/** The API server couldn't be reached at all. */
export class UnreachableError extends Error {}

export interface CallOptions {
  query?: Record<string, string | undefined>;
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal;
}

/** HTTPS with client certificate or token to one API server, connections kept alive. */
export class KubeClient {
  readonly connection: Connection;
  readonly #agent: Agent;

  constructor(connection: Connection) {
    this.connection = connection;
    const { ca, cert, key } = connection;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 16, ca, cert, key });
  }

  /**
   * One call; a connection that the server had closed meanwhile is tried once more.
   * @returns the decoded answer
   * @throws ApiError for a refusal, UnreachableError when nobody answers
   */
  async call<Answer = KubeObject>(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    try {
      return await this.#send<Answer>(method, path, options);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (error instanceof ApiError || options.signal?.aborted) throw error;
      if (code === "ECONNRESET" || code === "EPIPE") {
        return this.#send<Answer>(method, path, options).catch((again) => this.#unreachable(again));
      }
      return this.#unreachable(error);
    }
  }

  /** Like {@link call}, `undefined` when there is no such object (or kind). */
  async find(path: string, options: CallOptions = {}): Promise<KubeObject | undefined> {
    try {
      return await this.call("GET", path, options);
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    }
  }

  /** Opens a watch and calls `onEvent` for every event until the server or `signal` ends it. */
  watch(
    path: string,
    query: Record<string, string>,
    onEvent: (event: { type: string; object: KubeObject }) => void,
    signal: AbortSignal,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const url = this.#url(path, { ...query, watch: "true" });
      const call = request(url, { agent: this.#agent, headers: this.#headers(), signal }, (answer) => {
        if (answer.statusCode !== 200) {
          answer.resume();
          return reject(new ApiError(answer.statusCode ?? 0, undefined));
        }
        let rest = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => {
          const lines = (rest + chunk).split("\n");
          rest = lines.pop() ?? "";
          for (const line of lines) if (line) onEvent(JSON.parse(line));
        });
        answer.once("end", resolve);
        answer.once("error", reject);
      });
      call.once("error", reject);
      call.end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #send<Answer>(method: string, path: string, options: CallOptions): Promise<Answer> {
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const headers: Record<string, string> = { ...this.#headers() };
    if (body !== undefined) {
      headers["content-type"] = options.contentType ?? "application/json";
      headers["content-length"] = String(Buffer.byteLength(body));
    }
    return new Promise((resolve, reject) => {
      const target = this.#url(path, options.query ?? {});
      const call = request(
        target,
        { method, agent: this.#agent, headers, signal: options.signal },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.once("error", reject);
          answer.once("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            const code = answer.statusCode ?? 0;
            const content = decode(text);
            if (code >= 200 && code < 300) resolve(content as Answer);
            else reject(new ApiError(code, typeof content === "string" ? { message: content } : content));
          });
        },
      );
      call.setTimeout(60_000, () => call.destroy(new Error("no answer within 60 s")));
      call.once("error", reject);
      call.end(body);
    });
  }

  #url(path: string, query: Record<string, string | undefined>): URL {
    const url = new URL(this.connection.server + path);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, value);
    return url;
  }

  #headers(): Record<string, string> {
    const { token } = this.connection;
    return { accept: "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
  }

  #unreachable(error: unknown): never {
    if (error instanceof ApiError) throw error;
    throw new UnreachableError(`${this.connection.server}: ${(error as Error).message}`);
  }
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.trim();
  }
}
