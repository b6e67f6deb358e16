import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, NamedRequest, Network } from "../network/request";
import type { Blob } from "./image";

/** Pushes to one repository of a registry that gives out bearer tokens ("OCI Distribution Specification"). */
export class RegistryPush {
  #token: string | undefined;

  /** @param repository `<namespace>/<name>` */
  constructor(
    private readonly network: Network,
    private readonly host: string,
    private readonly repository: string,
    private readonly login: { user: string; password: string },
    private readonly signal: AbortSignal,
  ) {}

  /** @returns whether it was there already */
  async blob({ digest, bytes }: Blob): Promise<boolean> {
    const known = await this.#ask(`blobs/${digest}`, { method: "HEAD" });
    if (known.status === 200) return true;
    const begun = await this.#ask("blobs/uploads/", { method: "POST" });
    expectStatus(begun, 202);
    const upload = new URL(String(begun.headers.location), `https://${this.host}`);
    upload.searchParams.set("digest", digest);
    const sent = await this.#send(upload.href, {
      method: "PUT",
      headers: { "content-type": "application/octet-stream" },
      body: bytes,
    });
    expectStatus(sent, 201);
    return false;
  }

  /** @param reference a tag, or the manifest's digest */
  async manifest({ mediaType, bytes }: Blob, reference: string): Promise<void> {
    const headers = { "content-type": mediaType };
    expectStatus(await this.#ask(`manifests/${reference}`, { method: "PUT", headers, body: bytes }), 201);
  }

  #ask(path: string, request: NamedRequest): Promise<Answer> {
    return this.#send(`https://${this.host}/v2/${this.repository}/${path}`, request);
  }

  async #send(address: string, request: NamedRequest): Promise<Answer> {
    this.#token ??= await this.#fetchToken();
    const headers = { ...request.headers, authorization: `Bearer ${this.#token}` };
    const answer = await this.#patiently(address, { ...request, headers });
    if (answer.status === 401) throw new Error("denied: requested access to the resource is denied");
    return answer;
  }

  async #fetchToken(): Promise<string> {
    const refused = await this.#patiently(`https://${this.host}/v2/`, {});
    const challenge = String(refused.headers["www-authenticate"] ?? "");
    const [, realm] = /realm="([^"]+)"/.exec(challenge) ?? [];
    const [, service] = /service="([^"]+)"/.exec(challenge) ?? [];
    if (!realm || !service) throw new Error(`${this.host} doesn't say where to log in`);
    const address = new URL(realm);
    address.searchParams.set("service", service);
    address.searchParams.set("scope", `repository:${this.repository}:pull,push`);
    const basic = Buffer.from(`${this.login.user}:${this.login.password}`).toString("base64");
    const answer = await this.#patiently(address.href, { headers: { authorization: `Basic ${basic}` } });
    expectStatus(answer, 200);
    return (JSON.parse(answer.body.toString("utf8")) as { token: string }).token;
  }

  /** A registry that is being restarted is waited for, as docker does when it pushes. */
  async #patiently(address: string, request: NamedRequest): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.network
        .request(address, { ...request, signal: this.signal })
        .catch((error: Error) => error);
      this.signal.throwIfAborted();
      const failed = answer instanceof Error || answer.status >= 500;
      if (!failed) return answer;
      if (attempt === 8) {
        if (answer instanceof Error) throw answer;
        return answer;
      }
      await sleep(attempt * 300, undefined, { signal: this.signal });
    }
  }
}

function expectStatus({ status, body }: Answer, wanted: number): void {
  if (status === wanted) return;
  throw new Error(reasonIn(body) ?? `the registry answered HTTP ${status}`);
}

/** `denied: …` as docker prints the first error of a refusal. */
function reasonIn(body: Buffer): string | undefined {
  try {
    const { errors } = JSON.parse(body.toString("utf8")) as { errors?: { code: string; message: string }[] };
    const first = errors?.[0];
    return first && `${first.code.toLowerCase()}: ${first.message}`;
  } catch {
    return undefined;
  }
}
