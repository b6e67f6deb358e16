import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { TLSSocket } from "node:tls";
import type { RegistryAccount, RegistryHost, RegistryRepository } from "./account";
import { RegistryError } from "./errors";
import { listTags, manifestAddress, putManifest } from "./manifests";
import { rightFor, type Target, targetOf } from "./routes";
import type { ContentStore } from "./store";
import { TokenService } from "./token-service";
import type { Right, Tokens } from "./tokens";

export interface GatewayOptions {
  account: RegistryAccount;
  tokens: Tokens;
  store: ContentStore;
  tls: { key: string; cert: string };
  /** Whether its callers are build machines of the registry: those get through whatever endpoints are on. */
  internal: boolean;
  onError: (error: Error) => void;
}

/**
 * The registry as clients see it: TLS under the host names of the account's instances, bearer tokens, and only the
 * repositories and tags that the account has. Contents come from the store behind it.
 */
export class RegistryGateway {
  readonly #server: Server;
  readonly #service: TokenService;

  constructor(private readonly options: GatewayOptions) {
    this.#service = new TokenService(options.account, options.tokens);
    this.#server = createServer(
      {
        ...options.tls,
        // A host that is switched off has nobody who listens: the connection ends before anything is said.
        SNICallback: (name, done) =>
          done(this.#reachable(name) ? null : new Error(`${name} is switched off`)),
      },
      (message, response) => this.#serve(message, response),
    );
    this.#server.on("tlsClientError", () => {}); // clients that don't trust the authority, or met a closed host
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", resolve);
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #serve(message: IncomingMessage, response: ServerResponse): void {
    const host = (message.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
    // One connection, one host: a connection to an open host must not be a way to a closed one.
    const named = (message.socket as TLSSocket).servername === host;
    if (!named || !this.#reachable(host)) {
      message.socket.destroy();
      return;
    }
    response.setHeader("docker-distribution-api-version", "registry/2.0");
    this.#answer(host, message, response).catch((error: Error) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else if (error instanceof RegistryError) error.send(response);
      else {
        this.options.onError(error);
        response.writeHead(500).end();
      }
    });
  }

  #reachable(name: string): boolean {
    const { account, internal } = this.options;
    if (this.#isTokenService(name)) return true;
    const host = account.host(name);
    return host !== undefined && (host.open || internal);
  }

  #isTokenService(name: string): boolean {
    return Object.values(TokenService.hosts(this.options.account.region)).includes(name);
  }

  async #answer(name: string, message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#isTokenService(name)) return this.#service.answer(message, response);
    const host = this.options.account.host(name);
    if (!host) return; // it was there a moment ago
    const url = new URL(message.url ?? "/", `https://${name}`);
    if (url.pathname === "/v2/" || url.pathname === "/v2") {
      this.#requireToken(host, message);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
      return;
    }
    const target = targetOf(url.pathname);
    if (!target) throw new RegistryError(404, "UNSUPPORTED", `no such address: ${url.pathname}`);
    const right = rightFor(message.method ?? "GET", target);
    if (!right) throw new RegistryError(405, "UNSUPPORTED", "the operation is unsupported");
    this.#requireToken(host, message, { path: target.path, right });
    await this.#perform(target, this.#repository(host, target.path, right), url, message, response);
  }

  async #perform(
    target: Target,
    repository: RegistryRepository,
    url: URL,
    message: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { store } = this.options;
    const named = { path: target.path, repository };
    const way = { id: repository.id, path: target.path };
    if (target.kind === "tags") return listTags(url.searchParams, response, named);
    if (target.kind === "manifest") {
      if (message.method === "PUT") return putManifest(message, response, named, target.reference, store);
      return store.forward(message, response, { ...way, target: manifestAddress(named, target.reference) });
    }
    // A mount names another repository by its name, which the store doesn't know; without it the blob is uploaded.
    for (const name of ["mount", "from"]) url.searchParams.delete(name);
    const query = url.searchParams.size > 0 ? `?${url.searchParams}` : "";
    return store.forward(message, response, {
      ...way,
      target: `/v2/${repository.id}/${target.rest}${query}`,
    });
  }

  #repository(host: RegistryHost, path: string, right: Right): RegistryRepository {
    const { account } = this.options;
    const found = account.repository(host.instanceId, path);
    if (found) return found;
    if (right === "push" && account.createsByPush(host.instanceId, path)) {
      return account.createByPush(host.instanceId, path);
    }
    throw new RegistryError(404, "NAME_UNKNOWN", `repository name not known to registry: ${path}`);
  }

  /** @throws RegistryError 401 with the challenge that tells where to get a token */
  #requireToken(
    { instanceId, network }: RegistryHost,
    message: IncomingMessage,
    wanted?: { path: string; right: Right },
  ): void {
    const actions = wanted?.right === "push" ? "pull,push" : "pull";
    const scope = wanted && `repository:${wanted.path}:${actions}`;
    const [, token] = /^bearer\s+(\S+)$/i.exec(message.headers.authorization ?? "") ?? [];
    const grant = token === undefined ? undefined : this.options.tokens.read(token);
    const refuse = (error?: string) =>
      new RegistryError(401, "UNAUTHORIZED", "authentication required", {
        "www-authenticate": this.#service.challenge(instanceId, network, scope, error),
      });
    if (!grant || grant.instanceId !== instanceId) throw refuse(token && "invalid_token");
    // `/v2/` is how `docker login` tries a login; a token without one is worth nothing there.
    if (!wanted) {
      if (grant.user === "") throw refuse();
      return;
    }
    const allowed = grant.access.some(
      ({ name, actions: rights }) => name === wanted.path && rights.includes(wanted.right),
    );
    if (!allowed) throw refuse("insufficient_scope");
  }
}
