import { request as httpRequest } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { NameBook } from "./names";

/**
 * A public host in front of a server that speaks plain HTTP on loopback: terminates TLS and passes everything on, as
 * load balancers do. Example: `github.com` in front of the GitHub emulator, so that public repositories have the
 * addresses that everybody knows.
 */
export class HttpsFront {
  readonly #options: { host: string; target: string; names: NameBook };
  readonly #server: Server;

  /**
   * @param options `host` is the public name, `target` the loopback address, e.g. `http://127.0.0.1:20080`
   * @param tls certificate for the host and its key, PEM
   */
  constructor(
    options: { host: string; target: string; names: NameBook },
    tls: { cert: string; key: string },
  ) {
    this.#options = options;
    this.#server = createServer({ cert: tls.cert, key: tls.key }, (request, response) => {
      const passed = httpRequest(
        new URL(request.url ?? "/", options.target),
        { method: request.method, headers: request.headers, agent: false },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      passed.on("error", (error) => {
        if (response.headersSent) response.destroy();
        else response.writeHead(502, { "content-type": "text/plain" }).end(`${error.message}\n`);
      });
      response.once("close", () => passed.destroy());
      request.pipe(passed);
    });
  }

  /** Listens and publishes the host. */
  async start(port = 0): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => resolve());
    });
    const { names, host } = this.#options;
    names.publish(host, (this.#server.address() as AddressInfo).port);
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#options.names.withdraw(this.#options.host);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}
