import {
  Registry as Client,
  type Credentials as Login,
  RegistryError,
  type Requester,
  readTag,
} from "../oci";
import type { Behaviour } from "./behaviour";
import { inParallel, RateLimit } from "./parallel";
import type { Query } from "./plan";
import { isWanted } from "./platforms";
import { LookupError, type RegistryPort } from "./ports";
import type { Registry } from "./registries-conf";
import type { RegistryCredentials } from "./registry-credentials";
import { isAllowed, needsMetadata, type RegistryTag } from "./tag-selection";

/** Manifests of one image that are read at the same time. */
const metadataConcurrency = 20;

interface Updater {
  platform: string;
  behaviour: Behaviour;
}

/** The registries, for as long as the process lives. What is read of tags is kept, credentials and limits as well. */
export class Registries {
  readonly #requester: Requester;
  readonly #credentials: RegistryCredentials;
  readonly #limits = new Map<string, RateLimit>();
  /** A tag's build is read once: a tag that is pushed anew keeps its time until a restart (strategy newest-build). */
  readonly #metadata = new Map<string, RegistryTag>();

  constructor(requester: Requester, credentials: RegistryCredentials) {
    this.#requester = requester;
    this.#credentials = credentials;
  }

  /** For one cycle: a list of tags that several Applications ask for is fetched once. */
  cycle(signal: AbortSignal): RegistryPort {
    const lists = new Map<string, Promise<string[]>>();
    return {
      tags: async (query, updater) => {
        const login = await this.#login(query);
        const client = this.#client(query.registry, login, signal);
        const key = JSON.stringify([query.registry.api, query.repository, login]);
        const list = lists.get(key) ?? client.tags(query.repository);
        lists.set(key, list);
        try {
          return await this.#withMetadata(client, await list, query, updater);
        } catch (error) {
          throw new LookupError("Could not get tags from registry", this.#explain(error as Error, query));
        }
      },
    };
  }

  async #login(query: Query): Promise<Login | undefined> {
    const { registry, settings } = query;
    const own = await this.#credentials.ofRegistry(query).catch((error: Error) => {
      throw new LookupError("Could not set registry endpoint credentials", error.message);
    });
    const pull =
      settings.pullSecret &&
      (await this.#credentials.read(settings.pullSecret, registry.api).catch((error: Error) => {
        throw new LookupError("Could not fetch credentials", error.message);
      }));
    const user = pull?.username || own?.username || "";
    const password = pull?.password || own?.password || "";
    return user === "" && password === "" ? undefined : { user, password };
  }

  #client(registry: Registry, credentials: Login | undefined, signal: AbortSignal): Client {
    const limit = this.#limits.get(registry.api) ?? new RateLimit(registry.limit);
    this.#limits.set(registry.api, limit);
    return new Client(this.#requester, registry.api, {
      ...(credentials && { credentials }),
      before: () => limit.pass(),
      signal,
    });
  }

  async #withMetadata(
    client: Client,
    names: string[],
    query: Query,
    updater: Updater,
  ): Promise<RegistryTag[]> {
    const { settings, image } = query;
    const constraint = image.tag?.name ?? "";
    // Without the tag to follow nothing is allowed, and the selection says so.
    if (!needsMetadata(query) || (settings.strategy === "digest" && constraint === "")) {
      return names.map((name) => ({ name }));
    }
    return inParallel(names, metadataConcurrency, async (name) =>
      isAllowed(name, { settings, constraint }) ? this.#tag(client, name, query, updater) : { name },
    );
  }

  async #tag(client: Client, name: string, query: Query, updater: Updater): Promise<RegistryTag> {
    const { registry, repository, settings } = query;
    const { platform, behaviour } = updater;
    const platforms = settings.platforms.length > 0 ? settings.platforms : [platform];
    const key = JSON.stringify([registry.api, repository, name, platforms]);
    const kept = settings.strategy === "digest" ? undefined : this.#metadata.get(key);
    if (kept !== undefined) return kept;
    try {
      const wanted = (each: string) => isWanted(each, platforms);
      const content = await readTag(client, repository, name, wanted, { ociIndexes: behaviour.ociIndexes });
      const tag: RegistryTag = { name, ...content };
      this.#metadata.set(key, tag);
      return tag;
    } catch (error) {
      return {
        name,
        problem: `Error fetching metadata for ${repository}:${name}: ${(error as Error).message}`,
      };
    }
  }

  /** A refusal, with what is known about the credentials that were used. */
  #explain(error: Error, { registry, settings }: Query): string {
    const refused = error instanceof RegistryError && error.isAboutAccess;
    if (!refused) return error.message;
    const age = this.#credentials.age(registry);
    if (settings.pullSecret) return `${error.message} (with the image's pull-secret)`;
    return `${error.message} (${age ?? `no credentials are configured for ${registry.prefix || registry.name}`})`;
  }
}
