/** How repositories on GitHub are called, and how people write them. Source: GitHub's sign-up and repository forms. */
import { oneOf, type Rule } from "../validation";

/** A user or an organisation: 1 to 39 letters, digits and single hyphens, none at either end. */
export const ownerRule: Rule<string> = (owner) =>
  owner.length <= 39 && /^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/.test(owner)
    ? undefined
    : "is not the name of a GitHub user or organisation; use 1 to 39 letters, digits and single hyphens";

/** A repository without its owner: 1 to 100 letters, digits, `.`, `_` and `-`. */
export const repositoryRule: Rule<string> = (name) =>
  /^[A-Za-z0-9._-]{1,100}$/.test(name) && name !== "." && name !== ".." && !name.endsWith(".git")
    ? undefined
    : "is not the name of a GitHub repository; use 1 to 100 letters, digits, dots, underscores and hyphens, without .git";

/**
 * Whether the account has the repository itself. GitHub doesn't fork a repository into its own account: it answers with
 * the repository, which would then be changed, archived and deleted as if it were the fork.
 */
export function isOwnedBy(owner: string, fullName: string): boolean {
  return owner.toLowerCase() === splitFullName(fullName).owner.toLowerCase();
}

/**
 * The owner of a fork.
 *
 * @param source `owner/name` of what is forked.
 */
export function forkOwnerRule(source: string): Rule<string> {
  return (owner) =>
    ownerRule(owner) ??
    (isOwnedBy(owner, source)
      ? `owns ${source} itself, so there is nothing to fork; use it as an existing repository`
      : undefined);
}

/** `owner/name`, not a URL. */
export const fullNameRule: Rule<string> = (fullName) => {
  const [owner = "", name = "", ...rest] = fullName.split("/");
  return rest.length === 0 && ownerRule(owner) === undefined && repositoryRule(name) === undefined
    ? undefined
    : 'is not a GitHub repository; write "owner/name", not a URL';
};

/** A branch, by the rules of `git check-ref-format` that matter for people. */
export const branchRule: Rule<string> = (branch) =>
  /^[^\s~^:?*[\\]+$/.test(branch) && !/^[-/.]|[/.]$|\.lock$|\.\.|\/\/|\/\.|@\{/.test(branch)
    ? undefined
    : 'is not the name of a branch; use a name like "main" or "release/1.x"';

export const repositoryVisibilities = ["public", "private", "internal"] as const;
export type RepositoryVisibility = (typeof repositoryVisibilities)[number];

export const repositoryVisibilityRule: Rule<string> = oneOf<string>(
  repositoryVisibilities,
  (words) => `is not a visibility of a GitHub repository; use ${words}`,
);

/** The two parts of `owner/name`. */
export function splitFullName(fullName: string): { owner: string; name: string } {
  const [owner = "", name = ""] = fullName.split("/");
  return { owner, name };
}
