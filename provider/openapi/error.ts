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
  /** Host that was called, for failures without an answer. A create that failed so may have succeeded. */
  host?: string;
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

/** The first row whose pattern matches the code, or whose status is the reply's, says what kind of failure it is. */
const KINDS: readonly [kind: ErrorKind, code: RegExp, isStatus?: (status: number) => boolean][] = [
  // No document gives the code for a registry without a bound source account, hence the net instead of a name. What is
  // said about a "resource" is something else.
  ["source-account-not-bound", /(?<!re)SOURCE.*(ACCOUNT|BIND|AUTH)/i],
  [
    "bad-credentials",
    /^(InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSecurityToken|InvalidCredentials|Incomplete)/i,
  ],
  ["throttled", /throttl|^TooManyRequests|^ServiceBusy/i, (status) => status === 429],
  [
    "forbidden",
    /^(NoPrivilege|NoPermission|Forbidden|StatusForbidden|Unauthorized)/i,
    (status) => status === 403,
  ],
  // About the call, not about what it asks for: `InvalidAction.NotFound`.
  ["rejected", /^InvalidAction/i],
  ["not-found", /not_?(exist|found|bound)/i, (status) => status === 404],
  // The last two: an endpoint or an instance that is still being made ready.
  [
    "unavailable",
    /^(SystemError|Internal(Server)?Error|ServiceUnavailable|SLB_SERVICE_ERROR|INSTANCE_STATUS_NOT_SUPPORT)$/i,
    (status) => status >= 500,
  ],
];

function kindOf({ code = "", message = "", statusCode = 0, host }: Failure): ErrorKind {
  if (/source (code )?account.*(not|isn't|no).*(bound|bind|exist|authori)/i.test(message)) {
    return "source-account-not-bound";
  }
  const row = KINDS.find(([, pattern, isStatus]) => pattern.test(code) || isStatus?.(statusCode));
  return row?.[0] ?? (host === undefined ? "rejected" : "unreachable");
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
      return "Check the names and ids that were given; if something was deleted by hand, run `pulumi up --refresh`.";
    default:
      return `The code is explained at https://api.alibabacloud.com/troubleshoot?product=${product}.`;
  }
}
