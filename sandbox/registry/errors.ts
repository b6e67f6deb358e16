import type { ServerResponse } from "node:http";

/** A refusal in the form that registry clients read ("OCI Distribution Specification", error codes). */
export class RegistryError extends Error {
  constructor(
    readonly status: number,
    readonly code:
      | "DENIED"
      | "MANIFEST_INVALID"
      | "MANIFEST_UNKNOWN"
      | "NAME_UNKNOWN"
      | "SIZE_INVALID"
      | "TAG_INVALID"
      | "UNAUTHORIZED"
      | "UNAVAILABLE"
      | "UNSUPPORTED",
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }

  send(response: ServerResponse): void {
    const body = JSON.stringify({ errors: [{ code: this.code, message: this.message }] });
    response.writeHead(this.status, { "content-type": "application/json; charset=utf-8", ...this.headers });
    response.end(body);
  }
}
