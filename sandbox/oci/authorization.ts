import { type RegistryError, refusal } from "./errors";
import type { Requester } from "./requester";

export interface Credentials {
  user: string;
  password: string;
}

/**
 * Who we are to a registry, as its `www-authenticate` header asks for it: a bearer token of its token service for one
 * repository, or basic authentication. Nothing is sent before the registry asks.
 *
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export class Authorization {
  readonly #requester: Requester;
  readonly #credentials: Credentials | undefined;
  /** Header by scope; a promise, so that requests at once share one token. */
  readonly #headers = new Map<string, Promise<string | undefined>>();

  constructor(requester: Requester, credentials?: Credentials) {
    this.#requester = requester;
    this.#credentials = credentials;
  }

  /** The header for this scope, when the registry has asked before. */
  async known(scope: string): Promise<string | undefined> {
    return this.#headers.get(scope);
  }

  /**
   * The header that answers a challenge.
   *
   * @param scope `repository:<name>:pull`
   * @returns `undefined` when nothing can be answered: an unknown scheme, or basic without credentials
   * @throws RegistryError when the token service refuses
   */
  async answer(challenge: string, scope: string): Promise<string | undefined> {
    const header = this.#header(challenge, scope);
    this.#headers.set(scope, header);
    header.catch(() => this.#headers.delete(scope));
    return header;
  }

  async #header(challenge: string, scope: string): Promise<string | undefined> {
    const scheme = /^(\w+)/.exec(challenge)?.[1]?.toLowerCase();
    if (scheme === "basic") return this.#basic();
    if (scheme !== "bearer") return undefined;
    const { realm, service } = parameters(challenge);
    if (!realm) return undefined;
    const url = new URL(realm);
    if (service) url.searchParams.set("service", service);
    url.searchParams.set("scope", scope);
    if (this.#credentials) url.searchParams.set("account", this.#credentials.user);
    const basic = this.#basic();
    const { status, body } = await this.#requester.request(String(url), {
      headers: basic === undefined ? {} : { authorization: basic },
    });
    if (status !== 200) throw refusal(status, body) satisfies RegistryError;
    const token = readToken(body);
    if (token === undefined) throw new Error(`${realm} answered without a token`);
    return `Bearer ${token}`;
  }

  #basic(): string | undefined {
    if (this.#credentials === undefined) return undefined;
    const { user, password } = this.#credentials;
    return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  }
}

function parameters(challenge: string): Record<string, string> {
  const found = [...challenge.matchAll(/(\w+)="([^"]*)"/g)];
  return Object.fromEntries(found.map(([, name, value]) => [name, value]));
}

function readToken(body: Buffer): string | undefined {
  try {
    const { token, access_token } = JSON.parse(body.toString("utf8")) as Record<string, string>;
    return token || access_token || undefined;
  } catch {
    return undefined;
  }
}
