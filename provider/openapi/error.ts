/**
 * The one error that leaves this provider: a sentence that names the operation, what the cloud answered, and what to do.
 *
 * Alibaba Cloud tells failures in three ways: an HTTP status with `Code` and `Message` (the gateway, adcp, cs), HTTP 200
 * with `IsSuccess: false` and a `Code` (business errors of the Container Registry), or no answer at all.
 */
import { type Action, operations } from "./operations";

/** What kind of failure it is; decides about retries, and about whether a read means "gone". */
export type ErrorKind =
  | "throttled"
  | "unavailable"
  | "unreachable"
  | "not-found"
  | "forbidden"
  | "bad-credentials"
  | "source-account-not-bound"
  | "rejected"
  | "timed-out"
  | "cancelled";

/** What is known about one failed call. */
export interface Failure {
  action: Action;
  code?: string;
  message?: string;
  statusCode?: number;
  requestId?: string;
  /** Host that was called, for failures without an answer. */
  host?: string;
  /** The request had left, or may have: a create that failed so may have succeeded. */
  replyLost?: boolean;
}

export class CloudError extends Error {
  override readonly name = "CloudError";

  constructor(
    readonly kind: ErrorKind,
    message: string,
    readonly failure?: Failure,
  ) {
    super(message);
  }

  /** Whether the same call may succeed a moment later. */
  get transient(): boolean {
    return this.kind === "throttled" || this.kind === "unavailable" || this.kind === "unreachable";
  }

  /** The error of a failed call, its kind found from status, code and message. */
  static of(failure: Failure): CloudError {
    const kind = kindOf(failure);
    return new CloudError(kind, sentence(failure, kind), failure);
  }

  /** The same failure after the last attempt: says how often it was tried. */
  exhausted(attempts: number): CloudError {
    if (attempts < 2) return this;
    return new CloudError(this.kind, `${this.message} Tried ${attempts} times.`, this.failure);
  }
}

/** Whether the error says that the thing asked for doesn't exist (any more). */
export function isGone(error: unknown): boolean {
  return error instanceof CloudError && error.kind === "not-found";
}

/** Awaits a call; `undefined` when the thing asked for doesn't exist. */
export async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function kindOf({ code = "", message = "", statusCode = 0, replyLost, host }: Failure): ErrorKind {
  // No document gives the code for a registry without a bound source account, hence the net instead of a name.
  if (/SOURCE.*(ACCOUNT|BIND|AUTH)/i.test(code)) return "source-account-not-bound";
  if (/source (code )?account.*(not|isn't|no).*(bound|bind|exist|authori)/i.test(message))
    return "source-account-not-bound";
  if (
    /^(InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSecurityToken|InvalidCredentials|IncompleteSignature)/i.test(
      code,
    )
  )
    return "bad-credentials";
  if (/throttl|^TooManyRequests|^ServiceBusy/i.test(code) || statusCode === 429) return "throttled";
  if (
    /^(NoPrivilege|NoPermission|Forbidden|StatusForbidden|UnauthorizedOperation)/i.test(code) ||
    statusCode === 403
  )
    return "forbidden";
  if (/not_?exist|not_?found/i.test(code) || statusCode === 404) return "not-found";
  if (
    /^(SystemError|InternalError|InternalServerError|ServiceUnavailable|SLB_SERVICE_ERROR|INSTANCE_STATUS_NOT_SUPPORT)$/i.test(
      code,
    )
  )
    return "unavailable";
  if (statusCode >= 500) return "unavailable";
  if (replyLost !== undefined || host !== undefined) return "unreachable";
  return "rejected";
}

function sentence(failure: Failure, kind: ErrorKind): string {
  const { product } = operations[failure.action];
  const answer = [failure.code, failure.message].filter(Boolean).join(": ") || "no reason given";
  const where = [
    failure.statusCode ? `HTTP ${failure.statusCode}` : undefined,
    failure.requestId ? `request id ${failure.requestId}` : undefined,
  ].filter(Boolean);
  const facts = where.length > 0 ? ` (${where.join(", ")})` : "";
  return `${product} ${failure.action} failed: ${answer.replace(/\.$/, "")}${facts}. ${remedy(failure, kind)}`;
}

function remedy(failure: Failure, kind: ErrorKind): string {
  const { product, ramAction } = operations[failure.action];
  switch (kind) {
    case "forbidden":
      return `Allow the RAM action ${ramAction} for the user or role whose credentials are used.`;
    case "bad-credentials":
      return "Check the access key, its secret and, for temporary credentials, the security token.";
    case "source-account-not-bound":
      return (
        "The source code account is not bound to this registry instance, which only the console can do: " +
        "instance -> Repository -> Code Source -> Bind Account. Then run `pulumi up` again; it goes on from here."
      );
    case "throttled":
      return "Alibaba Cloud limits the rate of this call. Run the command again later, or with a smaller --parallel.";
    case "unavailable":
      return "The service has a problem of its own. Run the command again later; quote the request id to support.";
    case "unreachable":
      return (
        `No answer from ${failure.host}. Check the region, the network and the proxy; ` +
        `ALIBABA_CLOUD_ENDPOINT_${product.toUpperCase()} overrides the host.`
      );
    case "not-found":
      return "If it was deleted by hand, `pulumi refresh` takes note of that.";
    default:
      return `The code is explained at https://api.alibabacloud.com/troubleshoot?product=${product}.`;
  }
}
