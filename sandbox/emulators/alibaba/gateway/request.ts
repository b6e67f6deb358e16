import type { IncomingMessage } from "node:http";
import { invalid } from "./errors";

/** A request as it came in; which product it is for is not known yet. */
export interface GatewayRequest {
  readonly method: string;
  /** The path as sent, still percent-encoded. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Query and form together, plus the members of a JSON body as text; a JSON array as a whole is `body`. */
  readonly parameters: ReadonlyMap<string, string>;
  /** `x-acs-action`, else the parameter `Action`; empty for REST style requests without either. */
  readonly action: string;
  /** `x-acs-version`, else the parameter `Version`. */
  readonly version: string;
  readonly host: string;
  header(name: string): string | undefined;
}

/** Reads a request to its end. */
export async function readRequest(message: IncomingMessage): Promise<GatewayRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const url = new URL(message.url ?? "/", "http://gateway");
  const query = new Map(url.searchParams);
  const header = (name: string) => {
    const value = message.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(",") : value;
  };
  const parameters = new Map([...query, ...readBody(body, header("content-type") ?? "")]);
  return {
    method: message.method ?? "GET",
    path: url.pathname,
    query,
    body,
    parameters,
    action: header("x-acs-action") ?? parameters.get("Action") ?? "",
    version: header("x-acs-version") ?? parameters.get("Version") ?? "",
    host: header("host") ?? "",
    header,
  };
}

function readBody(body: Buffer, contentType: string): Map<string, string> {
  if (body.length === 0) return new Map();
  if (!contentType.startsWith("application/json")) {
    return new Map(new URLSearchParams(body.toString("utf8")));
  }
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw invalid("body", "it is not JSON");
  }
  if (Array.isArray(value)) return new Map([["body", JSON.stringify(value)]]);
  const members = typeof value === "object" && value !== null ? value : {};
  return new Map(
    Object.entries(members).map(([name, each]) => [
      name,
      typeof each === "string" ? each : JSON.stringify(each),
    ]),
  );
}
