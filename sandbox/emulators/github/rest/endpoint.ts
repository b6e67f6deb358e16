import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError, type FieldError, notFound } from "../errors";
import type { Exchange } from "../server";
import type { Service } from "../service";
import type { Answer, ApiCall } from "./action";
import { route } from "./router";

const documentationRoot = "https://docs.github.com/rest";
const bodyLimit = 1024 * 1024;

/** GitHub's hourly allowance for a user ("Rate limits for the REST API"). Told, not enforced: faults do that. */
const hourlyCalls = 5000;

/** Serves the REST API: reads the call, finds its action, dresses the outcome as GitHub does. */
export class RestEndpoint {
  private readonly used = new Map<string, number>();

  constructor(private readonly service: Service) {}

  /** @param path without `/api/v3` and without the query */
  async serve(exchange: Exchange, path: string): Promise<void> {
    const { request, response } = exchange;
    const found = route(request.method ?? "GET", path);
    try {
      exchange.body = await readJson(request);
      const fault = await exchange.meetFault();
      const caller = this.service.access.identify(request.headers.authorization);
      exchange.login = caller.login;
      this.setHeaders(response, caller.login);
      if (fault?.rateLimit) throw rateLimited(fault.rateLimit);
      if (fault?.status !== undefined) throw new ApiError(fault.status, fault.message ?? "Server Error");
      if (!found) throw notFound();
      const call: ApiCall = { caller, params: found.params, body: exchange.body };
      const answer = await found.action.run(this.service, call);
      if (await exchange.mayAnswer(fault)) send(request, response, answer);
    } catch (error) {
      if (exchange.dropped) return;
      const refusal = error instanceof ApiError ? error : crashed(error);
      for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
      sendJson(response, refusal.status, refusalBody(refusal, found?.action.documentation));
    }
  }

  private setHeaders(response: ServerResponse, login: string | undefined): void {
    const key = login ?? "";
    const used = Math.min((this.used.get(key) ?? 0) + 1, hourlyCalls - 1);
    this.used.set(key, used);
    const hour = 3600;
    const reset = (Math.floor(Date.now() / 1000 / hour) + 1) * hour;
    response.setHeader(
      "X-GitHub-Request-Id",
      randomBytes(10)
        .toString("hex")
        .toUpperCase()
        .replace(/(.{4})(.{6})/, "$1:$2:"),
    );
    response.setHeader("X-GitHub-Media-Type", "github.v3; format=json");
    response.setHeader("X-RateLimit-Limit", String(hourlyCalls));
    response.setHeader("X-RateLimit-Remaining", String(hourlyCalls - used));
    response.setHeader("X-RateLimit-Used", String(used));
    response.setHeader("X-RateLimit-Reset", String(reset));
    response.setHeader("X-RateLimit-Resource", "core");
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > bodyLimit) throw new ApiError(413, "Payload Too Large");
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString("utf8").trim();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, "Problems parsing JSON");
  }
}

/** Answers, with an ETag where the caller may ask again ("Best practices", conditional requests). */
function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (answer.body === undefined) {
    response.writeHead(answer.status).end();
    return;
  }
  if (request.method === "GET") {
    const etag = `"${createHash("sha256").update(JSON.stringify(answer.body)).digest("hex")}"`;
    response.setHeader("ETag", etag);
    response.setHeader("Cache-Control", "private, max-age=60, s-maxage=60");
    if (matches(request.headers["if-none-match"], etag)) {
      response.writeHead(304).end();
      return;
    }
  }
  sendJson(response, answer.status, answer.body);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Content-Length", Buffer.byteLength(text));
  response.writeHead(status).end(text);
}

const matches = (header: string | undefined, etag: string): boolean | undefined =>
  header?.split(",").some((one) => one.trim().replace(/^W\//, "") === etag);

function refusalBody(refusal: ApiError, documentation: string | undefined) {
  const body: { message: string; errors?: FieldError[]; documentation_url: string; status: string } = {
    message: refusal.message,
    documentation_url: documentation ? `${documentationRoot}/${documentation}` : documentationRoot,
    status: String(refusal.status),
  };
  if (refusal.errors) body.errors = refusal.errors;
  if (refusal.headers["Retry-After"]) {
    body.documentation_url = `${documentationRoot}/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits`;
  }
  return body;
}

function rateLimited(limit: { status: number; retryAfter: number }): ApiError {
  const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  return new ApiError(limit.status, message, undefined, { "Retry-After": String(limit.retryAfter) });
}

function crashed(error: unknown): ApiError {
  console.error(error);
  return new ApiError(500, "Server Error");
}
