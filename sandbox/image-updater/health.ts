import { createServer, type Server } from "node:http";

/** Answers `GET /healthz` on the loopback interface while the process lives. */
export async function startHealthServer(port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const isHealth = request.url === "/healthz";
    response.writeHead(isHealth ? 200 : 404, { "content-type": "text/plain" });
    response.end(isHealth ? "OK!\n" : "404 page not found\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}
