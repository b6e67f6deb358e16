import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CallLog } from "./call-log";
import type { Fault, Faults } from "./faults";

/** One request and its answer, with what the log wants to know about them. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** Filled in by the endpoint once known. */
  login?: string;
  body?: unknown;
  /** The connection was cut on purpose: nobody is there to answer. */
  readonly dropped: boolean;
  /** Cuts the connection without an answer. */
  drop(): void;
  /** Waits and hangs as the switched-on fault wants; what it says about the answer is left to the endpoint. */
  meetFault(): Promise<Fault | undefined>;
  /** Once the work is done: waits or drops the connection as the fault wants. Whether somebody is left to answer. */
  mayAnswer(fault: Fault | undefined): Promise<boolean>;
}

/** Thrown inside an exchange whose connection is gone, to end its work. */
class Dropped extends Error {}

/** Serves one exchange. `path` is what the faults and the log call it: without `/api/v3` and without the query. */
export type Serve = (exchange: Exchange, path: string, query: string) => Promise<void>;

const apiPrefix = "/api/v3";

/** An HTTP server on loopback for the REST API (under `/api/v3`) and for git (everywhere else). */
export class GithubServer {
  private readonly server: Server;

  private endpoints?: { rest: Serve; git: Serve };

  constructor(
    private readonly faults: Faults,
    private readonly log: CallLog,
  ) {
    this.server = createServer((request, response) => void this.handle(request, response));
    this.server.keepAliveTimeout = 60_000;
    this.server.requestTimeout = 0; // a big push may take its time
  }

  /** @param port 0 for a free one */
  start(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", (error: NodeJS.ErrnoException) => {
        const busy = error.code === "EADDRINUSE";
        reject(busy ? new Error(`port ${port} is in use; the GitHub emulator can't listen on it`) : error);
      });
      this.server.listen(port, "127.0.0.1", () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  /** Begins to answer. Separate from {@link start}, because answers name the port. */
  serve(endpoints: { rest: Serve; git: Serve }): void {
    this.endpoints = endpoints;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.endpoints) return void response.writeHead(503).end();
    const started = Date.now();
    const [target = "/", query = ""] = (request.url ?? "/").split(/\?(.*)/s);
    const rest = target === apiPrefix || target.startsWith(`${apiPrefix}/`);
    const path = rest ? target.slice(apiPrefix.length) || "/" : target;
    const exchange = this.exchange(request, response, path);
    response.on("close", () => {
      this.log.add({
        time: new Date(started).toISOString(),
        method: request.method ?? "GET",
        path: query ? `${path}?${query}` : path,
        status: exchange.dropped || !response.writableEnded ? 0 : response.statusCode,
        login: exchange.login,
        body: exchange.body,
        duration: Date.now() - started,
      });
    });
    try {
      await (rest ? this.endpoints.rest : this.endpoints.git)(exchange, path, query);
    } catch (error) {
      if (!(error instanceof Dropped)) console.error(error);
      response.destroy();
    }
  }

  private exchange(request: IncomingMessage, response: ServerResponse, path: string): Exchange {
    let dropped = false;
    const drop = () => {
      dropped = true;
      response.destroy();
    };
    return {
      request,
      response,
      drop,
      get dropped() {
        return dropped;
      },
      meetFault: async () => {
        const fault = this.faults.take(request.method ?? "GET", path);
        if (fault?.delay) await new Promise((resolve) => setTimeout(resolve, fault.delay));
        if (!fault?.hang) return fault;
        await this.faults.untilCleared();
        drop();
        throw new Dropped();
      },
      mayAnswer: async (fault) => {
        if (fault?.replyDelay) await passed(fault.replyDelay, response);
        if (fault?.lostReply) drop();
        return !response.destroyed;
      },
    };
  }
}

/** Waits, but for no caller that has gone. */
function passed(milliseconds: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    response.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
