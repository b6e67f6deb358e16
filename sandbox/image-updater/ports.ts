/** What the stand-in needs from the world around it. The decision core uses none of it. */
import type { Application } from "./applications";
import type { CredentialsReference } from "./credentials";
import type { Write } from "./decide";
import type { Query } from "./plan";
import type { RegistryTag } from "./tag-selection";
import type { WriteBack } from "./write-back";

/** The Fleet's API server. */
export interface ClusterPort {
  applications(namespace: string): Promise<Application[]>;
  /** Field of a Secret, as text. @throws Error when Secret or field are missing. */
  secret(namespace: string, name: string, field: string): Promise<string>;
  /** `registries.conf` of argocd-image-updater-config; undefined without it. */
  registriesConf(namespace: string): Promise<string | undefined>;
  /** Write-back method argocd. */
  updateSource(application: Application, write: Extract<Write, { method: "argocd" }>): Promise<void>;
}

/** Registries. Manifests are only read when the strategy needs them. */
export interface RegistryPort {
  tags(query: Query, credentials: CredentialsReference | undefined): Promise<RegistryTag[]>;
}

type GitWriteBack = Extract<WriteBack, { method: "git" }>;

/** Git. One write to a repository at a time; a push that loses a race is an error, tried again in the next cycle. */
export interface GitPort {
  /** The target's file on the branch; undefined when there is none. @throws Error when the branch is a tag or commit. */
  read(from: GitWriteBack): Promise<string | undefined>;
  commit(write: Extract<Write, { method: "git" }>): Promise<void>;
}
