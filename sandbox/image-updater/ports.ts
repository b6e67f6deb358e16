/** What the stand-in needs from the world around it. The decision core uses none of it. */
import type { Application, ApplicationSource } from "./applications";
import type { Behaviour } from "./behaviour";
import type { Query } from "./plan";
import type { RegistryTag } from "./tag-selection";
import type { Write } from "./write";
import type { Change, WriteBack } from "./write-back";

/** Fields of a Secret, as text. */
export type SecretData = Readonly<Record<string, string>>;

/** The Fleet's API server. */
export interface ClusterPort {
  applications(namespace: string): Promise<Application[]>;
  /** @throws Error when there is no such Secret. */
  secret(namespace: string, name: string): Promise<SecretData>;
  /** The Secrets in which Argo CD keeps repositories, and those with credentials for all that begin with a URL. */
  gitSecrets(namespace: string): Promise<{ repositories: SecretData[]; templates: SecretData[] }>;
  /** `registries.conf` of argocd-image-updater-config; undefined without it. */
  registriesConf(namespace: string): Promise<string | undefined>;
  /** Write-back method argocd, for the source of the Application that the write is about. */
  updateSource(
    application: Application,
    source: ApplicationSource,
    write: Extract<Write, { method: "argocd" }>,
  ): Promise<void>;
  /** Leaves the event `ImagesUpdated` at the Application. */
  report(application: Application, changes: Change[]): Promise<void>;
}

/** Registries, as one cycle sees them. */
export interface RegistryPort {
  /**
   * Tags of an image's repository, with metadata for those that the strategy may choose, when it needs it.
   * @throws LookupError
   */
  tags(query: Query, updater: { platform: string; behaviour: Behaviour }): Promise<RegistryTag[]>;
}

/** Why tags couldn't be looked up. */
export class LookupError extends Error {
  /** @param during e.g. `Could not get tags from registry` */
  constructor(
    readonly during: string,
    message: string,
  ) {
    super(message);
  }
}

export type GitWriteBack = Extract<WriteBack, { method: "git" }>;

/** Git. One write to a repository at a time; a push that loses a race is an error, tried again in the next cycle. */
export interface GitPort {
  /**
   * Commits and pushes what `make` returns for the target's file, which is undefined when there is none.
   *
   * @param branch to push to; empty for the one that is read
   * @param make returns undefined when the file is to stay as it is
   * @returns whether there was a commit
   * @throws Error when git refuses, with what it said
   */
  change(
    to: GitWriteBack,
    branch: string,
    make: (file: string | undefined) => { content: string; message: string } | undefined,
  ): Promise<boolean>;
}
