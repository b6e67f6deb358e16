import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Github, type GithubOptions, startGithub } from "../../emulators/github/index";
import { GitError, git, isolatedEnvironment } from "../../git";

export const botToken = "ghp_bot_token_0000000000000000000000000000";
export const strangerToken = "ghp_stranger_token_00000000000000000000000";

/** One emulator in a folder of its own: `samples` only to read, `acme` for the bot, `stranger` a user of his own. */
export class World {
  readonly home = mkdtempSync(join(tmpdir(), "github-"));
  github!: Github;
  private folders = 0;

  async start(options: Partial<GithubOptions> = {}): Promise<this> {
    this.github = await startGithub({
      home: join(this.home, "state"),
      tokens: [
        { token: botToken, login: "acme-bot" },
        { token: strangerToken, login: "stranger" },
      ],
      owners: [
        { login: "samples", type: "Organization", members: [] },
        { login: "acme", type: "Organization", members: ["acme-bot"] },
      ],
      forkDelay: 20,
      ...options,
    });
    return this;
  }

  async stop(): Promise<void> {
    await this.github.stop();
    rmSync(this.home, { recursive: true, force: true });
  }

  /** An empty folder that goes away with the world. */
  folder(files: Record<string, string> = {}): string {
    this.folders += 1;
    const folder = mkdtempSync(join(this.home, `folder-${this.folders}-`));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  }

  /** A repository of `samples` with one file. */
  async sample(name: string): Promise<void> {
    await this.github.addRepository(`samples/${name}`, this.folder({ "README.md": `# ${name}\n` }));
  }

  /** A call of the REST API. The bot's token unless another one, or none (""), is given. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    token = botToken,
    headers: Record<string, string> = {},
  ) {
    const response = await fetch(`${this.github.url}/api/v3${path}`, {
      method,
      headers: { ...(token ? { authorization: `token ${token}` } : {}), ...headers },
      body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text ? JSON.parse(text) : undefined) as Json,
    };
  }

  /** A fork of a sample in `acme`, with its content. */
  async fork(name: string): Promise<void> {
    const { status } = await this.call("POST", `/repos/samples/${name}/forks`, {
      organization: "acme",
      name,
    });
    if (status !== 202) throw new Error(`fork answered ${status}`);
    await this.github.settled();
  }

  url(fullName: string, credentials = ""): string {
    return `${this.github.url.replace("//", `//${credentials && `${credentials}@`}`)}/${fullName}.git`;
  }

  /** Clones and returns the folder. */
  async clone(fullName: string, credentials = ""): Promise<string> {
    const folder = this.folder();
    await client(["clone", "--quiet", this.url(fullName, credentials), folder]);
    return folder;
  }

  /** Commits one file and returns the commit's id. */
  async commit(folder: string, file: string, text: string): Promise<string> {
    writeFileSync(join(folder, file), text);
    await client(["-C", folder, "add", "--all"]);
    await client(["-C", folder, "commit", "--quiet", "-m", `Change ${file}`]);
    return (await client(["-C", folder, "rev-parse", "HEAD"])).trim();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
export type Json = any;

/** git as a user has it, but without this machine's configuration. */
export function client(args: string[]): Promise<string> {
  const who = { GIT_AUTHOR_NAME: "Ann", GIT_AUTHOR_EMAIL: "ann@example.com" };
  const committer = { GIT_COMMITTER_NAME: "Ann", GIT_COMMITTER_EMAIL: "ann@example.com" };
  return git(args, { env: { ...isolatedEnvironment(), ...who, ...committer }, timeout: 60_000 });
}

/** What git says when it refuses; fails the test when it doesn't. */
export async function refusal(args: string[]): Promise<string> {
  try {
    await client(args);
  } catch (error) {
    if (error instanceof GitError) return error.output;
    throw error;
  }
  throw new Error(`git ${args.join(" ")} succeeded`);
}

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A webhook's receiver. */
export async function receiver(status = 200) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
