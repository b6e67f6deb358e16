import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { NameBook } from "./names";

/**
 * The way for programs that aren't part of the sandbox, like the `argocd` command or git, to hosts that exist in it
 * alone: an HTTPS proxy (`HTTPS_PROXY`). It joins the client to the loopback port that is published for the host and
 * doesn't look into what passes, so certificates are checked end to end. Every other host is refused: nothing leaves the machine.
 */
export class HttpsProxy {
  readonly #names: NameBook;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  constructor(names: NameBook) {
    this.#names = names;
    this.#server = createServer((_request, response) => {
      response.writeHead(405, { "content-type": "text/plain" });
      response.end("This proxy only passes HTTPS on (CONNECT).\n");
    });
    this.#server.on("connect", (request, client: Socket, head: Buffer) => {
      this.#track(client);
      client.on("error", () => client.destroy());
      const port = this.#portOf(request.url ?? "");
      if (port === undefined) {
        client.end(`HTTP/1.1 502 ${request.url} is not a host of the sandbox\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      this.#join(client, port, head);
    });
  }

  /** @returns its address for HTTPS_PROXY, e.g. `http://127.0.0.1:20443` */
  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => resolve());
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#open) socket.destroy();
    this.#server.closeAllConnections();
    await closed;
  }

  /** The published port of `<host>:443`. */
  #portOf(target: string): number | undefined {
    const [, host, port] = /^(.+):(\d+)$/.exec(target) ?? [];
    return host && port === "443" ? this.#names.portOf(host.toLowerCase()) : undefined;
  }

  #join(client: Socket, port: number, head: Buffer): void {
    const server = connect({ host: "127.0.0.1", port });
    this.#track(server);
    let joined = false;
    server.once("connect", () => {
      joined = true;
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      if (head.length > 0) server.write(head);
      server.pipe(client);
      client.pipe(server);
    });
    server.on("error", (error) => {
      if (joined) client.destroy();
      else client.end(`HTTP/1.1 502 ${error.message}\r\ncontent-length: 0\r\n\r\n`);
    });
    client.once("close", () => server.destroy());
    server.once("close", () => client.end());
  }

  #track(socket: Socket): void {
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
  }
}
