/** Rules for Git repositories: the deployment repository and the source repositories of all images. */
import { githubHooks, letsGithubIn } from "../../components/fleet/github-hooks";
import { checkCredentialsFit } from "../../components/gitops/git-credentials";
import { parseGitUrl } from "../../components/gitops/git-url";
import { repositoryNameRule } from "../../components/registry/names";
import { isOwnedBy } from "../../components/source/names";
import { listed } from "../../components/validation";
import {
  fullNameOf,
  hasWebhook,
  imageRepositoryName,
  type RepositoryConfig,
  repositoryKey,
  repositoryLogicalName,
  repositoryName,
} from "./derived";
import { keyOf, messageOf, Once, type Path, type Problems, shown } from "./problems";
import type { GroupName, Groups } from "./schema";

/** The path of a group in the stack file. */
export type At = (name: GroupName) => Path;

/** What is checked: groups that are right by themselves, `github:owner` and `github:baseUrl`. */
export type Checked = Partial<Groups> & { owner?: string; baseUrl?: string };

export function checkRepositories(config: Checked, at: At, problems: Problems): void {
  checkDeploymentUrl(config, at, problems);
  checkWebhook(config, at, problems);
  checkNames(config, at, problems);
}

function checkDeploymentUrl({ deployment }: Partial<Groups>, at: At, problems: Problems): void {
  const path = at("deployment");
  const url = deployment?.url;
  if (deployment === undefined) {
    return;
  }
  const type = deployment.credentials.type;
  if (deployment.writeBack.method === "secret" && type === "ssh") {
    problems.add(
      [...path, "writeBack", "method"],
      '"secret" commits with a token, which needs an https URL, but credentials.type is ssh; use method git',
    );
  }
  if (url === undefined) {
    return;
  }
  problems.try([...path, "url"], (key) => {
    const parsed = parseGitUrl(key, url);
    checkCredentialsFit(keyOf([...path, "credentials"]), parsed, type);
  });
}

/** GitHub has to reach Argo CD, Pulumi has to reach the repository, and Argo CD has to recognise it. */
function checkWebhook({ deployment, fleet, owner, baseUrl }: Checked, at: At, problems: Problems): void {
  if (deployment === undefined || fleet === undefined || !hasWebhook(deployment, fleet)) {
    return;
  }
  const { repository, url, webhook } = deployment;
  const instead = webhook === undefined ? `, or set ${keyOf(at("deployment"))}.webhook: false` : "";
  const add = (path: Path, complaint: string) => problems.add(path, `${complaint}${instead}`);
  if (!fleet.gitops.publicAccess) {
    add(
      [...at("deployment"), "webhook"],
      `true has no effect: GitHub can't reach Argo CD; set ${keyOf(at("fleet"))}.gitops.publicAccess: true, or leave it out`,
    );
  } else if (!letsGithubIn(fleet.gitops.allow)) {
    add(
      [...at("fleet"), "gitops", "allow"],
      `${shown(fleet.gitops.allow)} keeps GitHub's webhooks out; add the word ${githubHooks}`,
    );
  }
  if ("existing" in repository && owner !== undefined && !isOwnedBy(owner, repository.existing)) {
    add(
      [...at("deployment"), "repository", "existing"],
      `${shown(repository.existing)} is not in the account github:owner (${owner}), so that no webhook can be made for it; use a repository of that account`,
    );
  }
  const path = "existing" in repository ? repository.existing : `${owner}/${repositoryName(repository)}`;
  const hosts = githubHosts(baseUrl);
  if (url !== undefined && owner !== undefined && !isUrlOf(hosts, path, url)) {
    add(
      [...at("deployment"), "url"],
      `${shown(url)} is another address than GitHub's for ${path} (on ${listed(hosts)}), by which Argo CD recognises the repository in a webhook's messages; use that one`,
    );
  }
}

/** Where GitHub's web pages are, by which a webhook's messages call a repository. */
function githubHosts(baseUrl: string | undefined): string[] {
  const own =
    baseUrl !== undefined && URL.canParse(baseUrl) ? [new URL(baseUrl).hostname.replace(/^api\./, "")] : [];
  return [...new Set(["github.com", ...own])];
}

