import type { IncomingMessage, ServerResponse } from "node:http";
import type { RegistryAccount } from "./account";
import { RegistryError } from "./errors";
import type { Grant, Right, Tokens } from "./tokens";

/**
 * Gives out bearer tokens, as `dockerauth.<region>.aliyuncs.com` does ("Token Authentication Specification" of the
 * distribution project). The service of an Enterprise Edition instance carries its id:
 * `registry.aliyuncs.com:<region>:china:<instance id>`.
 *
 * A login that is wrong is refused; a right that the caller doesn't have is left out of the token, and the registry
 * then refuses the token.
 */
export class TokenService {
  constructor(
    private readonly account: RegistryAccount,
    private readonly tokens: Tokens,
  ) {}

  static hosts(region: string): { internet: string; vpc: string } {
    return { internet: `dockerauth.${region}.aliyuncs.com`, vpc: `dockerauth-vpc.${region}.aliyuncs.com` };
  }

  /** The header that tells a client where it gets a token. @param scope like `repository:<path>:pull,push` */
  challenge(instanceId: string, network: "internet" | "vpc", scope?: string, error?: string): string {
    const parts = [
      `realm="https://${TokenService.hosts(this.account.region)[network]}/auth"`,
      `service="${this.serviceOf(instanceId)}"`,
      ...(scope ? [`scope="${scope}"`] : []),
      ...(error ? [`error="${error}"`] : []),
    ];
    return `Bearer ${parts.join(",")}`;
  }

  async answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? "/", "https://dockerauth");
    if (url.pathname !== "/auth")
      throw new RegistryError(404, "UNSUPPORTED", `no such page: ${url.pathname}`);
    if (message.method !== "GET") {
      throw new RegistryError(405, "UNSUPPORTED", "tokens are asked for with GET", { allow: "GET" });
    }
    const instanceId = this.instanceOf(url.searchParams.get("service") ?? "");
    const login = basicLogin(message.headers.authorization);
    if (login && !(await this.account.isLogin(instanceId, login.user, login.password))) {
      throw new RegistryError(
        401,
        "UNAUTHORIZED",
        "authentication required: the user name or password is wrong",
      );
    }
    const scopes = url.searchParams.getAll("scope").flatMap((each) => each.split(" "));
    const access = scopes.flatMap((scope) => this.granted(instanceId, scope, login !== undefined));
    const token = this.tokens.issue({ instanceId, user: login?.user ?? "", access });
    response.writeHead(200, {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
    });
    response.end(
      JSON.stringify({
        token,
        access_token: token,
        expires_in: this.tokens.lifetime,
        issued_at: `${new Date().toISOString().slice(0, 19)}Z`,
      }),
    );
  }

  private granted(instanceId: string, scope: string, loggedIn: boolean): Grant["access"] {
    const [, name = "", wanted = ""] = /^repository(?:\([^)]*\))?:([^:]+):([a-z,*]+)$/.exec(scope) ?? [];
    const repository = this.account.repository(instanceId, name);
    const creatable = loggedIn && this.account.createsByPush(instanceId, name);
    const allowed: Right[] = [];
    if (loggedIn ? repository || creatable : repository?.anonymousPull) allowed.push("pull");
    if (loggedIn && (repository || creatable)) allowed.push("push");
    const all = wanted.split(",");
    const actions = allowed.filter((each) => all.includes(each) || all.includes("*"));
    return actions.length > 0 ? [{ name, actions }] : [];
  }

  private serviceOf(instanceId: string): string {
    return `registry.aliyuncs.com:${this.account.region}:china:${instanceId}`;
  }

  private instanceOf(service: string): string {
    const instanceId = service.split(":").at(-1) ?? "";
    if (service !== this.serviceOf(instanceId)) {
      throw new RegistryError(400, "UNSUPPORTED", `unknown service ${JSON.stringify(service)}`);
    }
    return instanceId;
  }
}

/** @throws RegistryError for a header that is no basic login: nobody who sends one means to be anonymous */
function basicLogin(header: string | undefined): { user: string; password: string } | undefined {
  if (header === undefined) return undefined;
  const [, encoded] = /^basic\s+(\S+)$/i.exec(header) ?? [];
  const text = Buffer.from(encoded ?? "", "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) throw new RegistryError(401, "UNAUTHORIZED", "authentication required");
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
