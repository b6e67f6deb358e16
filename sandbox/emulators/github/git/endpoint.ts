import type { ServerResponse } from "node:http";
import { basename, dirname } from "node:path";
import type { Caller } from "../access";
import { ApiError } from "../errors";
import type { Exchange } from "../server";
import type { Service } from "../service";
import { fullName, type Repository } from "../types";
import type { HttpBackend } from "./http-backend";
import type { RefChange } from "./push";

/** A refusal in the plain text that git shows to its user. */
class GitRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Serves Git's smart HTTP protocol at `/<owner>/<name>.git`. Public repositories are read without a token; every
 * push needs a token of somebody who may write, as password of basic authentication with any user name.
 */
export class GitEndpoint {
  constructor(
    private readonly service: Service,
    private readonly backend: HttpBackend,
  ) {}

  /** @param path without the query. @example "/acme/echo-server.git/info/refs" */
  async serve(exchange: Exchange, path: string, query: string): Promise<void> {
    const { request, response } = exchange;
    try {
      const fault = await exchange.meetFault();
      if (fault?.rateLimit) {
        response.setHeader("Retry-After", String(fault.rateLimit.retryAfter));
        throw new GitRefusal(fault.rateLimit.status, "Too many requests");
      }
      if (fault?.status !== undefined) throw new GitRefusal(fault.status, fault.message ?? "Server Error");
      const { owner, name, action, writes } = parse(request.method ?? "GET", path, query);
      const caller = this.identify(request.headers.authorization);
      exchange.login = caller.login;
      const repository = this.authorise(caller, owner, name, writes);
      const folder = this.service.folderOf(repository);
      const call = {
        folder: dirname(folder),
        repository: basename(folder),
        action,
        query,
        login: caller.login,
      };
      const tell = (changes: RefChange[]) =>
        this.service.refsChanged(repository, changes, caller.login ?? "");
      // No client hears of its push before everybody else is told: the answer ends last.
      if (fault?.replyDelay || fault?.lostReply) {
        const { changes, answer } = await this.backend.workInSilence(call, request);
        tell(changes);
        if (!(await exchange.mayAnswer(fault))) return;
        await answer(response);
      } else {
        tell(await this.backend.serve(call, request, response));
      }
      response.end();
    } catch (error) {
      if (exchange.dropped) return;
      refuse(response, error);
    }
  }

  private identify(header: string | undefined): Caller {
    try {
      return this.service.access.identify(header);
    } catch (error) {
      if (error instanceof ApiError) throw new GitRefusal(401, "Invalid username or token.");
      throw error;
    }
  }

  private authorise(caller: Caller, owner: string, name: string, writes: boolean): Repository {
    const repository = this.service.store.find(owner, name);
    const { access } = this.service;
    if (!repository || !access.canRead(caller, repository)) {
      // Whoever is nobody is asked who he is, so that the answer doesn't tell what exists.
      throw caller.login === undefined
        ? new GitRefusal(401, "Authentication required")
        : new GitRefusal(404, "Repository not found.");
    }
    if (!writes) return repository;
    if (caller.login === undefined) throw new GitRefusal(401, "Authentication required");
    if (!access.canWrite(caller, repository)) {
      throw new GitRefusal(403, `Permission to ${fullName(repository)}.git denied to ${caller.login}.`);
    }
    if (repository.archived) throw new GitRefusal(403, "This repository was archived so it is read-only.");
    return repository;
  }
}

function parse(method: string, path: string, query: string) {
  const found = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/.exec(
    path,
  );
  if (!found) throw new GitRefusal(404, "Not Found");
  const [, owner = "", name = "", action = ""] = found;
  const discovery = action === "/info/refs";
  if (method !== (discovery ? "GET" : "POST")) throw new GitRefusal(405, "Method Not Allowed");
  const service = discovery ? new URLSearchParams(query).get("service") : action.slice(1);
  if (service !== "git-upload-pack" && service !== "git-receive-pack") {
    throw new GitRefusal(403, "Please upgrade your git client. The dumb protocol is not served.");
  }
  return { owner, name, action, writes: service === "git-receive-pack" };
}

function refuse(response: ServerResponse, error: unknown): void {
  const refusal = error instanceof GitRefusal ? error : new GitRefusal(500, "Server Error");
  if (!(error instanceof GitRefusal)) console.error(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (refusal.status === 401) response.setHeader("WWW-Authenticate", 'Basic realm="GitHub"');
  // Without this, git would have to send a whole pack before it hears "no".
  response.setHeader("Connection", "close");
  response
    .writeHead(refusal.status, { "Content-Type": "text/plain; charset=utf-8" })
    .end(`${refusal.message}\n`);
}
