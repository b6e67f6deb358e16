import { expect } from "chai";
import { behaviourOf } from "../../image-updater/behaviour";
import { gitAccess } from "../../image-updater/git-access";
import type { ClusterPort, GitWriteBack, SecretData } from "../../image-updater/ports";

describe("Image Updater stand-in: who it is to git", () => {
  const repository = "https://git.example.com/acme/echo-deploy.git";
  const token = { username: "bot", password: "token" };

  const access = (
    secrets: { repositories?: SecretData[]; templates?: SecretData[]; own?: SecretData },
    credentials: GitWriteBack["credentials"] = "repocreds",
    url = repository,
  ) => {
    const cluster = {
      gitSecrets: async () => ({ repositories: [], templates: [], ...secrets }),
      secret: async (_namespace: string, name: string) => {
        if (secrets.own === undefined) throw new Error(`secrets "${name}" not found`);
        return secrets.own;
      },
    } as unknown as ClusterPort;
    const to = { repository: url, credentials } as GitWriteBack;
    return gitAccess(cluster, to, "argocd", behaviourOf()).catch((error: Error) => error.message);
  };

  it("has the credentials that Argo CD has for the repository, by its URL without case and .git", async () => {
    const repositories = [
      { url: "https://git.example.com/acme/other.git", username: "no", password: "no" },
      { url: "https://git.example.com/ACME/echo-deploy", ...token },
    ];
    expect(await access({ repositories })).to.deep.equal({ ...token, insecure: false });
    expect(await access({ repositories: [{ url: repository, ...token, insecure: "true" }] })).to.include({
      insecure: true,
    });
  });

  it("falls back to the template with the longest URL, also for a repository that is only named", async () => {
    const templates = [
      { url: "https://git.example.com/", username: "all", password: "all" },
      { url: "https://git.example.com/acme", ...token },
      { url: "https://git.example.com/other", username: "no", password: "no" },
    ];
    const expected = { ...token, insecure: false };
    expect(await access({ templates })).to.deep.equal(expected);
    expect(await access({ templates, repositories: [{ url: repository }] })).to.deep.equal(expected);
  });

  it("says when Argo CD has none", async () => {
    expect(await access({ repositories: [{ url: repository }] })).to.equal(
      `could not get creds for repo '${repository}': ` +
        `credentials for '${repository}' are not configured in Argo CD settings`,
    );
  });

  it("takes a Secret's, doesn't check certificates then, and says what is missing", async () => {
    const secret = { namespace: "argocd", name: "git-creds" };
    expect(await access({ own: token }, secret)).to.deep.equal({ ...token, insecure: true });
    expect(await access({}, secret)).to.match(/secrets "git-creds" not found$/);
    expect(await access({ own: { username: "bot" } }, secret)).to.match(
      /argocd\/git-creds: does not contain field password$/,
    );
  });

  it("refuses what the sandbox's GitHub can't serve, and says what to use", async () => {
    const ssh = { url: "git@git.example.com:acme/echo-deploy.git", sshPrivateKey: "KEY" };
    const app = { githubAppID: "1", githubAppInstallationID: "2", githubAppPrivateKey: "KEY" };
    expect(await access({ repositories: [ssh] }, "repocreds", ssh.url)).to.match(
      /SSH can't be used.*a token$/,
    );
    expect(await access({ repositories: [{ ...ssh, ...token }] }, "repocreds", ssh.url)).to.match(/SSH/);
    const refused = await access({ repositories: [{ url: repository, ...app }] });
    expect(refused).to.match(/GitHub App can't be used.*a token$/);
    expect(refused).not.to.include("KEY");
  });
});
