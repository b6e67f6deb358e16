import { expect } from "chai";
import { opensshKey } from "../../support/keys";
import { project, secretKeys } from "../stack-file";
import { both, complaintsAbout, describeMistakes, set } from "./mistake";

describeMistakes("deployment repository", [
  [
    "a repository without owner",
    set("deployment.repository", { fork: "echo-deploy" }),
    'deployment.repository.fork: "echo-deploy" is not a GitHub repository; write "owner/name", not a URL',
  ],
  [
    "a fork and an existing repository at once",
    set("deployment.repository", { fork: "a/b", existing: "a/b" }),
    "deployment.repository: has both fork and existing; keep one of them",
  ],
  [
    "a key of a fork for an existing repository",
    set("deployment.repository", { existing: "acme/echo-deploy", visibility: "public" }),
    "deployment.repository.visibility: is not a key of ackone-delivery:deployment.repository; use existing or branch",
  ],
  [
    "a ref for a branch",
    set("deployment.repository.branch", "refs/heads/main"),
    'deployment.repository.branch: "refs/heads/main" is not a branch; tags are written back as commits, which needs one, like main',
  ],
  [
    "a branch that Git refuses",
    set("deployment.repository.branch", "a..b"),
    'deployment.repository.branch: "a..b" is not the name of a Git branch, like main or release/2.x',
  ],
  [
    "unknown credentials",
    set("deployment.credentials.type", "password"),
    'deployment.credentials.type: "password" is not a kind of Git credentials; use token, ssh or githubApp',
  ],
  [
    "a number of a GitHub App that is none",
    set("deployment.credentials", { type: "githubApp", appId: "app", installationId: "1" }),
    `deployment.credentials.appId: "app" is not a number of a GitHub App; copy it from the App's settings page, in quotes`,
  ],
  [
    "an SSH URL with a token",
    set("deployment.url", "git@github.com:acme/echo-deploy.git"),
    "deployment.credentials: a token can't be used with an SSH URL; use the https URL of acme/echo-deploy, or credentials of type ssh",
  ],
  [
    "an SSH URL with a password in it",
    set("deployment.url", "ssh://git:hunter2@github.com/acme/echo-deploy.git"),
    "deployment.url: the URL for github.com has credentials in it; give them as credentials, where they stay secret",
  ],
  [
    "a URL with a token in it",
    set("deployment.url", "https://user:hunter2@github.com/acme/echo-deploy.git"),
    "deployment.url: the URL for github.com has credentials in it; give them as credentials, where they stay secret",
  ],
  [
    "write-back by changing the Application",
    set("deployment.writeBack", { method: "argocd" }),
    'deployment.writeBack.method: "argocd" is not a write-back method; use git or secret',
  ],
  [
    "one branch for all changes",
    set("deployment.writeBack", { method: "git", branch: "bot" }),
    'deployment.writeBack.branch: "bot" is the same branch for every change, and the second push to it would be rejected; put {{.SHA256}} into it',
  ],
  [
    "one branch for a change in all environments",
    set("deployment.writeBack", { method: "git", branch: "bot-{{.SHA256}}" }),
    'deployment.writeBack.branch: "bot-{{.SHA256}}" is the same branch for a change in all environments; put ${application} into it',
  ],
  [
    "a webhook that can't reach Argo CD",
    both(set("fleet.gitops", {}), set("deployment.webhook", true)),
    "deployment.webhook: true has no effect: GitHub can't reach Argo CD; set ackone-delivery:fleet.gitops.publicAccess: true, or leave it out",
  ],
  [
    "an allow-list that keeps the webhook out",
    set("fleet.gitops.allow", ["198.51.100.0/24"]),
    'fleet.gitops.allow: ["198.51.100.0/24"] keeps GitHub\'s webhooks out; add the word github, or set ackone-delivery:deployment.webhook: false',
  ],
  [
    "a webhook for a repository of another account",
    set("deployment.repository", { existing: "others/echo-deploy" }),
    'deployment.repository.existing: "others/echo-deploy" is not in the account github:owner (acme), so that no webhook can be made for it; use a repository of that account, or set ackone-delivery:deployment.webhook: false',
  ],
  [
    "a webhook for a repository that Argo CD knows under another name",
    set("deployment.url", "https://github.com/team/echo-deploy.git"),
    "deployment.url: \"https://github.com/team/echo-deploy.git\" is another address than GitHub's for acme/echo-deploy (on github.com), by which Argo CD recognises the repository in a webhook's messages; use that one, or set ackone-delivery:deployment.webhook: false",
  ],
  [
    "a webhook for a repository that Argo CD reads from a mirror, which it doesn't recognise",
    set("deployment.url", "https://git-mirror.corp.example/acme/echo-deploy.git"),
    "deployment.url: \"https://git-mirror.corp.example/acme/echo-deploy.git\" is another address than GitHub's for acme/echo-deploy (on github.com), by which Argo CD recognises the repository in a webhook's messages; use that one, or set ackone-delivery:deployment.webhook: false",
  ],
  [
    "a webhook for a repository on another host than that of github:baseUrl",
    both(
      set("github:baseUrl", "https://github.corp.example/api/v3/"),
      set("deployment.url", "https://git-mirror.corp.example/acme/echo-deploy.git"),
    ),
    "deployment.url: \"https://git-mirror.corp.example/acme/echo-deploy.git\" is another address than GitHub's for acme/echo-deploy (on github.com or github.corp.example), by which Argo CD recognises the repository in a webhook's messages; use that one, or set ackone-delivery:deployment.webhook: false",
  ],
]);

describe("stacks/config: deployment repository with a webhook", () => {
  const withUrl = (url: string, baseUrl?: string) =>
    complaintsAbout(both(set("deployment.url", url), set("github:baseUrl", baseUrl)));

  it("takes the address on GitHub, with any capitals and port", () => {
    expect(withUrl("https://GitHub.com:443/Acme/echo-deploy.git")).to.deep.equal([]);
    expect(withUrl("https://github.com/acme/echo-deploy")).to.deep.equal([]);
  });

  it("takes the address on the GitHub of github:baseUrl, and the one on github.com beside it", () => {
    expect(
      withUrl("https://github.corp.example/acme/echo-deploy.git", "https://github.corp.example/api/v3/"),
    ).to.deep.equal([]);
    expect(withUrl("https://acme.ghe.com/acme/echo-deploy.git", "https://api.acme.ghe.com/")).to.deep.equal(
      [],
    );
    expect(withUrl("http://127.0.0.1:4000/acme/echo-deploy.git", "http://127.0.0.1:4000/")).to.deep.equal([]);
    expect(withUrl("https://github.com/acme/echo-deploy.git", "http://127.0.0.1:4000/")).to.deep.equal([]);
  });

  it("refuses GitHub's host for SSH through a firewall, which older versions of Argo CD don't recognise", () => {
    const [complaint] = complaintsAbout(
      both(
        set("deployment.credentials", { type: "ssh" }),
        set("deploymentToken", undefined),
        set("deploymentSshKey", opensshKey()),
        set("deployment.url", "ssh://git@ssh.github.com:443/acme/echo-deploy.git"),
      ),
      [...secretKeys, `${project}:deploymentSshKey`],
    );
    expect(complaint).to.contain("is another address than GitHub's for acme/echo-deploy (on github.com)");
  });

  it("takes a mirror without a webhook", () => {
    const mirror = both(
      set("deployment.url", "https://git-mirror.corp.example/acme/echo-deploy.git"),
      set("deployment.webhook", false),
      set("webhookSecret", undefined),
    );
    expect(complaintsAbout(mirror)).to.deep.equal([]);
  });
});
