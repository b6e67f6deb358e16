import { createHash } from "node:crypto";
import type { Answer } from "../network/request";
import { Authorization, type Credentials } from "./authorization";
import { RegistryError, refusal } from "./errors";
import type { Requester } from "./requester";

/** Media type of an index as OCI calls it; Docker's name for it is a manifest list. */
export const ociIndexType = "application/vnd.oci.image.index.v1+json";

const otherTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** What one image of an index is for. */
export interface Platform {
  os?: string;
  architecture?: string;
  variant?: string;
}

interface Descriptor {
  mediaType?: string;
  digest: string;
  platform?: Platform;
}

/** A manifest as the registry has it. */
export interface Manifest {
  mediaType: string;
  /** Digest of its bytes, `sha256:…`. */
  digest: string;
  /** Manifests of an index; empty for an image. */
  manifests: Descriptor[];
  /** Where an image's config is; absent for an index. */
  config?: Descriptor;
}

/** The parts of an image's config that are used here. */
export interface ImageConfig extends Platform {
  /** RFC 3339 */
  created?: string;
  config?: {
    Entrypoint?: string[] | null;
    Cmd?: string[] | null;
    Env?: string[] | null;
    Labels?: Record<string, string> | null;
  };
}

export interface RegistryOptions {
  credentials?: Credentials;
  /** Called before every request, to keep to a limit. */
  before?: () => Promise<void>;
  signal?: AbortSignal;
}

/**
 * Reads repositories of one registry (distribution API v2). Tokens live as long as this object.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export class Registry {
  readonly #requester: Requester;
  readonly #api: string;
  readonly #options: RegistryOptions;
  readonly #authorization: Authorization;

  /** @param api `https://<host>` */
  constructor(requester: Requester, api: string, options: RegistryOptions = {}) {
    this.#requester = requester;
    this.#api = api.replace(/\/$/, "");
    this.#options = options;
    this.#authorization = new Authorization(requester, options.credentials);
  }

  /**
   * All tags of a repository, in the order of the registry.
   * @throws RegistryError when it refuses, Error when it can't be reached
   */
  async tags(repository: string): Promise<string[]> {
    const tags: string[] = [];
    let next: string | undefined = `${this.#api}/v2/${repository}/tags/list`;
    while (next !== undefined) {
      const answer: Answer = await this.#get(repository, next);
      tags.push(...((JSON.parse(answer.body.toString("utf8")) as { tags?: string[] | null }).tags ?? []));
      const link = /<([^>]+)>;\s*rel="?next"?/.exec(String(answer.headers["link"] ?? ""))?.[1];
      next = link === undefined ? undefined : String(new URL(link, next));
    }
    return tags;
  }

  /**
   * @param reference tag or digest
   * @param ociIndexes whether to take an OCI index (several platforms) for an answer
   * @throws RegistryError, also when the bytes aren't those of the digest
   */
  async manifest(
    repository: string,
    reference: string,
    { ociIndexes = true } = {},
  ): Promise<Manifest & { raw: Buffer }> {
    const accept = [...otherTypes, ...(ociIndexes ? [ociIndexType] : [])].join(", ");
    const address = `${this.#api}/v2/${repository}/manifests/${reference}`;
    const { body, headers } = await this.#get(repository, address, { accept });
    const digest = verified(body, reference);
    const content = JSON.parse(body.toString("utf8")) as {
      mediaType?: string;
      manifests?: Descriptor[];
      config?: Descriptor;
    };
    const mediaType = content.mediaType ?? String(headers["content-type"] ?? "");
    const { manifests = [], config } = content;
    return { mediaType, digest, manifests, ...(config && { config }), raw: body };
  }

  /** The config of an image. */
  async config(repository: string, manifest: Manifest): Promise<ImageConfig> {
    if (manifest.config === undefined) throw new Error(`${manifest.digest} is an index and has no config`);
    const { digest } = manifest.config;
    const { body } = await this.#get(repository, `${this.#api}/v2/${repository}/blobs/${digest}`);
    verified(body, digest);
    return JSON.parse(body.toString("utf8")) as ImageConfig;
  }

  async #get(
    repository: string,
    address: string,
    headers: Record<string, string> = {},
    hops = 0,
  ): Promise<Answer> {
    const scope = `repository:${repository}:pull`;
    const own = new URL(address).origin === new URL(this.#api).origin;
    const send = async (authorization: string | undefined) => {
      await this.#options.before?.();
      return this.#requester.request(address, {
        headers: { ...headers, ...(authorization && { authorization }) },
        ...(this.#options.signal && { signal: this.#options.signal }),
      });
    };
    let answer = await send(own ? await this.#authorization.known(scope) : undefined);
    const challenge = answer.headers["www-authenticate"];
    if (answer.status === 401 && own && challenge !== undefined) {
      const header = await this.#authorization.answer(challenge, scope);
      if (header !== undefined) answer = await send(header);
    }
    const { location } = answer.headers;
    if (answer.status >= 301 && answer.status <= 308 && location !== undefined && hops < 5) {
      // Blobs may lie in an object store, which must not see the credentials.
      return this.#get(repository, String(new URL(location, address)), headers, hops + 1);
    }
    if (answer.status !== 200) throw refusal(answer.status, answer.body);
    return answer;
  }
}

/** @returns the digest of the bytes */
function verified(bytes: Buffer, reference: string): string {
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (reference.startsWith("sha256:") && reference !== digest) {
    throw new RegistryError(200, "DIGEST_INVALID", `digest invalid: ${reference} has the bytes of ${digest}`);
  }
  return digest;
}
