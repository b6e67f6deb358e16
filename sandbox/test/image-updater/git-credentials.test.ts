import { expect } from "chai";
import { gitCredentials } from "../../image-updater/git-credentials";

describe("Image Updater stand-in: Secret for git", () => {
  const https = "https://git.example.com/acme/echo-deploy.git";
  const ssh = "git@git.example.com:acme/echo-deploy.git";
  const read = (repository: string, data: Record<string, string>, githubApp = true) =>
    gitCredentials(repository, "argocd/git-creds", data, githubApp);

  it("takes a token for HTTPS and a key for SSH", () => {
    expect(read(https, { username: "bot", password: "token" })).to.include({
      kind: "password",
      password: "token",
    });
    expect(read(ssh, { sshPrivateKey: "key" })).to.deep.equal({ kind: "ssh", privateKey: "key" });
  });

  it("refuses a token for an SSH URL, and a key for HTTPS", () => {
    const missing = (name: string) => `invalid secret argocd/git-creds: does not contain field ${name}`;
    expect(() => read(ssh, { username: "bot", password: "token" })).to.throw(missing("sshPrivateKey"));
    expect(() => read(https, { sshPrivateKey: "key" })).to.throw(missing("username"));
    expect(() => read(https, { username: "bot" })).to.throw(missing("password"));
    expect(() => read("file:///srv/echo-deploy", {})).to.throw("unknown repository type");
  });

  it("knows a GitHub App where the release does", () => {
    const app = { githubAppID: "1", githubAppInstallationID: "2", githubAppPrivateKey: "key" };
    expect(read(https, app)).to.deep.equal({
      kind: "githubApp",
      appId: "1",
      installationId: "2",
      privateKey: "key",
    });
    expect(() => read(https, app, false)).to.throw(/does not contain field username/);
  });
});
