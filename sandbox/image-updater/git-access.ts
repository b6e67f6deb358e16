import type { Behaviour } from "./behaviour";
import { type GitCredentials, gitCredentials } from "./git-credentials";
import type { ClusterPort, GitWriteBack, SecretData } from "./ports";

/** How a repository is reached over HTTP(S), which is the only way that the sandbox's GitHub can be. */
export interface GitAccess {
  username: string;
  password: string;
  /** Certificates aren't checked: so it is with `git:secret:`, and where the repository's Secret says so. */
  insecure: boolean;
}

/**
 * The credentials for writing to a repository: those that Argo CD has for it, or a Secret's.
 *
 * @throws Error that says what is missing, or that the kind of credentials can't be used here
 */
export async function gitAccess(
  cluster: ClusterPort,
  { repository, credentials }: GitWriteBack,
  namespace: string,
  { githubApp }: Behaviour,
): Promise<GitAccess> {
  try {
    if (credentials === "repocreds") {
      const { repositories, templates } = await cluster.gitSecrets(namespace);
      const data = ofArgocd(repository, repositories, templates);
      return usable(repository, kindOf(repository, data), data["insecure"] === "true");
    }
    const name = `${credentials.namespace}/${credentials.name}`;
    const data = await cluster.secret(credentials.namespace, credentials.name);
    return usable(repository, gitCredentials(repository, name, data, githubApp), true);
  } catch (error) {
    throw new Error(`could not get creds for repo '${repository}': ${(error as Error).message}`);
  }
}

/** What Argo CD knows about a repository: its own Secret, and where that has no credentials the longest template. */
function ofArgocd(repository: string, repositories: SecretData[], templates: SecretData[]): SecretData {
  const own = repositories.find(({ url }) => normalized(url ?? "") === normalized(repository)) ?? {};
  if (hasCredentials(own)) return own;
  const [template = {}] = templates
    .filter(({ url = "" }) => url !== "" && normalized(repository).startsWith(normalized(url)))
    .sort((a, b) => (b["url"] ?? "").length - (a["url"] ?? "").length);
  return { ...template, ...own };
}

const hasCredentials = (data: SecretData) =>
  ["username", "password", "sshPrivateKey", "githubAppPrivateKey", "tlsClientCertData"].some(
    (field) => (data[field] ?? "") !== "",
  );

/** Argo CD's order: a password, an SSH key, a GitHub App. */
function kindOf(repository: string, data: SecretData): GitCredentials {
  if (data["password"]) {
    return { kind: "password", username: data["username"] ?? "", password: data["password"] };
  }
  if (data["sshPrivateKey"]) return { kind: "ssh", privateKey: data["sshPrivateKey"] };
  const { githubAppID, githubAppInstallationID, githubAppPrivateKey } = data;
  if (githubAppID && githubAppInstallationID && githubAppPrivateKey) {
    return {
      kind: "githubApp",
      appId: githubAppID,
      installationId: githubAppInstallationID,
      privateKey: githubAppPrivateKey,
    };
  }
  throw new Error(`credentials for '${repository}' are not configured in Argo CD settings`);
}

function usable(repository: string, credentials: GitCredentials, insecure: boolean): GitAccess {
  if (credentials.kind === "githubApp") {
    throw new Error("keys of a GitHub App can't be used in the sandbox, its GitHub has no Apps; use a token");
  }
  if (credentials.kind === "ssh" || !/^https?:\/\//.test(repository)) {
    throw new Error("SSH can't be used in the sandbox, its GitHub serves git over HTTPS only; use a token");
  }
  return { username: credentials.username, password: credentials.password, insecure };
}

/** As Argo CD compares URLs: without case and without `.git` (util/git, NormalizeGitURL). */
function normalized(url: string): string {
  return url
    .trim()
    .toLowerCase()
    .replace(/\.git$/, "");
}
