import type { Socket } from "node:net";

/** What a SOCKS client asks for, and how it is answered. */
export interface SocksRequest {
  host: string;
  port: number;
  /** What the client sent after its request. */
  head: Buffer;
  /** Says that the connection stands; from then on the socket carries the connection itself. */
  accept(): void;
  /** Says why not, and closes. */
  refuse(reason: "unreachable" | "refused"): void;
}

/** The first byte that a SOCKS 5 client sends, and that no HTTP request begins with. */
export const socksVersion = 5;

const reply = { ok: 0, unreachable: 4, refused: 5, noSuchCommand: 7, noSuchAddress: 8 } as const;
const domain = 3;

/**
 * The server's part of SOCKS 5 (RFC 1928) up to the request, without authentication, for host names alone: whoever
 * has looked a name up already can't mean a host of the sandbox.
 * @returns undefined when the client left or asked for something else; it has been answered then
 */
export async function readSocksRequest(socket: Socket): Promise<SocksRequest | undefined> {
  const bytes = new Incoming(socket);
  const answer = (code: number) => Buffer.from([socksVersion, code, 0, 1, 0, 0, 0, 0, 0, 0]);
  try {
    const [, methods = 0] = await bytes.take(2);
    await bytes.take(methods);
    socket.write(Buffer.from([socksVersion, 0]));
    const [, command, , kind] = await bytes.take(4);
    if (command !== 1 || kind !== domain) {
      socket.end(answer(command === 1 ? reply.noSuchAddress : reply.noSuchCommand));
      return undefined;
    }
    const [length = 0] = await bytes.take(1);
    const host = (await bytes.take(length)).toString("latin1");
    const port = (await bytes.take(2)).readUInt16BE();
    return {
      host,
      port,
      head: bytes.rest(),
      accept: () => socket.write(answer(reply.ok)),
      refuse: (reason) => socket.end(answer(reply[reason])),
    };
  } catch {
    socket.destroy();
    return undefined;
  }
}

/** Reads a socket by counted bytes, until {@link rest} leaves it to somebody else. */
class Incoming {
  readonly #socket: Socket;
  #bytes = Buffer.alloc(0);
  #wake = () => {};
  #gone = false;
  readonly #onData = (chunk: Buffer) => {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#wake();
  };
  readonly #onClose = () => {
    this.#gone = true;
    this.#wake();
  };

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", this.#onData);
    socket.on("close", this.#onClose);
  }

  async take(count: number): Promise<Buffer> {
    while (this.#bytes.length < count) {
      if (this.#gone) throw new Error("the client has left");
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  rest(): Buffer {
    this.#socket.pause();
    this.#socket.off("data", this.#onData);
    this.#socket.off("close", this.#onClose);
    return this.#bytes;
  }
}
