import { expect } from "chai";
import { branchRule, type WriteBack, writeBackValues } from "../../../components/delivery/write-back";
import { thrown } from "../../support/thrown";

describe("components/delivery/write-back", () => {
  const good: [string, WriteBack, { "write-back-method": string; "git-branch": string }][] = [
    ["the repository's credentials", {}, { "write-back-method": "git", "git-branch": "main" }],
    [
      "credentials of its own",
      { method: "secret" },
      { "write-back-method": "git:secret:argocd/git-creds", "git-branch": "main" },
    ],
    [
      "another Secret",
      { method: "secret", secretName: "bot" },
      { "write-back-method": "git:secret:argocd/bot", "git-branch": "main" },
    ],
    [
      "a branch for each change",
      { branch: "image-updater-{{.SHA256}}" },
      { "write-back-method": "git", "git-branch": "main:image-updater-{{.SHA256}}" },
    ],
    [
      "a branch with the images' names in it",
      { branch: "bot/{{range .Images}}{{.Name}}-{{.NewTag}}-{{end}}{{ .SHA256 }}" },
      {
        "write-back-method": "git",
        "git-branch": "main:bot/{{range .Images}}{{.Name}}-{{.NewTag}}-{{end}}{{ .SHA256 }}",
      },
    ],
  ];
  for (const [what, writeBack, values] of good) {
    it(`writes back with ${what}`, () => {
      expect(writeBackValues("writeBack", writeBack, "main")).to.deep.equal(values);
    });
  }

  const bad: [string, WriteBack, string][] = [
    [
      "the method that changes Applications",
      { method: "argocd" as "git" },
      'writeBack.method: "argocd" changes the Application itself, and the next pulumi up would take the new tag back; use git or secret',
    ],
    [
      "an unknown method",
      { method: "ssh" as "git" },
      'writeBack.method: "ssh" is not a write-back method; use git or secret',
    ],
    [
      "a Secret without the method that uses it",
      { secretName: "bot" },
      "writeBack.secretName goes with the method secret only; remove it, or set the method",
    ],
    [
      "a bad name of a Secret",
      { method: "secret", secretName: "Bot" },
      'writeBack.secretName: "Bot" is not a Kubernetes name; use lower-case letters, digits and inner dashes, like echo-dev',
    ],
    [
      "one branch for all changes",
      { branch: "image-updater" },
      'writeBack.branch: "image-updater" is the same branch for every change, and the second push to it would be rejected; put {{.SHA256}} into it',
    ],
    [
      "a branch with a colon",
      { branch: "bot:{{.SHA256}}" },
      'writeBack.branch: "bot:{{.SHA256}}" is not the name of a Git branch, like image-updater-{{.SHA256}}',
    ],
    [
      "a template with a colon",
      { branch: 'bot-{{printf ":"}}-{{.SHA256}}' },
      'writeBack.branch: "bot-{{printf \\":\\"}}-{{.SHA256}}" is not the name of a Git branch, like image-updater-{{.SHA256}}',
    ],
    [
      "a branch with a space",
      { branch: "image updater {{.SHA256}}" },
      'writeBack.branch: "image updater {{.SHA256}}" is not the name of a Git branch, like image-updater-{{.SHA256}}',
    ],
  ];
  for (const [what, writeBack, message] of bad) {
    it(`refuses ${what}`, () => {
      expect(thrown(() => writeBackValues("writeBack", writeBack, "main"))).to.equal(message);
    });
  }

  it("follows branches and nothing else", () => {
    for (const branch of ["main", "release/2.x", "feature/a-b_c"]) {
      expect(branchRule(branch), branch).to.equal(undefined);
    }
    for (const revision of ["HEAD", "refs/tags/v1", "0123456789abcdef0123456789abcdef01234567"]) {
      expect(branchRule(revision), revision).to.equal(
        "is not a branch; tags are written back as commits, which needs one, like main",
      );
    }
    for (const branch of [
      "",
      "a b",
      "a..b",
      "/a",
      "a/",
      ".a",
      "a.lock",
      "a:b",
      "a~1",
      "a@{1}",
      "v1.*",
      "-a",
      "@",
    ]) {
      expect(branchRule(branch), branch).to.equal(
        "is not the name of a Git branch, like main or release/2.x",
      );
    }
  });
});
