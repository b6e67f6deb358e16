/**
 * How Image Updater hands a new tag on: as a commit to the deployment repository (Image Updater: "Update methods").
 * Its other method, changing the Application itself, is not offered: the next `pulumi up` would take the tag back.
 */
import { VisibleError } from "../error";
import { argocdNamespace } from "../gitops/argocd";
import { labelRule } from "../gitops/names";
import { check, type Rule } from "../validation";

export interface WriteBack {
  /**
   * Whose credentials push the commit. `git`: those of the repository in Argo CD, which then need write access.
   * `secret`: Image Updater's own (`WriteBackCredentials`).
   * @default "git"
   */
  method?: "git" | "secret";
  /**
   * Name of the Secret in the namespace of Argo CD, for the method `secret`.
   * @default "git-creds"
   */
  secretName?: string;
  /**
   * A branch of its own for every change, for a pull request: a Go template with `{{.SHA256}}` in it, like
   * `image-updater-{{.SHA256}}`. Argo CD sees the new tag only when the branch has been merged. In a `Pipeline`
   * `${application}` stands for the name of the Application, and has to be in it.
   * @default the branch that Argo CD follows
   */
  branch?: string;
}

/**
 * The two annotations' values.
 *
 * @param path Where the settings stand, for the messages.
 * @param branch The branch that Argo CD follows.
 * @throws {VisibleError}
 */
export function writeBackValues(path: string, writeBack: WriteBack, branch: string) {
  checkMethod(path, writeBack);
  const { method = "git", secretName = "git-creds", branch: ownBranch } = writeBack;
  if (ownBranch !== undefined) {
    check(`${path}.branch`, ownBranch, writeBackBranchRule);
  }
  return {
    "write-back-method": method === "git" ? "git" : `git:secret:${argocdNamespace}/${secretName}`,
    "git-branch": ownBranch === undefined ? branch : `${branch}:${ownBranch}`,
  };
}

function checkMethod(path: string, { method = "git", secretName }: WriteBack): void {
  check<string>(`${path}.method`, method, methodRule);
  if (secretName === undefined) {
    return;
  }
  if (method === "git") {
    throw new VisibleError(
      `${path}.secretName goes with the method secret only; remove it, or set the method`,
    );
  }
  check(`${path}.secretName`, secretName, labelRule);
}

const methodRule: Rule<string> = (method) => {
  if (method === "argocd") {
    return "changes the Application itself, and the next pulumi up would take the new tag back; use git or secret";
  }
  return method === "git" || method === "secret"
    ? undefined
    : "is not a write-back method; use git or secret";
};

/** The branch that an Application follows. Image Updater commits to it, so it must be a branch. */
export const branchRule: Rule<string> = (branch) => {
  if (branch === "HEAD" || branch.startsWith("refs/") || /^[0-9a-f]{40}$/.test(branch)) {
    return "is not a branch; tags are written back as commits, which needs one, like main";
  }
  return isRefName(branch) ? undefined : "is not the name of a Git branch, like main or release/2.x";
};

/** A branch for every change: with one for all, the second push would be rejected until the first is merged. */
export const writeBackBranchRule: Rule<string> = (template) => {
  if (!/\{\{\s*\.SHA256\s*\}\}/.test(template)) {
    return "is the same branch for every change, and the second push to it would be rejected; put {{.SHA256}} into it";
  }
  const isBranch = !template.includes(":") && isRefName(template.replace(/\{\{[^{}]*\}\}/g, "x"));
  return isBranch ? undefined : "is not the name of a Git branch, like image-updater-{{.SHA256}}";
};

/**
 * The same for a template that several Applications share. `{{.SHA256}}` is made from the images and their tags, which
 * are the same in all environments, so that the branch needs the name of the Application as well.
 */
export const sharedBranchRule: Rule<string> = (template) =>
  writeBackBranchRule(forApplication(template, "x")) ??
  (template.includes(applicationVariable)
    ? undefined
    : `is the same branch for a change in all environments; put ${applicationVariable} into it`);

const applicationVariable = "${application}";

/** Replaces `${application}` in a template that several Applications share. */
export function forApplication(template: string, application: string): string {
  return template.replaceAll(applicationVariable, application);
}

/** Git: check-ref-format. A colon is out anyway: it separates the two branches in the annotation. */
function isRefName(name: string): boolean {
  const forbidden = /[\s~^:?*[\]\\\p{Cc}]|\.\.|@\{|\/\/|^[-/.]|\/\.|[/.]$|\.lock(\/|$)/u;
  return name !== "" && name !== "@" && !forbidden.test(name);
}
