/**
 * Where an update is written (docs/basics/update-methods.md; pkg/argocd/update.go, getWriteBackConfig, and git.go).
 */
import { createHash } from "node:crypto";
import { posix } from "node:path";
import { type Annotations, prefix } from "./annotations";
import type { Sources } from "./applications";
import type { Behaviour } from "./behaviour";
import { type ImageReference, type ImageTag, tagText } from "./image-reference";

/** What a file in git is: an override that Argo CD reads, a kustomization of a folder, or values of a chart. */
export type Target =
  | { kind: "override"; path: string }
  /** `path` is the folder; its file is the first of kustomization.yaml, kustomization.yml, Kustomization. */
  | { kind: "kustomization"; path: string }
  | { kind: "helmvalues"; path: string };

export type WriteBack =
  | { method: "argocd" }
  | {
      method: "git";
      repository: string;
      /** Credentials of Argo CD's repository, or of a Secret with username and password or sshPrivateKey. */
      credentials: "repocreds" | { namespace: string; name: string };
      /** Branch to start from; empty for the remote's default branch. */
      branch: string;
      /** Template of the branch to push to; empty to push to `branch`. */
      writeBranch: string;
      target: Target;
    };

/** One image with its old and its new tag. */
export interface Change {
  image: ImageReference;
  old: ImageTag;
  new: ImageTag;
}

/**
 * Reads the write-back annotations.
 *
 * @throws Error for what the real one stops at: an unknown method, unknown credentials, two colons in git-branch.
 */
export function writeBackOf(
  application: string,
  { source, sources = [] }: Sources,
  annotations: Annotations,
  behaviour: Behaviour,
): WriteBack {
  const annotation = (name: string) => annotations[prefix + name] ?? "";
  const given = annotations[`${prefix}write-back-method`]?.trim();
  if (given === undefined || given === "argocd") {
    return { method: "argocd" };
  }
  const colon = given.indexOf(":");
  const method = colon > 0 ? given.slice(0, colon).trim() : given;
  if (method !== "git") {
    throw new Error(`invalid update mechanism: ${method}`);
  }
  const branches = annotation("git-branch").trim().split(":");
  if (branches.length > 2) {
    throw new Error(`invalid format for git-branch annotation: ${annotation("git-branch")}`);
  }
  const [base = "", writeBranch = ""] = branches;
  const elsewhere = behaviour.gitRepository ? annotations[`${prefix}git-repository`] : undefined;
  const written = behaviour.branchOfRepository && sources.find(({ repoURL }) => repoURL === elsewhere);
  const branch = base || ((written || source).targetRevision ?? "");
  return {
    method: "git",
    repository: elsewhere ?? source.repoURL,
    credentials: readCredentials(colon > 0 ? given.slice(colon + 1) : "repocreds"),
    branch: branch === "HEAD" ? "" : branch,
    writeBranch,
    target: readTarget(application, source.path ?? "", annotation("write-back-target"), behaviour),
  };
}

function readCredentials(text: string): "repocreds" | { namespace: string; name: string } {
  if (text === "repocreds") {
    return text;
  }
  if (!text.startsWith("secret:")) {
    throw new Error(
      `invalid git credentials source: unexpected credentials format. Expected 'repocreds' or ` +
        `'secret:<namespace>/<secret>' but got '${text}'`,
    );
  }
  const reference = text.slice("secret:".length);
  const slash = reference.indexOf("/");
  if (slash < 0) {
    throw new Error(`secret ref must be in format 'namespace/name', but is '${reference}'`);
  }
  return { namespace: reference.slice(0, slash), name: reference.slice(slash + 1) };
}

function readTarget(application: string, path: string, target: string, behaviour: Behaviour): Target {
  const override: Target = { kind: "override", path: posix.join(path, `.argocd-source-${application}.yaml`) };
  // A path after the colon counts from the source's path, with a slash before it from the repository's root.
  const resolve = (rest: string) => (rest.startsWith("/") ? rest.slice(1) : posix.join(path, rest));
  if (target.startsWith("kustomization")) {
    return { kind: "kustomization", path: resolve(target.slice("kustomization:".length)) };
  }
  if (target === "" || !behaviour.fileTargets) {
    return override;
  }
  if (target.startsWith("helmvalues")) {
    return { kind: "helmvalues", path: resolve(target.slice("helmvalues:".length) || "values.yaml") };
  }
  return { kind: "override", path: target };
}

/** Message of the commit, from the default template: a subject, and a line for each changed image. */
export function commitMessage(application: string, changes: Change[]): string {
  const lines = changes.map(
    ({ image, old, new: next }) =>
      `updates image ${image.name} tag '${tagText(old)}' to '${tagText(next)}'\n`,
  );
  return `build: automatic update of ${application}\n\n${lines.join("")}`;
}

/**
 * The branch that a git-branch template gives for these changes, cut to 255 characters. Of Go's templates it knows
 * `{{.SHA256}}` and `{{range .Images}}…{{end}}` with .Name, .Alias, .OldTag and .NewTag.
 *
 * @throws Error for another template, or when nothing is left of it.
 */
export function writeBranchName(template: string, changes: Change[]): string {
  const hash = createHash("sha256");
  for (const { image, old, new: next } of changes) {
    hash.update(`${image.name}-${tagText(old)}-${tagText(next)},`);
  }
  const sha256 = hash.digest("hex");
  const expanded = template
    .replace(/\s*\{\{-\s+/g, "{{")
    .replace(/\s+-\}\}\s*/g, "}}")
    .replace(/\{\{\s*range\s+\.Images\s*\}\}(.*?)\{\{\s*end\s*\}\}/gs, (_, body: string) =>
      changes.map((change) => fillImage(body, change)).join(""),
    )
    .replace(/\{\{\s*\.SHA256\s*\}\}/g, sha256);
  if (expanded === "" || expanded.includes("{{")) {
    throw new Error(`Git branch name could not be created from the template: ${template}`);
  }
  return expanded.slice(0, 255);
}

function fillImage(body: string, { image, old, new: next }: Change): string {
  const fields: Record<string, string> = {
    Name: image.name,
    Alias: image.alias,
    OldTag: tagText(old),
    NewTag: tagText(next),
  };
  return body.replace(/\{\{\s*\.(Name|Alias|OldTag|NewTag)\s*\}\}/g, (_, field: string) => fields[field]!);
}
