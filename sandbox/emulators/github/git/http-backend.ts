import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { isolatedEnvironment } from "../../../git";
import type { RefChange } from "./push";

/** A request of Git's smart HTTP protocol, already allowed. */
export interface GitRequest {
  /** Folder that holds the bare repositories, and the name of this one in it. */
  folder: string;
  repository: string;
  /** "/info/refs", "/git-upload-pack" or "/git-receive-pack". */
  action: string;
  query: string;
  login?: string;
}

/**
 * Answers git clients through git's own `http-backend`. What a push changed comes from a `post-receive` hook
 * that git itself calls with exactly the refs that moved; the hook lives outside the repositories, so that none
 * of them can bring its own.
 */
export class HttpBackend {
  private readonly running = new Set<ChildProcess>();
  private readonly hooks: string;
  private readonly reports: string;

  constructor(home: string) {
    this.hooks = join(home, "hooks");
    this.reports = join(home, "pushes");
    rmSync(this.reports, { recursive: true, force: true });
    mkdirSync(this.hooks, { recursive: true });
    mkdirSync(this.reports, { recursive: true });
    const report =
      '#!/bin/sh\n# Reports the refs that a push moved to the emulator.\nexec cat > "$SANDBOX_PUSH_REPORT"\n';
    writeFileSync(join(this.hooks, "post-receive"), report, { mode: 0o755 });
  }

  /** Serves one request; gives back what it changed, when git has finished. The response is left for the caller to end. */
  async serve(call: GitRequest, request: IncomingMessage, response: ServerResponse): Promise<RefChange[]> {
    return this.work(call, request, (output) => relay(output, response));
  }

  /** Does the work of a request, and gives back what it changed and the answer, of which nobody has heard yet. */
  async workInSilence(call: GitRequest, request: IncomingMessage) {
    const chunks: Buffer[] = [];
    const keep = async (output: Readable) => {
      for await (const chunk of output) chunks.push(chunk as Buffer);
    };
    const changes = await this.work(call, request, keep);
    return { changes, answer: (response: ServerResponse) => relay(Readable.from(chunks), response) };
  }

  private async work(
    call: GitRequest,
    request: IncomingMessage,
    hear: (output: Readable) => Promise<void>,
  ): Promise<RefChange[]> {
    const folder = mkdtempSync(join(this.reports, "push-"));
    const report = join(folder, "refs");
    try {
      await this.run(this.environment(call, request, report), request, hear);
      return readReport(report);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Kills what still runs. */
  stop(): void {
    for (const child of this.running) child.kill("SIGKILL");
  }

  private environment(call: GitRequest, request: IncomingMessage, report: string): Record<string, string> {
    const settings = {
      "core.hooksPath": this.hooks,
      "http.receivepack": "true",
      "uploadpack.allowFilter": "true",
      "uploadpack.allowAnySHA1InWant": "true",
      "receive.denyDeleteCurrent": "refuse",
      "gc.auto": "0",
      "safe.directory": "*",
    };
    const header = (name: string) => String(request.headers[name] ?? "");
    const env: Record<string, string> = {
      ...isolatedEnvironment(),
      GIT_PROJECT_ROOT: call.folder,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: `/${call.repository}${call.action}`,
      QUERY_STRING: call.query,
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: header("content-type"),
      REMOTE_ADDR: "127.0.0.1",
      SANDBOX_PUSH_REPORT: report,
      GIT_CONFIG_COUNT: String(Object.keys(settings).length),
    };
    Object.entries(settings).forEach(([key, value], index) => {
      env[`GIT_CONFIG_KEY_${index}`] = key;
      env[`GIT_CONFIG_VALUE_${index}`] = value;
    });
    if (call.login !== undefined) env.REMOTE_USER = call.login;
    // Without a length (chunked) the backend reads to the end; an empty variable would mean zero.
    if (header("content-length")) env.CONTENT_LENGTH = header("content-length");
    if (header("content-encoding")) env.HTTP_CONTENT_ENCODING = header("content-encoding");
    if (header("git-protocol")) env.GIT_PROTOCOL = header("git-protocol");
    return env;
  }

  private run(
    env: Record<string, string>,
    request: IncomingMessage,
    hear: (output: Readable) => Promise<void>,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const child = spawn("git", ["http-backend"], { env, stdio: ["pipe", "pipe", "ignore"] });
      this.running.add(child);
      child.stdin.on("error", () => {}); // the backend may end without reading everything
      request.pipe(child.stdin);
      request.on("close", () => child.stdin.end());
      const heard = hear(child.stdout);
      child.on("error", reject);
      child.on("close", () => {
        this.running.delete(child);
        heard.then(resolve, reject);
      });
    });
  }
}

/**
 * Passes on the backend's answer but for its end: CGI headers up to an empty line, then the body as it comes. Reads it to its end also
 * when the client has left: the backend must not wait for it.
 */
async function relay(from: Readable, response: ServerResponse): Promise<void> {
  let head = Buffer.alloc(0);
  const closed = new Promise((resolve) => response.once("close", resolve));
  const pass = async (chunk: Buffer) => {
    if (response.destroyed || response.write(chunk)) return;
    await Promise.race([closed, new Promise((resolve) => response.once("drain", resolve))]);
  };
  for await (const chunk of from as AsyncIterable<Buffer>) {
    if (response.headersSent) {
      await pass(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const lines = head.subarray(0, end).toString("latin1").split("\r\n");
    const headers = lines.map((line) => [
      line.slice(0, line.indexOf(":")),
      line.slice(line.indexOf(":") + 1).trim(),
    ]);
    const status = headers.find(([name]) => name === "Status")?.[1];
    for (const [name = "", value = ""] of headers) if (name !== "Status") response.setHeader(name, value);
    response.writeHead(status ? Number.parseInt(status, 10) : 200);
    await pass(head.subarray(end + 4));
  }
  if (!response.headersSent) response.writeHead(500);
}

function readReport(file: string): RefChange[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return []; // nothing was pushed
  }
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [before = "", after = "", ref = ""] = line.split(" ");
      return { ref, before, after };
    });
}
