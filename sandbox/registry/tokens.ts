import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

export type Right = "pull" | "push";

/** What a bearer token lets its holder do. */
export interface Grant {
  instanceId: string;
  /** Empty for somebody without a login. */
  user: string;
  /** By `<namespace>/<name>`. */
  access: { name: string; actions: Right[] }[];
}

interface Claims extends Grant {
  /** Seconds since 1970. */
  exp: number;
}

/** Signs and reads bearer tokens: JSON Web Tokens that only this registry has to understand. */
export class Tokens {
  readonly #key: Buffer;

  /**
   * @param keyFile made when missing; kept, so that tokens survive a restart
   * @param lifetime seconds
   */
  constructor(
    keyFile: string,
    readonly lifetime: number,
  ) {
    if (!existsSync(keyFile)) writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
    this.#key = readFileSync(keyFile);
  }

  issue(grant: Grant): string {
    const claims: Claims = { ...grant, exp: Math.floor(Date.now() / 1000) + this.lifetime };
    const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
    return `${text}.${this.#sign(text)}`;
  }

  /** The grant of a valid token; undefined for one that is forged, cut off or expired. */
  read(token: string): Grant | undefined {
    const [header = "", claims = "", signature = ""] = token.split(".");
    const expected = Buffer.from(this.#sign(`${header}.${claims}`));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const grant = JSON.parse(Buffer.from(claims, "base64url").toString("utf8")) as Claims;
    return grant.exp * 1000 > Date.now() ? grant : undefined;
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64url");
  }
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
