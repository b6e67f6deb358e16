import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type PushedImage, type RegistryRepository, TagImmutable } from "./account";
import { RegistryError } from "./errors";
import type { ContentStore } from "./store";

/** The limit that the specification suggests for manifests. */
const maximumSize = 4 * 1024 * 1024;
const isDigest = (reference: string) => /^sha256:[0-9a-f]{64}$/.test(reference);
const isTag = (reference: string) => /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(reference);

/** A repository of the account under its name. */
export interface NamedRepository {
  path: string;
  repository: RegistryRepository;
}

/**
 * Stores a manifest under its digest and, when it was pushed by tag, lets the tag name it. The tag comes last: one
 * that can be seen can be pulled.
 */
export async function putManifest(
  message: IncomingMessage,
  response: ServerResponse,
  { path, repository }: NamedRepository,
  reference: string,
  store: ContentStore,
): Promise<void> {
  const body = await readBody(message);
  const digest = isDigest(reference) ? reference : digestOf(body);
  if (!isDigest(reference)) refuseTag(path, repository, reference, digest);
  const stored = await store.call(
    "PUT",
    `/v2/${repository.id}/manifests/${digest}`,
    { "content-type": message.headers["content-type"] ?? "application/vnd.oci.image.manifest.v1+json" },
    body,
  );
  if (stored.status === 201 && !isDigest(reference)) {
    try {
      repository.tag(reference, imageOf(digest, body));
    } catch (error) {
      throw asRefusal(error); // somebody else's push of the same tag was faster
    }
  }
  const created = stored.status === 201;
  const { "content-type": type, "oci-subject": subject } = stored.headers;
  response.writeHead(stored.status, {
    ...(created && { location: `/v2/${path}/manifests/${reference}`, "docker-content-digest": digest }),
    ...(type && { "content-type": type }),
    ...(subject && { "oci-subject": subject }),
    "content-length": stored.body.length,
  });
  response.end(stored.body);
}

/** @throws RegistryError MANIFEST_UNKNOWN for a tag that isn't there */
export function manifestAddress({ path, repository }: NamedRepository, reference: string): string {
  const digest = isDigest(reference) ? reference : repository.digestOf(reference);
  if (!digest) throw new RegistryError(404, "MANIFEST_UNKNOWN", `${path} has no tag ${reference}`);
  return `/v2/${repository.id}/manifests/${digest}`;
}

/** All tags, or `n` of them after `last`, with the address of the next page. */
export function listTags(
  query: URLSearchParams,
  response: ServerResponse,
  { path, repository }: NamedRepository,
): void {
  const last = query.get("last") ?? "";
  const after = repository.tags().filter((tag) => tag > last);
  const n = Number(query.get("n") ?? after.length);
  if (!Number.isInteger(n) || n < 0)
    throw new RegistryError(400, "SIZE_INVALID", "n is not a number of tags");
  const tags = after.slice(0, n);
  const more = n > 0 && after.length > n;
  response.writeHead(200, {
    "content-type": "application/json; charset=utf-8",
    ...(more && { link: `</v2/${path}/tags/list?last=${tags.at(-1)}&n=${n}>; rel="next"` }),
  });
  response.end(JSON.stringify({ name: path, tags }));
}

function refuseTag(path: string, repository: RegistryRepository, tag: string, digest: string): void {
  if (!isTag(tag)) throw new RegistryError(400, "TAG_INVALID", `${tag} is neither a tag nor a digest`);
  if (!repository.accepts(tag, digest)) throw asRefusal(new TagImmutable(path, tag));
}

/** How ACR words the refusal is not documented; DENIED is what the specification has for it. */
function asRefusal(error: unknown): unknown {
  return error instanceof TagImmutable ? new RegistryError(403, "DENIED", error.message) : error;
}

interface Manifest {
  config?: { digest: string; size: number };
  layers?: { size: number }[];
  manifests?: { size: number }[];
}

/** The store has checked the manifest, so what is read here is there. */
function imageOf(digest: string, body: Buffer): PushedImage {
  const { config, layers = [], manifests = [] } = JSON.parse(body.toString("utf8")) as Manifest;
  const sizes = [...layers, ...manifests].map(({ size }) => size);
  return {
    digest,
    imageId: config?.digest ?? digest,
    size: sizes.reduce((sum, size) => sum + size, config?.size ?? 0),
  };
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumSize) throw new RegistryError(413, "SIZE_INVALID", "a manifest has at most 4 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const digestOf = (body: Buffer) => `sha256:${createHash("sha256").update(body).digest("hex")}`;
