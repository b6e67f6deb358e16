import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { layOutOperator, mergeKubeconfigs } from "../../operations/environment";

const kubeconfig = (server: string, names: string[]) =>
  JSON.stringify({
    clusters: names.map((name) => ({ name, cluster: { server } })),
    users: names.map((name) => ({ name, user: { "client-key-data": `key-of-${name}` } })),
    contexts: names.map((name) => ({ name: `${name}-context`, context: { cluster: name, user: name } })),
    "current-context": `${names[0]}-context`,
  });

describe("An operator's seat", () => {
  let folder: string;
  let environment: Record<string, string>;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "ackone-seat-"));
    environment = layOutOperator({
      folder,
      engine: { PATH: "/usr/bin", GITHUB_TOKEN: "ghp_planted", PULUMI_HOME: "/p" },
      programs: { kubectl: "/bin/true", argocd: "/bin/true" },
      kubeconfigs: {
        fleet: kubeconfig("https://fleet", ["c1"]),
        members: kubeconfig("https://members", ["workloads"]),
      },
      argocd: { host: "argocd.example.com", token: "token-planted" },
      proxy: { HTTPS_PROXY: "http://127.0.0.1:1", NO_PROXY: "127.0.0.1" },
      caBundle: "/ca.pem",
      person: { name: "Operator", email: "operator@example.com" },
    });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("finds the tools before those of the machine, and the engine's settings", () => {
    expect(environment["PATH"]!.split(delimiter)).to.deep.equal([join(folder, "bin"), "/usr/bin"]);
    expect(environment).to.include({
      PULUMI_HOME: "/p",
      SSL_CERT_FILE: "/ca.pem",
      https_proxy: "http://127.0.0.1:1",
    });
    execFileSync(join(folder, "bin", "argocd"));
  });

  it("is logged in to Argo CD by its own configuration", () => {
    const config = parse(readFileSync(join(environment["ARGOCD_CONFIG_DIR"]!, "config"), "utf8"));
    expect(config["current-context"]).to.equal("argocd.example.com");
    expect(config.users).to.deep.equal([{ name: "argocd.example.com", "auth-token": "token-planted" }]);
  });

  it("answers git's questions for user and password, and asks nobody else", () => {
    const ask = (question: string) =>
      execFileSync(environment["GIT_ASKPASS"]!, [question], { env: environment, encoding: "utf8" }).trim();
    expect(ask("Username for 'https://github.com': ")).to.equal("x-access-token");
    expect(ask("Password for 'https://x-access-token@github.com': ")).to.equal("ghp_planted");
    expect(environment["GIT_TERMINAL_PROMPT"]).to.equal("0");
  });

  it("keeps its secrets in files that its owner alone can read", () => {
    for (const file of ["kubeconfig", join("argocd", "config"), "askpass"]) {
      expect(statSync(join(folder, file)).mode & 0o077, file).to.equal(0);
    }
    expect(Object.values(environment).join()).not.to.contain("token-planted");
  });

  it("has a context for the Fleet and one for each member", () => {
    const merged = parse(
      mergeKubeconfigs({
        fleet: kubeconfig("https://fleet", ["c1"]),
        members: kubeconfig("https://m", ["a", "b"]),
      }),
    );
    expect(merged.contexts.map(({ name }: { name: string }) => name)).to.deep.equal([
      "fleet",
      "a-context",
      "b-context",
    ]);
    expect(merged["current-context"]).to.equal("fleet");
    expect(merged.clusters).to.have.length(3);
    expect(merged.users).to.have.length(3);
  });
});
