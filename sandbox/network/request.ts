import type { IncomingHttpHeaders } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { type ConnectionOptions, createSecureContext, type SecureContext } from "node:tls";
import type { NameBook } from "./names";

export interface NamedRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  signal?: AbortSignal;
  /** Milliseconds until an answer must be there. @default 10000 */
  within?: number;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Sends HTTPS requests to public host names that the sandbox's name service knows, and to nothing else. */
export class Network {
  readonly #trust: SecureContext;

  /**
   * @param names the sandbox's name service
   * @param ca PEM of the authorities that are trusted
   */
  constructor(
    readonly names: NameBook,
    readonly ca: string,
  ) {
    // Made once: parsing a bundle of authorities takes longer than a request.
    this.#trust = createSecureContext({ ca });
  }

  /** @throws Error with the words of the system: `getaddrinfo ENOTFOUND <host>`, `connect ECONNREFUSED …` */
  request(
    address: string,
    { method = "GET", headers = {}, body, signal, within = 10_000 }: NamedRequest = {},
  ) {
    const url = new URL(address);
    const port = this.names.portOf(url.hostname);
    if (url.protocol !== "https:") throw new Error(`${address} is not an HTTPS address`);
    if (port === undefined) {
      return Promise.reject(
        Object.assign(new Error(`getaddrinfo ENOTFOUND ${url.hostname}`), { code: "ENOTFOUND" }),
      );
    }
    const late = AbortSignal.timeout(within);
    return new Promise<Answer>((resolve, reject) => {
      const options: RequestOptions & ConnectionOptions = {
        host: "127.0.0.1",
        port,
        servername: url.hostname,
        secureContext: this.#trust,
        path: url.pathname + url.search,
        method,
        headers: { host: url.host, ...headers, ...(body && { "content-length": Buffer.byteLength(body) }) },
        signal: signal ? AbortSignal.any([signal, late]) : late,
        agent: false,
      };
      const sent = httpsRequest(options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      sent.on("error", (error) =>
        reject(late.aborted ? new Error(`${url.hostname} did not answer within ${within / 1000} s`) : error),
      );
      sent.end(body);
    });
  }
}
