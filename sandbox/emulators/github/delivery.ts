import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Network } from "../../network/request";

/** How deliveries get to public hosts; without it none is known. */
export interface Internet {
  network?: Network;
  /**
   * Whether a public host lets this address in. A text is what GitHub writes down for the delivery instead of
   * "failed to connect to network".
   */
  reachable?: (host: string, from: string) => boolean | string;
}

/** One delivery's outcome, in the words of "Troubleshooting webhooks". `statusCode` is 0 when nobody answered. */
export interface Outcome {
  statusCode: number;
  status: string;
}

export interface Message {
  url: string;
  insecure: boolean;
  headers: Record<string, string>;
  body: string;
}

/** GitHub gives a receiver 10 seconds ("Handling webhook deliveries"). */
const answerLimit = 10_000;

/**
 * The first address of each network that GitHub sends webhooks from (`hooks` of "Get GitHub meta information").
 * Deliveries come from all of them: an allow-list that lacks one loses some deliveries.
 */
const sources = ["192.30.252.1", "185.199.108.1", "140.82.112.1", "143.55.64.1"] as const;

const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Sends what hooks have to be told, to servers on this machine directly and to public hosts through the sandbox's network. */
export class Courier {
  readonly #internet: Internet;
  #sent = 0;

  constructor(internet: Internet = {}) {
    this.#internet = internet;
  }

  /** Never fails: what goes wrong is the outcome. */
  async send(message: Message, signal: AbortSignal): Promise<Outcome> {
    try {
      const host = new URL(message.url).hostname;
      const statusCode = loopback.has(host)
        ? await toLoopback(message, signal)
        : await this.#toPublic(host, message, signal);
      const good = statusCode >= 200 && statusCode < 300;
      return { statusCode, status: good ? "OK" : `Invalid HTTP Response: ${statusCode}` };
    } catch (error) {
      return { statusCode: 0, status: reasonOf(error as NodeJS.ErrnoException) };
    }
  }

  async #toPublic(host: string, { url, headers, body }: Message, signal: AbortSignal): Promise<number> {
    const { network, reachable = () => true } = this.#internet;
    if (network?.names.portOf(host) === undefined) throw coded("ENOTFOUND");
    const from = sources[this.#sent++ % sources.length] as string;
    const admitted = reachable(host, from);
    if (typeof admitted === "string") throw new Error(admitted);
    const { protocol, port } = new URL(url);
    if (!admitted || protocol !== "https:" || port) throw coded("ECONNREFUSED"); // only 443 is published
    const { "Content-Length": _, ...others } = headers;
    const { status } = await network.request(url, {
      method: "POST",
      headers: others,
      body,
      signal,
      within: answerLimit,
    });
    return status;
  }
}

function toLoopback({ url, insecure, headers, body }: Message, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const answered = (response: IncomingMessage) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    };
    const options = { method: "POST", headers, signal, timeout: answerLimit, agent: false as const };
    const call = url.startsWith("https:")
      ? httpsRequest(url, { ...options, rejectUnauthorized: !insecure }, answered)
      : httpRequest(url, options, answered);
    call.on("error", reject);
    call.on("timeout", () => call.destroy(coded("ETIMEDOUT")));
    call.end(body);
  });
}

const coded = (code: string) => Object.assign(new Error(code), { code });

function reasonOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "ENOTFOUND":
      return "failed to connect to host";
    case "ECONNREFUSED":
      return "failed to connect to network";
    case "ETIMEDOUT":
      return "timed out";
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "ERR_TLS_CERT_ALTNAME_INVALID":
    case "CERT_HAS_EXPIRED":
      return "Peer certificate cannot be authenticated with given CA certificates";
    default:
      return error.message.includes("did not answer within") ? "timed out" : error.message;
  }
}
