import { ApiError, invalid } from "../errors";
import type { Service } from "../service";
import type { Repository, RepositorySettings } from "../types";
import { checkFields, type Rule } from "./fields";

/** The properties that creating and updating a repository share, as sent. */
export interface RepositoryFields extends Partial<RepositorySettings> {
  name?: string;
  description?: string | null;
  homepage?: string | null;
  private?: boolean;
  visibility?: "public" | "private" | "internal";
}

const settingRules: Record<keyof RepositorySettings, Rule> = {
  has_issues: "boolean",
  has_discussions: "boolean",
  has_projects: "boolean",
  has_wiki: "boolean",
  has_downloads: "boolean",
  is_template: "boolean",
  allow_merge_commit: "boolean",
  allow_squash_merge: "boolean",
  allow_rebase_merge: "boolean",
  allow_auto_merge: "boolean",
  allow_update_branch: "boolean",
  allow_forking: "boolean",
  delete_branch_on_merge: "boolean",
  web_commit_signoff_required: "boolean",
  squash_merge_commit_title: { oneOf: ["PR_TITLE", "COMMIT_OR_PR_TITLE"] },
  squash_merge_commit_message: { oneOf: ["PR_BODY", "COMMIT_MESSAGES", "BLANK"] },
  merge_commit_title: { oneOf: ["PR_TITLE", "MERGE_MESSAGE"] },
  merge_commit_message: { oneOf: ["PR_BODY", "PR_TITLE", "BLANK"] },
};

const commonRules: Record<string, Rule> = {
  ...settingRules,
  name: "string",
  description: "string or null",
  homepage: "string or null",
  private: "boolean",
  visibility: { oneOf: ["public", "private", "internal"] },
};

export interface CreateFields extends RepositoryFields {
  auto_init?: boolean;
  gitignore_template?: string;
  license_template?: string;
}

/** "Create an organization repository". */
export function createFields(body: unknown): CreateFields {
  const fields = checkFields<CreateFields>(body, "Repository", {
    ...commonRules,
    auto_init: "boolean",
    gitignore_template: "string",
    license_template: "string",
  });
  for (const name of ["gitignore_template", "license_template"] as const) {
    if (fields[name]) throw invalid("Repository", name, `${name} is not available in the sandbox`);
  }
  return fields;
}

export interface UpdateFields extends RepositoryFields {
  default_branch?: string;
  archived?: boolean;
}

/**
 * "Update a repository". The provider sends the properties of a creation along; GitHub takes no notice of them.
 */
export function updateFields(body: unknown): UpdateFields {
  return checkFields<UpdateFields>(body, "Repository", {
    ...commonRules,
    default_branch: "string",
    archived: "boolean",
    auto_init: "ignored",
    gitignore_template: "ignored",
    license_template: "ignored",
    topics: "ignored",
  });
}

/** The settings among the properties sent. */
export function settingsIn(fields: RepositoryFields): Partial<RepositorySettings> {
  const names = Object.keys(settingRules) as (keyof RepositorySettings)[];
  return Object.fromEntries(
    names.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]),
  );
}

/** `visibility` wins over `private`, as documented; undefined when neither was sent. */
export function visibilityIn(fields: RepositoryFields): "public" | "private" | undefined {
  if (fields.visibility === "internal") {
    const why = "Only organizations associated with an enterprise can set visibility to internal";
    throw invalid("Repository", "visibility", why);
  }
  if (fields.visibility !== undefined) return fields.visibility;
  return fields.private === undefined ? undefined : fields.private ? "private" : "public";
}

/**
 * Refuses a name that a repository can't have: 1 to 100 of `A-Z a-z 0-9 . _ -`. GitHub itself would replace other
 * characters by `-` and create something that nobody asked for; here it is an error.
 */
export function checkName(
  service: Service,
  owner: string,
  name: string | undefined,
  except?: Repository,
): string {
  const refuse = (message: string) =>
    new ApiError(422, except ? "Validation Failed" : "Repository creation failed.", [
      { resource: "Repository", code: "custom", field: "name", message },
    ]);
  if (name === undefined || name === "") {
    throw new ApiError(422, "Validation Failed", [
      { resource: "Repository", code: "missing_field", field: "name" },
    ]);
  }
  if (name.length > 100) throw refuse("name is too long (maximum is 100 characters)");
  if (!/^[\w.-]+$/.test(name))
    throw refuse("name can only contain ASCII letters, digits, and the characters ., -, and _");
  if ([".", ".."].includes(name) || /\.(git|wiki)$/i.test(name)) throw refuse("name is reserved");
  const taken = service.store.find(owner, name);
  if (taken && taken !== except) throw refuse("name already exists on this account");
  return name;
}
