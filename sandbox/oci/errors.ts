/**
 * A registry's refusal, in the words of the distribution client: `unauthorized: authentication required`,
 * `manifest unknown: manifest unknown`.
 */
export class RegistryError extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    /** e.g. `UNAUTHORIZED`, `MANIFEST_UNKNOWN`, `NAME_UNKNOWN`, `DENIED`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** Whether it is about who asks, and not about what is asked for. */
  get isAboutAccess(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

/** The error in an answer: its first entry, as the distribution API writes them, else its status. */
export function refusal(status: number, body: Buffer): RegistryError {
  const { code, message } = firstError(body) ?? {};
  const fallback = codes[status] ?? "UNKNOWN";
  const words = (code ?? fallback).toLowerCase().replaceAll("_", " ");
  return new RegistryError(status, code ?? fallback, `${words}: ${message ?? `HTTP status ${status}`}`);
}

const codes: Record<number, string> = { 401: "UNAUTHORIZED", 403: "DENIED", 429: "TOOMANYREQUESTS" };

function firstError(body: Buffer): { code?: string; message?: string } | undefined {
  try {
    const { errors, details } = JSON.parse(body.toString("utf8")) as {
      errors?: { code?: string; message?: string }[];
      details?: string;
    };
    // A token service answers with `details` instead.
    return errors?.[0] ?? (details === undefined ? undefined : { message: details });
  } catch {
    return undefined;
  }
}
