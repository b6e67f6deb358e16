/**
 * Credentials for a Git repository and the keys under which Argo CD and its Image Updater look for them
 * (Argo CD: declarative setup, "Repositories"; Image Updater: "Git write-back method").
 */
import * as pulumi from "@pulumi/pulumi";
import { VisibleError } from "../error";
import { check, checked, oneOf, type Rule } from "../validation";
import { type GitUrl, parseGitUrl } from "./git-url";
import { githubAppKeyRule, normalisedKey, sshKeyRule } from "./private-key";
import { checkedSecret, lineRule } from "./secret-data";

/** A personal access token or a password; for https URLs. */
export interface TokenCredentials {
  type: "token";
  /**
   * User name. GitHub accepts any with a token.
   * @default "x-access-token"
   */
  username?: pulumi.Input<string>;
  token: pulumi.Input<string>;
}

/** A deploy key; for `git@host:` and `ssh://` URLs. */
export interface SshKeyCredentials {
  type: "ssh";
  /** The private key, PEM or OpenSSH, without a passphrase. */
  privateKey: pulumi.Input<string>;
}

/** An installed GitHub App, which gives out tokens that last an hour; for https URLs. */
export interface GithubAppCredentials {
  type: "githubApp";
  /** Number of the App. */
  appId: pulumi.Input<string>;
  /** Number of its installation in the owner's account. */
  installationId: pulumi.Input<string>;
  /** The App's private key, PEM. */
  privateKey: pulumi.Input<string>;
}

export type GitCredentials = TokenCredentials | SshKeyCredentials | GithubAppCredentials;

const names: Record<GitCredentials["type"], string> = {
  token: "a token",
  ssh: "an SSH key",
  githubApp: "a GitHub App",
};

export const credentialsTypeRule: Rule<string> = oneOf<string>(
  Object.keys(names),
  (words) => `is not a kind of Git credentials; use ${words}`,
);

/**
 * Refuses credentials that a repository's URL can't use: Argo CD would take them and then fail with "authentication
 * required" at every fetch.
 *
 * @param path Where the credentials stand, for the message.
 * @throws {VisibleError}
 */
export function checkCredentialsFit(path: string, url: GitUrl, type: GitCredentials["type"]): void {
  if (url.transport === "ssh" && type !== "ssh") {
    throw new VisibleError(
      `${path}: ${names[type]} can't be used with an SSH URL; use the https URL of ${url.path}, or credentials of type ssh`,
    );
  }
  if (url.transport === "https" && type === "ssh") {
    throw new VisibleError(
      `${path}: an SSH key can't be used with an https URL; use git@${url.host}:${url.path}.git, or credentials of type token or githubApp`,
    );
  }
}

/**
 * The entries of the Secret, not encoded yet. They become known only when URL and credentials have passed all checks.
 *
 * @param path Where the credentials stand, for the messages; these show no value of a secret.
 */
export function credentialEntries(
  path: string,
  url: { path: string; value: pulumi.Input<string> },
  credentials: GitCredentials,
): Record<string, pulumi.Output<string>> {
  check(`${path}.type`, credentials.type, credentialsTypeRule);
  const checkUrl = (known: string) =>
    checkCredentialsFit(path, parseGitUrl(url.path, known), credentials.type);
  if (typeof url.value === "string") {
    checkUrl(url.value);
  }
  const fits = pulumi.output(url.value).apply(checkUrl);
  return Object.fromEntries(
    Object.entries(entriesOf(path, credentials)).map(([key, value]) => [key, fits.apply(() => value)]),
  );
}

function entriesOf(path: string, credentials: GitCredentials): Record<string, pulumi.Output<string>> {
  switch (credentials.type) {
    case "token":
      return {
        username: checkedSecret(`${path}.username`, credentials.username ?? "x-access-token", lineRule),
        password: checkedSecret(`${path}.token`, credentials.token, lineRule),
      };
    case "ssh":
      return {
        sshPrivateKey: checkedSecret(`${path}.privateKey`, credentials.privateKey, sshKeyRule).apply(
          normalisedKey,
        ),
      };
    case "githubApp":
      return {
        githubAppID: pulumi.output(checked(`${path}.appId`, credentials.appId, numberRule)),
        githubAppInstallationID: pulumi.output(
          checked(`${path}.installationId`, credentials.installationId, numberRule),
        ),
        githubAppPrivateKey: checkedSecret(
          `${path}.privateKey`,
          credentials.privateKey,
          githubAppKeyRule,
        ).apply(normalisedKey),
      };
  }
}

const numberRule: Rule<string> = (id) =>
  /^[1-9]\d*$/.test(id) ? undefined : "is not a number; GitHub shows it on the App's settings page";
