import type { Caller } from "../access";
import { ApiError } from "../errors";
import type { Service } from "../service";

/** A call of the REST API, authenticated. */
export interface ApiCall {
  caller: Caller;
  /** What the `{…}` parts of the path stand for, decoded. */
  params: Record<string, string>;
  /** The JSON sent; undefined without one. */
  body: unknown;
}

export interface Answer {
  status: number;
  body?: unknown;
}

/** One call of GitHub's REST API, named in its documentation's words. */
export interface Action {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path under `/api/v3`. `{name}` is one segment, `{name+}` at the end everything that is left. */
  path: string;
  /** The page that describes it, for `documentation_url`. @example "repos/forks#create-a-fork" */
  documentation: string;
  run(service: Service, call: ApiCall): Answer | Promise<Answer>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const noContent: Answer = { status: 204 };

/** The repository's part of a path. */
export const at = (params: Record<string, string>): [owner: string, name: string] => [
  params.owner ?? "",
  params.repo ?? "",
];

/** The caller's login, for calls that nobody makes anonymously. */
export function requireLogin(call: ApiCall): string {
  if (call.caller.login === undefined) throw new ApiError(401, "Requires authentication");
  return call.caller.login;
}
