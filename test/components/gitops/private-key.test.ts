import { expect } from "chai";
import { githubAppKeyRule, normalisedKey, sshKeyRule } from "../../../components/gitops/private-key";
import { lockedPemKey, opensshKey, pemKey, rsaKey } from "../../support/keys";

const locked = "is protected by a passphrase, which Argo CD can't enter; make a key of its own without one";
const notSsh =
  "is not an SSH private key: it starts with -----BEGIN … PRIVATE KEY----- and ends with -----END … PRIVATE KEY----- (ssh-keygen -t ed25519 -N '' -f deploy-key)";
const notApp =
  "is not the private key of a GitHub App: it starts with -----BEGIN … PRIVATE KEY----- and ends with -----END … PRIVATE KEY----- (the .pem file that GitHub gave out)";

describe("components/gitops/private-key", () => {
  it("takes SSH keys in the forms that OpenSSH reads", () => {
    for (const key of [opensshKey(), pemKey(), rsaKey()]) {
      expect(sshKeyRule(key)).to.equal(undefined);
    }
  });

  it("takes a key without its last line end, or with those of Windows, and repairs it", () => {
    const key = opensshKey();
    for (const variant of [key.trimEnd(), key.replaceAll("\n", "\r\n"), `\n${key}\n\n`]) {
      expect(sshKeyRule(variant)).to.equal(undefined);
      expect(normalisedKey(variant)).to.equal(key);
    }
  });

  it("refuses keys with a passphrase", () => {
    expect(sshKeyRule(opensshKey("aes256-ctr"))).to.equal(locked);
    expect(sshKeyRule(lockedPemKey())).to.equal(locked);
    expect(githubAppKeyRule(lockedPemKey())).to.equal(locked);
  });

  it("refuses a public key", () => {
    expect(sshKeyRule("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB me@host")).to.equal(
      "holds a public key; give the private one (ssh-keygen -t ed25519 -N '' -f deploy-key)",
    );
  });

  it("refuses what is no key: a token, a file name, a key that was cut off", () => {
    for (const text of [
      "",
      "ghp_0123456789",
      "~/.ssh/id_ed25519",
      opensshKey().slice(0, 120),
      opensshKey().slice(30),
    ]) {
      expect(sshKeyRule(text)).to.equal(notSsh);
    }
  });

  it("refuses a key whose text was spoiled", () => {
    expect(sshKeyRule(pemKey().replace(/\n(.)/, "\n!$1"))).to.equal(notSsh);
  });

  it("takes keys of GitHub Apps and refuses OpenSSH's form for them", () => {
    expect(githubAppKeyRule(rsaKey())).to.equal(undefined);
    expect(githubAppKeyRule(pemKey())).to.equal(undefined);
    expect(githubAppKeyRule(opensshKey())).to.equal(notApp);
  });
});
