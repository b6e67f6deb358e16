/**
 * What the registry asks the account: which instances, repositories and logins there are, and what their tags name.
 * The emulator of Container Registry implements it. Tags are the account's: the store below knows contents only, by
 * digest, so that no kill can leave a tag in one and not in the other.
 */
export interface RegistryAccount {
  readonly region: string;
  /** Whose registry a host name is; undefined for a name that no instance has. */
  host(name: string): RegistryHost | undefined;
  /** Whether this is a login of the instance: its password, or a temporary one that has not expired. */
  isLogin(instanceId: string, user: string, password: string): Promise<boolean>;
  /** @param path `<namespace>/<name>` */
  repository(instanceId: string, path: string): RegistryRepository | undefined;
  /** Whether a push makes a repository that isn't there: its namespace says so. */
  createsByPush(instanceId: string, path: string): boolean;
  /** @throws Error when the namespace doesn't make repositories */
  createByPush(instanceId: string, path: string): RegistryRepository;
  /** Ids of all repositories, of all instances. */
  repositoryIds(): string[];
}

export interface RegistryHost {
  readonly instanceId: string;
  readonly network: "internet" | "vpc";
  /** Whether anybody gets through: the internet endpoint is on, or a VPC is linked. */
  readonly open: boolean;
}

export interface RegistryRepository {
  readonly id: string;
  /** Whether a login is not needed for a pull. */
  readonly anonymousPull: boolean;
  /** In the order of their characters' codes. */
  tags(): string[];
  digestOf(tag: string): string | undefined;
  /** Whether the tag may name this image: it is free, or names it already, or its repository lets it move. */
  accepts(tag: string, digest: string): boolean;
  /**
   * Lets a tag name this image from now on, and keeps it over restarts.
   * @throws TagImmutable when it names another one and the repository's tags are immutable
   */
  tag(tag: string, image: PushedImage): void;
}

export interface PushedImage {
  readonly digest: string;
  readonly imageId: string;
  /** Bytes. */
  readonly size: number;
}

/** A tag that can't be set: it is there, and tags of the repository are immutable. */
export class TagImmutable extends Error {
  constructor(path: string, tag: string) {
    super(`the tag ${tag} of ${path} is immutable and can't be overwritten`);
  }
}
