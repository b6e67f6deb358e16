/** An account that can own repositories. */
export interface Owner {
  login: string;
  type: "Organization" | "User";
  /** Logins that administer the organisation's repositories. Everybody else only reads what is public. */
  members: string[];
}

/** Public repositories are readable without a token, private ones only by their owner's people. */
export type Visibility = "public" | "private";

/** Settings that a repository carries without any effect here: stored and read back, as the provider compares them. */
export interface RepositorySettings {
  has_issues: boolean;
  has_discussions: boolean;
  has_projects: boolean;
  has_wiki: boolean;
  has_downloads: boolean;
  is_template: boolean;
  allow_merge_commit: boolean;
  allow_squash_merge: boolean;
  allow_rebase_merge: boolean;
  allow_auto_merge: boolean;
  allow_update_branch: boolean;
  allow_forking: boolean;
  delete_branch_on_merge: boolean;
  web_commit_signoff_required: boolean;
  squash_merge_commit_title: string;
  squash_merge_commit_message: string;
  merge_commit_title: string;
  merge_commit_message: string;
}

export interface Repository {
  id: number;
  owner: string;
  name: string;
  description: string;
  homepage: string;
  visibility: Visibility;
  archived: boolean;
  defaultBranch: string;
  /** Id of the repository that this one was forked from. It may be gone by now. */
  parent?: number;
  /** Branches to copy from the parent, while the copy is under way: every one, or the default one alone. */
  copying?: "all" | "default";
  settings: RepositorySettings;
  topics: string[];
  vulnerabilityAlerts: boolean;
  hooks: Hook[];
  keys: DeployKey[];
  /** ISO 8601 in UTC, to the second, as GitHub writes times. */
  createdAt: string;
  updatedAt: string;
  pushedAt: string;
}

export interface Hook {
  id: number;
  active: boolean;
  events: string[];
  config: { url: string; content_type: "json" | "form"; insecure_ssl: "0" | "1"; secret?: string };
  createdAt: string;
  updatedAt: string;
  /** The newest ones first, at most 50. */
  deliveries: Delivery[];
}

/** One attempt to call a hook. */
export interface Delivery {
  id: number;
  guid: string;
  event: string;
  deliveredAt: string;
  /** Seconds. */
  duration: number;
  /** 0 when nobody answered. */
  statusCode: number;
  /** "OK", or why it failed. */
  status: string;
}

export interface DeployKey {
  id: number;
  title: string;
  /** Type and base64, without the comment. */
  key: string;
  readOnly: boolean;
  createdAt: string;
}

export const fullName = (repository: { owner: string; name: string }) =>
  `${repository.owner}/${repository.name}`;

/** The present moment as GitHub writes it. */
export const timestamp = () => `${new Date().toISOString().slice(0, 19)}Z`;
