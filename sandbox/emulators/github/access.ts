import { timingSafeEqual } from "node:crypto";
import { ApiError, notFound } from "./errors";
import type { Owner, Repository } from "./types";

/** Who calls: a user, or nobody in particular. */
export interface Caller {
  /** Undefined for an anonymous call. */
  login?: string;
}

/** Decides who a caller is and what he may do: what GitHub's organisations and collaborators come to here. */
export class Access {
  readonly owners: readonly Owner[];
  private tokens: readonly { token: string; login: string }[];

  /**
   * @param tokens personal access tokens; every login is a user account of its own
   * @param owners the accounts that own repositories; a bare name is an organisation with all of these users
   */
  constructor(tokens: readonly { token: string; login: string }[], owners: (string | Owner)[]) {
    this.tokens = [...tokens];
    const logins = [...new Set(tokens.map((one) => one.login))];
    const given = owners.map(
      (one): Owner => (typeof one === "string" ? { login: one, type: "Organization", members: logins } : one),
    );
    const users = logins
      .filter((login) => !given.some((one) => same(one.login, login)))
      .map((login): Owner => ({ login, type: "User", members: [login] }));
    this.owners = [...given, ...users];
  }

  /** A further token of a user, as made on the page of personal access tokens. */
  addToken(token: string, login: string): void {
    this.tokens = [...this.tokens, { token, login }];
  }

  /** Calls with it are refused from now on. */
  revokeToken(token: string): void {
    this.tokens = this.tokens.filter((one) => !equal(one.token, token));
  }

  owner(login: string): Owner | undefined {
    return this.owners.find((one) => same(one.login, login));
  }

  /**
   * Reads an Authorization header: `token T`, `Bearer T`, or basic with the token as password (any user name,
   * usually `x-access-token`) or as user name with an empty password. No header is an anonymous call.
   *
   * @throws 401 Bad credentials for anything else
   */
  identify(header: string | undefined): Caller {
    if (!header) return {};
    const [, scheme = "", value = ""] = /^(\S+)\s+(.+)$/.exec(header.trim()) ?? [];
    const offered = scheme.toLowerCase() === "basic" ? tokenOfBasic(value) : value;
    const known = this.tokens.find((one) => equal(one.token, offered));
    if (!known || !["basic", "bearer", "token"].includes(scheme.toLowerCase())) {
      throw new ApiError(401, "Bad credentials");
    }
    return { login: known.login };
  }

  canWrite(caller: Caller, repository: { owner: string }): boolean {
    const { login } = caller;
    if (login === undefined) return false;
    return this.owner(repository.owner)?.members.some((member) => same(member, login)) ?? false;
  }

  canRead(caller: Caller, repository: Repository): boolean {
    return repository.visibility === "public" || this.canWrite(caller, repository);
  }

  /** GitHub hides what a caller can't read (404) and says so where he can only read (403). */
  requireAdmin(caller: Caller, repository: Repository): void {
    if (!this.canRead(caller, repository)) throw notFound();
    if (caller.login === undefined) throw new ApiError(401, "Requires authentication");
    if (!this.canWrite(caller, repository)) throw new ApiError(403, "Must have admin rights to Repository.");
  }
}

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

function tokenOfBasic(value: string): string {
  const text = Buffer.from(value, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return "";
  const password = text.slice(colon + 1);
  return password === "" || password === "x-oauth-basic" ? text.slice(0, colon) : password;
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
