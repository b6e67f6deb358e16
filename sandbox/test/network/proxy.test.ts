import { mkdtempSync, rmSync } from "node:fs";
import { createServer, get, request, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Authority } from "../../kubernetes/pki";
import { HttpsFront } from "../../network/https-front";
import { NameBook } from "../../network/names";
import { LocalProxy } from "../../network/proxy";
import { Network } from "../../network/request";

describe("the local proxy", () => {
  let home: string;
  let names: NameBook;
  let proxy: LocalProxy;
  let echo: Server;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "proxy-"));
    names = new NameBook(join(home, "names.json"));
    proxy = new LocalProxy(names);
    await proxy.start();
    echo = createServer((incoming, response) => response.end(`${incoming.method} ${incoming.url}`));
    await new Promise<void>((listening) => echo.listen(0, "127.0.0.1", listening));
    names.publish("known.example.com", (echo.address() as AddressInfo).port);
  });
  after(async () => {
    await proxy.stop();
    await new Promise((closed) => echo.close(closed));
    rmSync(home, { recursive: true, force: true });
  });

  /** Asks by CONNECT; what passes afterwards is HTTP here, because the proxy doesn't look. */
  const byConnect = (target: string) =>
    new Promise<{ status: number | undefined; socket: Socket }>((resolve, reject) => {
      const call = request({ host: "127.0.0.1", port: proxy.port, method: "CONNECT", path: target });
      call.once("connect", (response, socket) => resolve({ status: response.statusCode, socket }));
      call.once("response", (response) => {
        response.resume();
        resolve({ status: response.statusCode, socket: response.socket });
      });
      call.once("error", reject);
      call.end();
    });

  /** A SOCKS 5 client that sends its bytes one by one, as slow networks do. @returns what the server says */
  const bySocks = async (bytes: number[]) => {
    const socket = connect({ host: "127.0.0.1", port: proxy.port });
    const answers: Buffer[] = [];
    socket.on("data", (chunk) => answers.push(chunk));
    const heard = async (count: number) => {
      while (Buffer.concat(answers).length < count) {
        await new Promise<void>((more) => {
          socket.once("data", () => more());
          socket.once("close", () => more());
        });
        if (socket.destroyed) break;
      }
      return [...Buffer.concat(answers).subarray(0, count)];
    };
    for (const byte of [5, 1, 0]) socket.write(Buffer.from([byte]));
    expect(await heard(2)).to.deep.equal([5, 0]);
    for (const byte of bytes) socket.write(Buffer.from([byte]));
    return { code: (await heard(12))[3], socket };
  };
  const to = (host: string, port: number) => [
    5,
    1,
    0,
    3,
    host.length,
    ...Buffer.from(host),
    port >> 8,
    port & 255,
  ];

  const fetchOver = (socket: Socket) =>
    new Promise<string>((resolve, reject) => {
      get({ path: "/hello", createConnection: () => socket }, (response) => {
        response.setEncoding("utf8").on("data", resolve);
      }).on("error", reject);
    });

  it("joins clients to published hosts in both languages", async () => {
    const { status, socket } = await byConnect("known.example.com:443");
    expect(status).to.equal(200);
    expect(await fetchOver(socket)).to.equal("GET /hello");
    const socks = await bySocks(to("known.example.com", 443));
    expect(socks.code).to.equal(0);
    socks.socket.removeAllListeners("data");
    expect(await fetchOver(socks.socket)).to.equal("GET /hello");
    socks.socket.destroy();
  });

  it("refuses every other host and port", async () => {
    for (const target of ["example.com:443", "known.example.com:80", "127.0.0.1:443", "nonsense"]) {
      expect((await byConnect(target)).status, target).to.equal(502);
    }
    expect((await bySocks(to("example.com", 443))).code).to.equal(4);
    expect((await bySocks(to("known.example.com", 22))).code).to.equal(4);
    expect((await bySocks([5, 1, 0, 1, 127, 0, 0, 1, 1, 187])).code).to.equal(8);
    expect((await bySocks([5, 2, 0, 3])).code).to.equal(7);
  });

  it("says that a host whose server is down refuses", async () => {
    names.publish("down.example.com", 9);
    expect((await byConnect("down.example.com:443")).status).to.equal(502);
    expect((await bySocks(to("down.example.com", 443))).code).to.equal(5);
  });

  it("takes no plain requests", async () => {
    const status = await new Promise((resolve) => {
      get(
        { host: "127.0.0.1", port: proxy.port, path: "http://known.example.com/", agent: false },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
    });
    expect(status).to.equal(405);
  });

  it("shows a plain server under a public name with a certificate, until it is stopped", async () => {
    const authority = await Authority.open(join(home, "pki"));
    const target = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;
    const front = new HttpsFront(
      { host: "git.example.com", target, names },
      await authority.server("git", ["git.example.com"]),
    );
    await front.start();
    const network = new Network(names, authority.certificate);
    const answer = await network.request("https://git.example.com/a/b.git?x=1", {
      method: "POST",
      body: "text",
    });
    expect(answer.body.toString()).to.equal("POST /a/b.git?x=1");
    await front.stop();
    const error = await network.request("https://git.example.com/").catch((reason: Error) => reason);
    expect(error).to.have.property("message", "getaddrinfo ENOTFOUND git.example.com");
  });
});
