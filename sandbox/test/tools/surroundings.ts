import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { create } from "tar";
import { type EnsureOptions, Ensuring } from "../../tools/ensure";
import type { ToolEvent } from "../../tools/events";
import type { EnsuredTool, Tool } from "../../tools/tool";

/** What a test made and has to be gone after it. */
const leftovers: (() => Promise<unknown>)[] = [];

/** To be called by `afterEach` of every suite that uses this file. */
export async function cleanUp(): Promise<void> {
  for (const remove of leftovers.splice(0).reverse()) await remove();
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ackone-tools-"));
  leftovers.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** In place of a content: the connection breaks after the first bytes. */
export const breaksOff = -1;

export interface Mirror {
  url: string;
  /** `GET /dl.k8s.io/…` in the order of arrival. */
  requests: string[];
}

/**
 * A server with the layout of the official hosts.
 * @param files by host and path (`dl.k8s.io/release/…`): content, or the status of a refusal, or {@link breaksOff};
 *   everything else is 404
 */
export async function startMirror(files: Record<string, Buffer | string | number>): Promise<Mirror> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const content = files[request.url!.slice(1)] ?? 404;
    if (content === breaksOff && request.method === "GET") {
      response.writeHead(200, { "content-length": "1000" });
      response.write("something", () => response.destroy());
    } else {
      const [status, body] = typeof content === "number" ? [content, ""] : [200, content];
      // The engine refuses a plugin whose length the server doesn't tell.
      response.writeHead(content === breaksOff ? 200 : status, { "content-length": Buffer.byteLength(body) });
      response.end(request.method === "HEAD" ? undefined : body);
    }
  });
  return { url: await listen(server), requests };
}

/** A server that takes every connection and never says a word. */
export async function startSilentServer(): Promise<string> {
  return listen(createServer(() => {}));
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  leftovers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A `.tar.gz` of executable scripts. */
export async function archiveOf(files: Record<string, string>): Promise<Buffer> {
  const folder = await temporaryFolder();
  for (const [path, content] of Object.entries(files)) await script(join(folder, "content", path), content);
  const file = join(folder, "archive.tar.gz");
  await create({ file, gzip: true, cwd: join(folder, "content") }, Object.keys(files));
  return readFile(file);
}

export async function script(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  await chmod(path, 0o755);
}

export interface FakeGo {
  /** Environment whose PATH has this `go` and the system's small tools, and no other Go. */
  env: NodeJS.ProcessEnv;
  /** How often it was asked to build. */
  builds(): Promise<number>;
}

/**
 * A `go` that "builds" a script which prints `built`.
 * @param build shell commands that run in place of the compilation
 */
export async function fakeGo(build = ""): Promise<FakeGo> {
  const folder = await temporaryFolder();
  const log = join(folder, "log");
  await writeFile(log, "");
  await script(join(folder, "bin", "go"), fakeGoScript.replaceAll("LOG", log).replace("BUILD", build));
  return {
    env: { PATH: `${join(folder, "bin")}:${pathWithoutGo}` },
    builds: async () => (await readFile(log, "utf8")).split("\n").filter((line) => line === "build").length,
  };
}

const fakeGoScript = `#!/bin/sh
echo "$1" >> LOG
case "$1" in
  env) if [ "$2" = GOVERSION ]; then echo go1.26.0; else echo /tmp; fi ;;
  list) printf 'example.com/one\\nexample.com/two\\n' ;;
  build)
    while [ $# -gt 0 ]; do if [ "$1" = -o ]; then out=$2; fi; shift; done
    echo example.com/one >&2
    BUILD
    printf '#!/bin/sh\\necho built\\n' > "$out" && chmod +x "$out" ;;
esac
`;

const pathWithoutGo = "/usr/bin:/bin";

/** Folder of this package, for scripts that run in a process of their own. */
export const sandboxFolder = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Obtains the tools of a catalog made for a test, and keeps what was reported. */
export async function ensure(
  catalog: Record<string, Tool>,
  options: Partial<EnsureOptions> & { env: NodeJS.ProcessEnv },
  names = Object.keys(catalog),
): Promise<{ tools: Record<string, EnsuredTool>; events: ToolEvent[] }> {
  const events: ToolEvent[] = [];
  const cacheDir = options.cacheDir ?? (await temporaryFolder());
  const ensuring = new Ensuring(catalog, { ...options, cacheDir, report: (event) => events.push(event) });
  return { tools: await ensuring.all(names), events };
}

/** The error that a promise fails with; a promise that succeeds fails the test. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error("expected a failure");
    },
    (error: Error) => error,
  );
}
