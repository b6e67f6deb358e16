import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request of the control surface: a JSON value in, a JSON value out. */
export type ControlHandler = (body: unknown) => unknown | Promise<unknown>;

/**
 * Serves the daemon's control surface on a free loopback port: `POST /<name>` with a JSON body and the bearer
 * token of this sandbox. It is not part of the emulated clouds; the program never sees it.
 */
export async function serveControl(
  token: string,
  handlers: Record<string, ControlHandler>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const answer = (status: number, value: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value ?? null));
    try {
      if (!authorised(request, token)) return answer(401, { error: "wrong or missing control token" });
      const handler = handlers[(request.url ?? "").slice(1)];
      if (!handler) return answer(404, { error: `no such request: ${request.url}` });
      return answer(200, await handler(await body(request)));
    } catch (error) {
      return answer(500, { error: (error as Error).message });
    }
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function authorised(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function body(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text ? JSON.parse(text) : undefined;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
