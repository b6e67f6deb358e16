import { Agent, type IncomingMessage, request, type ServerResponse } from "node:http";
import { RegistryError } from "./errors";

export interface StoreAnswer {
  status: number;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

/** The way to the registry process behind the gateway. Repositories are called by their ids there. */
export class ContentStore {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #authorization: string;

  constructor(
    private readonly port: number,
    login: { user: string; password: string },
  ) {
    this.#authorization = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString("base64")}`;
  }

  /** Passes a request on and its answer back; addresses in the answer are those of the gateway. */
  async forward(
    message: IncomingMessage,
    response: ServerResponse,
    { id, path, target }: { id: string; path: string; target: string },
  ): Promise<void> {
    const { authorization: _, host: __, connection: ___, ...headers } = message.headers;
    await new Promise<void>((resolve, reject) => {
      const sent = this.request(message.method ?? "GET", target, headers, (answer) => {
        const { "www-authenticate": ____, location, ...rest } = answer.headers;
        const own = location?.replace(`/v2/${id}/`, `/v2/${path}/`);
        response.writeHead(answer.statusCode ?? 502, { ...rest, ...(own && { location: own }) });
        answer.pipe(response);
        answer.once("error", reject);
        response.once("close", resolve);
      });
      sent.once("error", (error) => reject(unavailable(error)));
      response.once("close", () => sent.destroy());
      message.pipe(sent);
    });
  }

  /** A request of the gateway itself. */
  async call(
    method: string,
    target: string,
    headers: Record<string, string>,
    body?: Buffer,
  ): Promise<StoreAnswer> {
    return new Promise((resolve, reject) => {
      const sent = this.request(method, target, headers, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.once("error", reject);
        answer.once("end", () =>
          resolve({
            status: answer.statusCode ?? 502,
            headers: answer.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      sent.once("error", (error) => reject(unavailable(error)));
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  private request(
    method: string,
    path: string,
    headers: IncomingMessage["headers"],
    answered: (answer: IncomingMessage) => void,
  ) {
    return request(
      {
        host: "127.0.0.1",
        port: this.port,
        agent: this.#agent,
        method,
        path,
        headers: { ...headers, authorization: this.#authorization },
      },
      answered,
    );
  }
}

const unavailable = ({ message }: Error) =>
  new RegistryError(503, "UNAVAILABLE", `the registry is not reachable: ${message}`, { "retry-after": "1" });
