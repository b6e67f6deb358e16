import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Authority } from "../../kubernetes/pki";
import { NameBook } from "../../network/names";
import { Network } from "../../network/request";

export const host = "acme-registry.cn-hangzhou.cr.aliyuncs.com";
const tokenHost = "dockerauth.cn-hangzhou.aliyuncs.com";
const blobHost = "acme-blobs.oss-cn-hangzhou.aliyuncs.com";
const ociIndex = "application/vnd.oci.image.index.v1+json";
const ociImage = "application/vnd.oci.image.manifest.v1+json";

export interface PushedImage {
  /** RFC 3339, or nonsense to try that. */
  created?: string;
  platform?: string;
  entrypoint?: string[];
  labels?: Record<string, string>;
}

/** A small registry behind TLS with public names: manifests and configs in memory, no layers. */
export class OciServer {
  readonly home = mkdtempSync(join(tmpdir(), "oci-"));
  readonly namesFile = join(this.home, "names.json");
  readonly caFile = join(this.home, "ca", "ca.crt");
  readonly names = new NameBook(this.namesFile);
  /** Method and path of every request, and who asked for tokens. */
  readonly calls: string[] = [];
  /** How it asks who somebody is. */
  scheme: "bearer" | "basic" | "none" = "none";
  /** `user:password`; tokens that were given for another one are no longer good. */
  login = "robot:first";
  /** Tags a page. */
  pageSize = 100;
  /** Whether blobs are in another place. */
  redirectsBlobs = false;
  network!: Network;
  readonly #blobs = new Map<string, Buffer>();
  readonly #types = new Map<string, string>();
  readonly #tags = new Map<string, Map<string, string>>();
  readonly #tokens = new Map<string, string>();
  #server!: Server;

  async start(): Promise<this> {
    const authority = await Authority.open(join(this.home, "ca"));
    const { cert, key } = await authority.server("registry", [host, tokenHost, blobHost]);
    this.#server = createServer({ cert, key }, (request, response) => this.#serve(request, response));
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const { port } = this.#server.address() as AddressInfo;
    for (const name of [host, tokenHost, blobHost]) this.names.publish(name, port);
    this.network = new Network(this.names, authority.certificate);
    return this;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
    rmSync(this.home, { recursive: true, force: true });
  }

  /** @returns the digest of the manifest */
  push(repository: string, tag: string, image: PushedImage = {}): string {
    return this.#tag(repository, tag, this.#image(image));
  }

  /** Several images under one tag, with what BuildKit adds about how they were made. */
  pushIndex(repository: string, tag: string, images: PushedImage[]): string {
    const manifests = images.map((image) => {
      const [os, architecture, variant] = (image.platform ?? "linux/amd64").split("/");
      return { mediaType: ociImage, digest: this.#image(image), platform: { os, architecture, variant } };
    });
    const attestation = {
      mediaType: ociImage,
      digest: `sha256:${"0".repeat(64)}`,
      platform: { os: "unknown", architecture: "unknown" },
    };
    const index = { schemaVersion: 2, mediaType: ociIndex, manifests: [...manifests, attestation] };
    return this.#tag(repository, tag, this.#store(index, ociIndex));
  }

  /** A tag whose manifest is gone. */
  pushBroken(repository: string, tag: string): void {
    this.#tag(repository, tag, `sha256:${"f".repeat(64)}`);
  }

  remove(repository: string, tag: string): void {
    this.#tags.get(repository)?.delete(tag);
  }

  #image({ created = "2026-01-01T00:00:00Z", platform = "linux/amd64", ...rest }: PushedImage): string {
    const [os, architecture, variant] = platform.split("/");
    const config = { Entrypoint: rest.entrypoint, Cmd: null, Env: ["A=b"], Labels: rest.labels };
    const stored = this.#store({ os, architecture, variant, created, config, id: randomUUID() });
    const descriptor = { mediaType: "application/vnd.oci.image.config.v1+json", digest: stored, size: 1 };
    return this.#store({ schemaVersion: 2, mediaType: ociImage, config: descriptor, layers: [] }, ociImage);
  }

