import type { Right } from "./tokens";

/** What a request is about ("OCI Distribution Specification", endpoints). */
export type Target =
  | { kind: "manifest"; path: string; reference: string }
  | { kind: "tags"; path: string }
  /** Blobs, uploads and referrers go to the store as they are; `rest` follows the repository in the address. */
  | { kind: "content"; path: string; rest: string };

const word = "[a-z0-9]+(?:[._-]+[a-z0-9]+)*";
const address = new RegExp(
  `^/v2/(${word}(?:/${word})+)/(?:manifests/([^/]+)|(tags/list)|((?:blobs|referrers)/.+))$`,
);

/** Undefined for an address that ACR doesn't have, such as the catalog of all repositories. */
export function targetOf(pathname: string): Target | undefined {
  const [, path, reference, tags, rest] = address.exec(pathname) ?? [];
  if (path === undefined) return undefined;
  if (tags !== undefined) return { kind: "tags", path };
  if (reference !== undefined) return { kind: "manifest", path, reference };
  return { kind: "content", path, rest: rest ?? "" };
}

/** What the caller must be allowed; undefined for a method that nobody may use, like DELETE: tags go by the API. */
export function rightFor(method: string, target: Target): Right | undefined {
  if (method === "GET" || method === "HEAD") {
    return target.kind === "content" && target.rest.startsWith("blobs/uploads") ? "push" : "pull";
  }
  return ["POST", "PATCH", "PUT"].includes(method) && target.kind !== "tags" ? "push" : undefined;
}
