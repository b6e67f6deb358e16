import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fullName, type Repository, type RepositorySettings, timestamp, type Visibility } from "./types";

interface State {
  nextId: number;
  repositories: Repository[];
}

/**
 * The records of all repositories. Every change is written at once, whole or not at all, so that a killed
 * sandbox starts again with what its callers were told. Readable by its user alone: it holds webhook secrets.
 */
export class Store {
  private readonly state: State;

  /** @param file JSON file of the records; made when it isn't there. */
  constructor(
    private readonly file: string,
    private readonly gitFolder: string,
  ) {
    mkdirSync(dirname(file), { recursive: true });
    mkdirSync(gitFolder, { recursive: true });
    this.state = read(file) ?? { nextId: 1001, repositories: [] };
  }

  get repositories(): readonly Repository[] {
    return this.state.repositories;
  }

  /** The repository of this name; GitHub ignores case. */
  find(owner: string, name: string): Repository | undefined {
    const wanted = `${owner}/${name}`.toLowerCase();
    return this.state.repositories.find((one) => fullName(one).toLowerCase() === wanted);
  }

  byId(id: number | undefined): Repository | undefined {
    return this.state.repositories.find((one) => one.id === id);
  }

  /** A new repository that isn't recorded yet; what the caller doesn't say is what GitHub gives a new one. */
  draft(given: { owner: string; name: string; visibility: Visibility } & Partial<Repository>): Repository {
    const now = timestamp();
    return {
      id: this.newId(),
      description: "",
      homepage: "",
      archived: false,
      defaultBranch: "main",
      settings: { ...newSettings },
      topics: [],
      vulnerabilityAlerts: false,
      hooks: [],
      keys: [],
      createdAt: now,
      updatedAt: now,
      pushedAt: now,
      ...given,
    };
  }

  /** Records a new repository. */
  commit(repository: Repository): Repository {
    this.state.repositories.push(repository);
    this.save();
    return repository;
  }

  remove(repository: Repository): void {
    this.state.repositories.splice(this.state.repositories.indexOf(repository), 1);
    this.save();
  }

  /** Ids are never used twice, also not after a restart. */
  newId(): number {
    return this.state.nextId++;
  }

  /** The bare repository's folder. Named by id, so that a rename or an equal name later doesn't touch it. */
  folderOf(repository: Repository): string {
    return join(this.gitFolder, `${repository.id}.git`);
  }

  save(): void {
    const draft = `${this.file}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(this.state, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.file);
  }
}

/** GitHub's defaults ("Create an organization repository", REST API). */
const newSettings: RepositorySettings = {
  has_issues: true,
  has_discussions: false,
  has_projects: true,
  has_wiki: true,
  has_downloads: true,
  is_template: false,
  allow_merge_commit: true,
  allow_squash_merge: true,
  allow_rebase_merge: true,
  allow_auto_merge: false,
  allow_update_branch: false,
  allow_forking: true,
  delete_branch_on_merge: false,
  web_commit_signoff_required: false,
  squash_merge_commit_title: "COMMIT_OR_PR_TITLE",
  squash_merge_commit_message: "COMMIT_MESSAGES",
  merge_commit_title: "MERGE_MESSAGE",
  merge_commit_message: "PR_TITLE",
};

function read(file: string): State | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as State;
  } catch (error) {
    throw new Error(
      `${file} is not JSON (${(error as Error).message}); delete it to start with no repositories.`,
    );
  }
}
