/**
 * Errors as the OpenAPI gateway sends them. Codes and statuses of this file are those of Alibaba Cloud's
 * "Common error codes" page; what a product adds stands next to the rule that raises it.
 */

/** An error with an HTTP status; the body is `{RequestId, HostId, Code, Message}`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Further members of the body. */
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

/**
 * A refusal by a product that answers HTTP 200 with `IsSuccess: false` (cr). Clients have to look at the body:
 * the status says nothing.
 */
export class BusinessError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export const missing = (name: string) =>
  new ApiError(400, `Missing${name.replace(/\W/g, "")}`, `${name} is mandatory for this action.`);

export const invalid = (name: string, why: string) =>
  new ApiError(400, "InvalidParameter", `The specified parameter ${name} is not valid: ${why}.`);

export const unknownAction = () =>
  new ApiError(
    404,
    "InvalidAction.NotFound",
    "Specified api is not found, please check your url and method.",
  );

export const unknownVersion = () =>
  new ApiError(400, "InvalidVersion", "Specified parameter Version is not valid.");

export const throttled = () =>
  new ApiError(400, "Throttling.User", "Request was denied due to user flow control.");
