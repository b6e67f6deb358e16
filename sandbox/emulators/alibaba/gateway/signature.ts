import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { ApiError } from "./errors";
import type { GatewayRequest } from "./request";

/** The one identity that the emulated account knows. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Only for temporary credentials. */
  readonly securityToken?: string;
}

/** How far a request's clock may be off ("RPC request and signature": 15 minutes). */
const clockTolerance = 15 * 60 * 1000;

/**
 * Checks signatures of both kinds in use: V1 (HMAC-SHA1 over the sorted parameters, sent as parameters) and V3
 * (ACS3-HMAC-SHA256 over the canonical request, sent as headers).
 */
export class SignatureCheck {
  private readonly nonces = new Map<string, number>();

  constructor(private readonly credentials: Credentials) {}

  /** @throws ApiError as the gateway does, HTTP 400 or 404 */
  verify(request: GatewayRequest): void {
    const authorization = request.header("authorization");
    if (authorization?.startsWith("ACS3-HMAC-SHA256 ")) this.verifyV3(request, authorization);
    else this.verifyV1(request);
  }

  private verifyV1(request: GatewayRequest): void {
    const { parameters } = request;
    this.knows(parameters.get("AccessKeyId"), parameters.get("SecurityToken"));
    const signature = parameters.get("Signature");
    if (!signature) {
      throw new ApiError(
        400,
        "IncompleteSignature",
        "The request signature does not conform to Aliyun standards.",
      );
    }
    this.fresh(parameters.get("Timestamp"), parameters.get("SignatureNonce"));
    const canonical = sortedQuery([...parameters].filter(([name]) => name !== "Signature"));
    const stringToSign = `${request.method}&${encode("/")}&${encode(canonical)}`;
    const expected = createHmac("sha1", `${this.credentials.accessKeySecret}&`)
      .update(stringToSign)
      .digest("base64");
    if (!same(expected, signature)) throw mismatch(stringToSign);
  }

  private verifyV3(request: GatewayRequest, authorization: string): void {
    const part = (name: string) => new RegExp(`[ ,]${name}=([^,]+)`).exec(authorization)?.[1] ?? "";
    this.knows(part("Credential"), request.header("x-acs-security-token"));
    this.fresh(request.header("x-acs-date"), request.header("x-acs-signature-nonce"));
    const payloadHash = createHash("sha256").update(request.body).digest("hex");
    if (request.header("x-acs-content-sha256") !== payloadHash) {
      throw mismatch("x-acs-content-sha256 is not the hash of the body");
    }
    const signed = part("SignedHeaders").split(";");
    const canonical = [
      request.method,
      request.path,
      sortedQuery([...request.query]),
      ...signed.map((name) => `${name}:${(request.header(name) ?? "").trim()}`),
      "",
      signed.join(";"),
      payloadHash,
    ].join("\n");
    const stringToSign = `ACS3-HMAC-SHA256\n${createHash("sha256").update(canonical).digest("hex")}`;
    const expected = createHmac("sha256", this.credentials.accessKeySecret)
      .update(stringToSign)
      .digest("hex");
    if (!same(expected, part("Signature"))) throw mismatch(stringToSign);
  }

  private knows(accessKeyId: string | undefined, securityToken: string | undefined): void {
    if (!accessKeyId) {
      throw new ApiError(400, "MissingAccessKeyId", "AccessKeyId is mandatory for this action.");
    }
    if (accessKeyId !== this.credentials.accessKeyId) {
      throw new ApiError(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
    }
    if ((securityToken ?? "") !== (this.credentials.securityToken ?? "")) {
      throw new ApiError(400, "InvalidSecurityToken.Malformed", "The specified SecurityToken is malformed.");
    }
  }

  private fresh(time: string | undefined, nonce: string | undefined): void {
    const now = Date.now();
    const at = Date.parse(time ?? "");
    if (Number.isNaN(at) || Math.abs(now - at) > clockTolerance) {
      throw new ApiError(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
    }
    for (const [old, until] of this.nonces) if (until < now) this.nonces.delete(old);
    if (!nonce || this.nonces.has(nonce)) {
      throw new ApiError(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
    }
    this.nonces.set(nonce, now + 2 * clockTolerance);
  }
}

function mismatch(stringToSign: string): ApiError {
  return new ApiError(
    400,
    "SignatureDoesNotMatch",
    `Specified signature is not matched with our calculation. server string to sign is:${stringToSign}`,
  );
}

/** Sorted by name alone: sorting whole pairs would put `Tag.10` before `Tag.1`. */
function sortedQuery(pairs: [string, string][]): string {
  return pairs
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join("&");
}

/** RFC 3986 percent-encoding. */
function encode(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function same(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}