/**
 * Whether a URL is `owner/name` on one of these hosts, whatever the port. Argo CD takes `ssh.github.com` for GitHub only
 * from version 3.0 on. A URL that can't be read is somebody else's to complain about.
 */
function isUrlOf(hosts: string[], path: string, url: string): boolean {
  try {
    const parsed = parseGitUrl("", url);
    const host = parsed.host.toLowerCase().replace(/:\d+$/, "");
    return hosts.includes(host) && parsed.path.toLowerCase() === path.toLowerCase();
  } catch (error) {
    messageOf(error);
    return true;
  }
}

/** Forks and image repositories: one name for one thing. */
function checkNames({ services, deployment, owner }: Checked, at: At, problems: Problems): void {
  const places: Place[] =
    deployment === undefined
      ? []
      : [{ repository: deployment.repository, path: [...at("deployment"), "repository"] }];
  const images = new Once(at("services"), problems);
  for (const [service, { images: all }] of Object.entries(services ?? {})) {
    for (const [alias, image] of Object.entries(all)) {
      const path = [service, "images", alias];
      places.push({ repository: image.source, path: [...at("services"), ...path, "source"] });
      const name = imageRepositoryName(image);
      const complaint = image.repository === undefined ? repositoryNameRule(name) : undefined;
      if (complaint !== undefined) {
        problems.add(
          [...at("services"), ...path],
          `would be kept in an image repository called like its source, but ${shown(name)} ${complaint}; set repository: to such a name`,
        );
      }
      images.add(
        name,
        path,
        (other) =>
          `would be kept in the image repository ${name}, like ${other.join(".")}; give one of them another name (repository: …)`,
      );
    }
  }
  checkForks(places, owner, problems);
  checkLogicalNames(places, problems);
}

/** A repository and where it is written. */
interface Place {
  repository: RepositoryConfig;
  path: Path;
}

function checkForks(places: Place[], owner: string | undefined, problems: Problems): void {
  const forks = new Map<string, Place>();
  for (const place of places) {
    const { repository, path } = place;
    if (!("fork" in repository)) {
      continue;
    }
    if (owner !== undefined && isOwnedBy(owner, repository.fork)) {
      problems.add(
        [...path, "fork"],
        `${shown(repository.fork)} is in the account github:owner already, and can't be forked into it; use existing: ${repository.fork}`,
      );
    }
    const name = repositoryName(repository).toLowerCase();
    const other = forks.get(name);
    forks.set(name, other ?? place);
    if (other === undefined) {
      continue;
    }
    if (repositoryKey(other.repository) !== repositoryKey(repository)) {
      problems.add(
        path,
        `${shown(repository.fork)} would be forked as ${name}, like ${keyOf(other.path)}; give one of them another name (name: …)`,
      );
    } else if (withoutBranch(other.repository) !== withoutBranch(repository)) {
      problems.add(path, `differs from ${keyOf(other.path)}, but is the same fork; write both the same way`);
    }
  }
}

/** Only the deployment repository has a branch to be said. */
function withoutBranch(repository: RepositoryConfig): string {
  return JSON.stringify({ ...repository, branch: undefined });
}

/** A slash can't stand in the name of a resource, so that `a-b/c` and `a/b-c` would have the same one. */
function checkLogicalNames(places: Place[], problems: Problems): void {
  const seen = new Map<string, Place>();
  for (const place of places) {
    const name = repositoryLogicalName(place.repository);
    const other = seen.get(name);
    seen.set(name, other ?? place);
    if (other !== undefined && repositoryKey(other.repository) !== repositoryKey(place.repository)) {
      const [one, two] = [place, other].map(({ repository }) => shown(fullNameOf(repository)));
      problems.add(
        place.path,
        `${one} would be the resource ${name}, like ${two} in ${keyOf(other.path)}; a stack can't hold both: rename one of them on GitHub, or put one into another stack`,
      );
    }
  }
}
