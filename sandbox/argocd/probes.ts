import { type ClientRequest, get as httpGet, type IncomingMessage } from "node:http";
import { get as httpsGet } from "node:https";
import { connect } from "node:net";
import type { Probe } from "../supervisor";

/** Milliseconds that one question may take. */
const patience = 3000;

/** Whether `GET http://127.0.0.1:<port><path>` is answered with 200. */
export function answersHttp(port: number, path: string): Probe {
  return () => answer((done) => httpGet({ host: "127.0.0.1", port, path, agent: false }, done));
}

/** The same over TLS, with a certificate of this authority (PEM). */
export function answersHttps(port: number, path: string, ca: string): Probe {
  return () => answer((done) => httpsGet({ host: "127.0.0.1", port, path, ca, agent: false }, done));
}

/** Whether anything listens on the port. */
export function listens(port: number): Probe {
  return () => converse(port, undefined);
}

/** Whether a Redis server takes the password. */
export function answersRedis(port: number, password: string): Probe {
  const words = ["AUTH", password].map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return () => converse(port, `*2\r\n${words.join("")}`);
}

function answer(ask: (done: (response: IncomingMessage) => void) => ClientRequest) {
  return new Promise<string | undefined>((resolve, reject) => {
    const call = ask((response) => {
      response.resume();
      resolve(response.statusCode === 200 ? undefined : `HTTP ${response.statusCode}`);
    });
    call.once("error", reject);
    call.setTimeout(patience, () => call.destroy(new Error("no answer")));
  });
}

/** Connects, and unless there is nothing to say, says it and expects `+OK`. */
function converse(port: number, words: string | undefined) {
  return new Promise<string | undefined>((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port });
    const end = (seen: string | undefined) => {
      socket.destroy();
      resolve(seen);
    };
    socket.setTimeout(patience, () => end("no answer"));
    socket.once("error", reject);
    socket.once("connect", () => (words === undefined ? end(undefined) : socket.write(words)));
    socket.once("data", (data) => end(data.toString().startsWith("+OK") ? undefined : data.toString()));
    socket.once("close", () => end("the connection was closed"));
  });
}
