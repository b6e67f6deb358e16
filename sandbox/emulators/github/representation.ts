import { createHash } from "node:crypto";
import type { Access, Caller } from "./access";
import type { Store } from "./store";
import { type DeployKey, fullName, type Hook, type Owner, type Repository } from "./types";

/** Shapes GitHub's JSON. Field names and forms are those of the REST API's schemas "Full Repository", "Webhook", … */
export class Representation {
  constructor(
    /** Where the emulator answers. @example "http://127.0.0.1:41234" */
    readonly url: string,
    private readonly store: Store,
    private readonly access: Access,
  ) {}

  owner(login: string) {
    const owner: Owner = this.access.owner(login) ?? { login, type: "User", members: [] };
    const id = numberOf(owner.login);
    return {
      login: owner.login,
      id,
      node_id: nodeId(owner.type, id),
      url: this.api(`/users/${owner.login}`),
      html_url: `${this.url}/${owner.login}`,
      type: owner.type,
      site_admin: false,
    };
  }

  organization(owner: Owner) {
    return {
      ...this.owner(owner.login),
      url: this.api(`/orgs/${owner.login}`),
      repos_url: this.api(`/orgs/${owner.login}/repos`),
      name: owner.login,
      description: "",
      type: "Organization",
    };
  }

  /** The full form for one repository; `parent` and `source` come with forks. */
  repository(repository: Repository, caller: Caller) {
    const parent = this.store.byId(repository.parent);
    const root = parent && this.rootOf(parent);
    return {
      ...this.shortRepository(repository, caller),
      ...(this.access.owner(repository.owner)?.type === "Organization"
        ? { organization: this.owner(repository.owner) }
        : {}),
      ...repository.settings,
      network_count: this.store.repositories.filter((one) => one.parent === repository.id).length,
      subscribers_count: 0,
      ...(parent && root
        ? { parent: this.shortRepository(parent, caller), source: this.shortRepository(root, caller) }
        : {}),
    };
  }

  shortRepository(repository: Repository, caller: Caller) {
    const name = fullName(repository);
    const forks = this.store.repositories.filter((one) => one.parent === repository.id).length;
    const may = this.access.canWrite(caller, repository);
    const html = `${this.url}/${name}`;
    return {
      id: repository.id,
      node_id: nodeId("Repository", repository.id),
      name: repository.name,
      full_name: name,
      owner: this.owner(repository.owner),
      private: repository.visibility === "private",
      html_url: html,
      description: repository.description || null,
      fork: repository.parent !== undefined,
      url: this.api(`/repos/${name}`),
      forks_url: this.api(`/repos/${name}/forks`),
      hooks_url: this.api(`/repos/${name}/hooks`),
      keys_url: this.api(`/repos/${name}/keys{/key_id}`),
      git_refs_url: this.api(`/repos/${name}/git/refs{/sha}`),
      created_at: repository.createdAt,
      updated_at: repository.updatedAt,
      pushed_at: repository.pushedAt,
      git_url: `${html.replace(/^http/, "git")}.git`,
      ssh_url: `git@${new URL(this.url).hostname}:${name}.git`,
      clone_url: `${html}.git`,
      svn_url: html,
      mirror_url: null,
      homepage: repository.homepage || null,
      size: 0,
      stargazers_count: 0,
      watchers_count: 0,
      language: null,
      has_issues: repository.settings.has_issues,
      has_projects: repository.settings.has_projects,
      has_downloads: repository.settings.has_downloads,
      has_wiki: repository.settings.has_wiki,
      has_pages: false,
      has_discussions: repository.settings.has_discussions,
      forks_count: forks,
      forks,
      archived: repository.archived,
      disabled: false,
      open_issues_count: 0,
      open_issues: 0,
      license: null,
      allow_forking: repository.settings.allow_forking,
      is_template: repository.settings.is_template,
      web_commit_signoff_required: repository.settings.web_commit_signoff_required,
      topics: repository.topics,
      visibility: repository.visibility,
      watchers: 0,
      default_branch: repository.defaultBranch,
      permissions: { admin: may, maintain: may, push: may, triage: may, pull: true },
    };
  }

  hook(repository: Repository, hook: Hook) {
    const url = this.api(`/repos/${fullName(repository)}/hooks/${hook.id}`);
    const last = hook.deliveries[0];
    return {
      type: "Repository",
      id: hook.id,
      name: "web",
      active: hook.active,
      events: hook.events,
      config: { ...hook.config, ...(hook.config.secret === undefined ? {} : { secret: "********" }) },
      updated_at: hook.updatedAt,
      created_at: hook.createdAt,
      url,
      test_url: `${url}/test`,
      ping_url: `${url}/pings`,
      deliveries_url: `${url}/deliveries`,
      last_response: last
        ? {
            code: last.statusCode || null,
            status: last.status === "OK" ? "active" : "error",
            message: last.status,
          }
        : { code: null, status: "unused", message: null },
    };
  }

  deployKey(repository: Repository, key: DeployKey) {
    return {
      id: key.id,
      key: key.key,
      url: this.api(`/repos/${fullName(repository)}/keys/${key.id}`),
      title: key.title,
      verified: true,
      created_at: key.createdAt,
      read_only: key.readOnly,
      enabled: true,
    };
  }

  reference(repository: Repository, ref: string, id: string, type: string) {
    const name = fullName(repository);
    return {
      ref,
      node_id: nodeId("Ref", `${repository.id}:${ref}`),
      url: this.api(`/repos/${name}/git/${ref}`),
      object: { sha: id, type, url: this.api(`/repos/${name}/git/${type}s/${id}`) },
    };
  }

  api(path: string): string {
    return `${this.url}/api/v3${path}`;
  }

  private rootOf(repository: Repository): Repository {
    const parent = this.store.byId(repository.parent);
    return parent ? this.rootOf(parent) : repository;
  }
}

const nodeId = (type: string, id: number | string) => Buffer.from(`${type}:${id}`).toString("base64");

/** A stable id for an account, which nothing here counts up. */
const numberOf = (login: string) =>
  createHash("sha256").update(login.toLowerCase()).digest().readUInt32BE() >>> 8;
