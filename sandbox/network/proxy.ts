import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { NameBook } from "./names";
import { readSocksRequest, socksVersion } from "./socks";

/** How a connection that the proxy was asked for is answered. */
interface Answers {
  accept(): void;
  refuse(reason: "unreachable" | "refused"): void;
}

/**
 * The way for programs that aren't part of the sandbox, like git or the `argocd` command, to hosts that exist in it
 * alone. One port speaks both languages of proxies: CONNECT (HTTPS_PROXY) and SOCKS 5 (ALL_PROXY, the only one that
 * `argocd` knows). It joins the client to the loopback port that is published for the host and doesn't look into
 * what passes, so certificates are checked end to end. Every other host is refused: nothing leaves the machine.
 */
export class LocalProxy {
  readonly #names: NameBook;
  readonly #server: Server;
  readonly #http: HttpServer;
  readonly #open = new Set<Socket>();

  constructor(names: NameBook) {
    this.#names = names;
    this.#http = createHttpServer((_request, response) => {
      response.writeHead(405, { "content-type": "text/plain", connection: "close" });
      response.end("This proxy only passes HTTPS on (CONNECT).\n");
    });
    this.#http.on("connect", (request, client: Socket, head: Buffer) => {
      const [, host = "", port] = /^(.+):(\d+)$/.exec(request.url ?? "") ?? [];
      this.#join(client, host, Number(port), head, {
        accept: () => client.write("HTTP/1.1 200 Connection established\r\n\r\n"),
        refuse: (reason) => client.end(`HTTP/1.1 502 ${host} is ${reason}\r\ncontent-length: 0\r\n\r\n`),
      });
    });
    this.#server = createServer((client) => this.#greet(client));
  }

  /** @returns the port on 127.0.0.1 */
  async start(port = 0): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => resolve());
    });
    return this.port;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The variables with which a program finds it. */
  environment(): { HTTPS_PROXY: string; ALL_PROXY: string; NO_PROXY: string } {
    return {
      HTTPS_PROXY: `http://127.0.0.1:${this.port}`,
      ALL_PROXY: `socks5h://127.0.0.1:${this.port}`,
      NO_PROXY: "127.0.0.1,localhost",
    };
  }

  /** Cuts every connection. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  #greet(client: Socket): void {
    this.#track(client);
    client.once("data", (first) => {
      client.pause();
      client.unshift(first);
      if (first[0] === socksVersion) this.#socks(client);
      else this.#http.emit("connection", client);
      client.resume();
    });
  }

  async #socks(client: Socket): Promise<void> {
    const request = await readSocksRequest(client);
    if (request) this.#join(client, request.host, request.port, request.head, request);
  }

  #join(client: Socket, host: string, port: number, head: Buffer, answers: Answers): void {
    const published = port === 443 ? this.#names.portOf(host.toLowerCase()) : undefined;
    if (published === undefined) {
      answers.refuse("unreachable");
      return;
    }
    const server = connect({ host: "127.0.0.1", port: published });
    this.#track(server);
    let joined = false;
    server.once("connect", () => {
      joined = true;
      answers.accept();
      if (head.length > 0) server.write(head);
      server.pipe(client);
      client.pipe(server);
    });
    server.once("error", () => (joined ? client.destroy() : answers.refuse("refused")));
    client.once("close", () => server.destroy());
  }

  #track(socket: Socket): void {
    this.#open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#open.delete(socket));
  }
}
