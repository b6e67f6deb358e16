/**
 * What of a `git:secret:` Secret is used for a repository (pkg/argocd/gitcreds.go, getCredsFromSecret). The URL of the
 * repository decides, so a token never works for an SSH URL. TLS and host keys aren't checked with such a Secret.
 */
export type GitCredentials =
  | { kind: "ssh"; privateKey: string }
  | { kind: "password"; username: string; password: string }
  | { kind: "githubApp"; appId: string; installationId: string; privateKey: string };

/**
 * @param secret `<namespace>/<name>`, for the message.
 * @param githubApp Whether the release knows GitHub Apps (from v0.13). Before, their keys are not looked at.
 * @throws Error that names the missing field, or `unknown repository type`.
 */
export function gitCredentials(
  repository: string,
  secret: string,
  data: Readonly<Record<string, string>>,
  githubApp: boolean,
): GitCredentials {
  const field = (name: string) => {
    const value = data[name];
    if (value === undefined) {
      throw new Error(`invalid secret ${secret}: does not contain field ${name}`);
    }
    return value;
  };
  if (/^ssh:\/\//.test(repository) || /^[^/:@]+@[^/:]+:/.test(repository)) {
    return { kind: "ssh", privateKey: field("sshPrivateKey") };
  }
  if (!/^https?:\/\//.test(repository)) {
    throw new Error("unknown repository type");
  }
  if (githubApp && data["githubAppID"] !== undefined) {
    return {
      kind: "githubApp",
      appId: field("githubAppID"),
      installationId: field("githubAppInstallationID"),
      privateKey: field("githubAppPrivateKey"),
    };
  }
  return { kind: "password", username: field("username"), password: field("password") };
}
