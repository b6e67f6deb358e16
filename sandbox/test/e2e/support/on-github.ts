import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { isolatedEnvironment } from "../../../git";
import type { Sandbox } from "../../../sandbox";

/** Somebody changes a file on the default branch and pushes, with a token that shows in no argument. */
export async function pushCommit(sandbox: Sandbox, fullName: string, file: string): Promise<void> {
  const login = Buffer.from(`x-access-token:${sandbox.credentials.githubToken}`).toString("base64");
  const folder = mkdtempSync(join(tmpdir(), "ackone-push-"));
  const identity = { name: "Ann", email: "ann@example.com" };
  const env = {
    ...isolatedEnvironment(),
    ...{ GIT_AUTHOR_NAME: identity.name, GIT_AUTHOR_EMAIL: identity.email },
    ...{ GIT_COMMITTER_NAME: identity.name, GIT_COMMITTER_EMAIL: identity.email },
    ...{ GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "http.extraHeader" },
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${login}`,
  };
  const git = (...args: string[]) => execa("git", ["-C", folder, ...args], { env, extendEnv: false });
  try {
    await git("clone", "--quiet", `${sandbox.github.url}/${fullName}.git`, ".");
    writeFileSync(join(folder, file), `${fullName}\n`);
    await git("add", file);
    await git("commit", "--quiet", "-m", `Add ${file}`);
    await git("push", "--quiet");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What GitHub's API says about a repository. */
export const repositoryOnGithub = (sandbox: Sandbox, fullName: string): Promise<Response> =>
  callGithub(sandbox, "GET", `/repos/${fullName}`);

/** Somebody deletes the only webhook of a repository on its settings page. */
export async function deleteHook(sandbox: Sandbox, fullName: string): Promise<void> {
  const hooks = `/repos/${fullName}/hooks`;
  const [hook] = (await (await callGithub(sandbox, "GET", hooks)).json()) as { id: number }[];
  const { status } = await callGithub(sandbox, "DELETE", `${hooks}/${hook?.id}`);
  if (status !== 204) throw new Error(`GitHub answers ${status} to the deletion of ${hooks}/${hook?.id}`);
}

function callGithub({ github, credentials }: Sandbox, method: string, path: string): Promise<Response> {
  const headers = { authorization: `token ${credentials.githubToken}` };
  return fetch(`${github.url}/api/v3${path}`, { method, headers });
}