  #store(content: object, type = "application/octet-stream"): string {
    const bytes = Buffer.from(JSON.stringify(content));
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    this.#blobs.set(digest, bytes);
    this.#types.set(digest, type);
    return digest;
  }

  #tag(repository: string, tag: string, digest: string): string {
    const tags = this.#tags.get(repository) ?? new Map<string, string>();
    this.#tags.set(repository, tags.set(tag, digest));
    return digest;
  }

  #serve(request: IncomingMessage, response: ServerResponse): unknown {
    const url = new URL(request.url ?? "/", `https://${request.headers.host}`);
    this.calls.push(`${request.method} ${url.pathname}`);
    const given = request.headers.authorization;
    if (url.host === tokenHost) return this.#serveToken(url, given, response);
    if (url.host === blobHost) {
      if (given !== undefined) return refuse(response, 400, "UNSUPPORTED", "credentials at a foreign place");
      return this.#serveBlob(url.pathname.split("/").at(-1)!, response);
    }
    const match = /^\/v2\/(.+)\/(tags|manifests|blobs)\/([^/]+)$/.exec(url.pathname);
    if (match === null) return refuse(response, 404, "NAME_UNKNOWN", "no such page");
    const [, repository = "", kind, reference = ""] = match;
    if (!this.#mayPull(repository, given)) return this.#challenge(repository, response);
    if (kind === "blobs") {
      if (this.redirectsBlobs) {
        return response.writeHead(307, { location: `https://${blobHost}/${reference}` }).end();
      }
      return this.#serveBlob(reference, response);
    }
    const tags = this.#tags.get(repository);
    if (tags === undefined)
      return refuse(response, 404, "NAME_UNKNOWN", "repository name not known to registry");
    if (kind === "tags") return this.#serveTags(repository, [...tags.keys()], url, response);
    const digest = tags.get(reference) ?? reference;
    const type = this.#types.get(digest);
    if (type === undefined) return refuse(response, 404, "MANIFEST_UNKNOWN", "manifest unknown");
    if (type === ociIndex && !request.headers.accept?.includes(ociIndex)) {
      const message = "OCI index found, but accept header does not support OCI indexes";
      return refuse(response, 404, "MANIFEST_UNKNOWN", message);
    }
    return response.writeHead(200, { "content-type": type }).end(this.#blobs.get(digest));
  }

  #serveTags(repository: string, tags: string[], url: URL, response: ServerResponse): unknown {
    const from = tags.indexOf(url.searchParams.get("last") ?? "") + 1;
    const page = tags.slice(from, from + this.pageSize);
    const more = from + page.length < tags.length;
    const link = `</v2/${repository}/tags/list?last=${page.at(-1)}>; rel="next"`;
    response.writeHead(200, { "content-type": "application/json", ...(more && { link }) });
    return response.end(JSON.stringify({ name: repository, tags: page }));
  }

  #serveBlob(digest: string, response: ServerResponse): unknown {
    const bytes = this.#blobs.get(digest);
    if (bytes === undefined) return refuse(response, 404, "BLOB_UNKNOWN", "blob unknown to registry");
    return response.writeHead(200).end(bytes);
  }

  #mayPull(repository: string, given: string | undefined): boolean {
    if (this.scheme === "none") return true;
    if (this.scheme === "basic") return given === basic(this.login);
    return this.#tokens.get(given ?? "") === `${this.login} repository:${repository}:pull`;
  }

  #challenge(repository: string, response: ServerResponse): void {
    const scope = `repository:${repository}:pull`;
    const bearer = `Bearer realm="https://${tokenHost}/auth",service="registry",scope="${scope}"`;
    response.setHeader("www-authenticate", this.scheme === "basic" ? 'Basic realm="registry"' : bearer);
    refuse(response, 401, "UNAUTHORIZED", "authentication required");
  }

  #serveToken(url: URL, given: string | undefined, response: ServerResponse): unknown {
    this.calls.push(`token ${url.searchParams.get("scope")} ${url.searchParams.get("account")}`);
    if (given !== basic(this.login)) return refuse(response, 401, "UNAUTHORIZED", "wrong password");
    const token = randomUUID();
    this.#tokens.set(`Bearer ${token}`, `${this.login} ${url.searchParams.get("scope")}`);
    return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ token }));
  }
}

const basic = (login: string) => `Basic ${Buffer.from(login).toString("base64")}`;

function refuse(response: ServerResponse, status: number, code: string, message: string): unknown {
  response.writeHead(status, { "content-type": "application/json" });
  return response.end(JSON.stringify({ errors: [{ code, message }] }));
}
