import { writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A way to an API server that can be closed for a while. */
export class Detour {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isOpen = true;

  private constructor(port: number) {
    this.#server = createServer((client) => {
      if (!this.#isOpen) {
        client.destroy();
        return;
      }
      const upstream = connect(port, "127.0.0.1");
      for (const [socket, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.#sockets.add(socket);
        socket.on("error", () => {});
        socket.once("close", () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
  }

  /** @param file where the kubeconfig with the detour is written */
  static async start(kubeconfig: string, file: string): Promise<Detour> {
    const [, port = ""] = /server: https:\/\/127\.0\.0\.1:(\d+)/.exec(kubeconfig) ?? [];
    const detour = new Detour(Number(port));
    await new Promise<void>((resolve) => detour.#server.listen(0, "127.0.0.1", resolve));
    const { port: own } = detour.#server.address() as AddressInfo;
    writeFileSync(file, kubeconfig.replace(`127.0.0.1:${port}`, `127.0.0.1:${own}`), { mode: 0o600 });
    return detour;
  }

  open(): void {
    this.#isOpen = true;
  }

  /** New connections and those that are open end. */
  close(): void {
    this.#isOpen = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.close();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
