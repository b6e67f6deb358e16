import { expect } from "chai";
import { activeCluster, parseKubeconfig, renderKubeconfig } from "../../kubernetes/api/kubeconfig";

const parts = { server: "https://127.0.0.1:20001", ca: "CA", user: "260312", cert: "CERT", key: "KEY" };
const cluster = "c01b4c73f17580d6add8d237c4df8f99e";

describe("a kubeconfig", () => {
  it("says the same when it is read as when it was written", () => {
    expect(parseKubeconfig(renderKubeconfig(cluster, parts))).to.deep.equal({
      server: parts.server,
      ca: "CA",
      cert: "CERT",
      key: "KEY",
      token: undefined,
      namespace: "default",
    });
  });

  it("may be JSON, have several contexts, and a token", () => {
    const text = JSON.stringify({
      "current-context": "one",
      clusters: [
        { name: "a", cluster: { server: "https://a:6443/" } },
        { name: "b", cluster: { server: "https://b:6443" } },
      ],
      contexts: [
        { name: "one", context: { cluster: "a", user: "u", namespace: "team" } },
        { name: "two", context: { cluster: "b", user: "u" } },
      ],
      users: [{ name: "u", user: { token: "T" } }],
    });
    expect(parseKubeconfig(text)).to.include({ server: "https://a:6443", token: "T", namespace: "team" });
    expect(parseKubeconfig(text, { context: "two" })).to.include({
      server: "https://b:6443",
      namespace: "default",
    });
    expect(activeCluster(text, { context: "two" })).to.deep.equal({ server: "https://b:6443" });
  });

  const wrong: [string, string, string][] = [
    ["nothing", "", "the kubeconfig is empty"],
    ["no YAML", "a: [", "the kubeconfig is not valid YAML"],
    ["no context", "clusters: []", 'the kubeconfig has no context ""'],
    [
      "no server",
      "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]",
      "the kubeconfig names no server for the context c",
    ],
    [
      "a switched-off check",
      "current-context: c\ncontexts: [{name: c, context: {cluster: k}}]\nclusters: [{name: k, cluster: {server: 'https://x', insecure-skip-tls-verify: true}}]",
      "insecure-skip-tls-verify is not supported",
    ],
    [
      "a plugin",
      "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\nclusters: [{name: k, cluster: {server: 'https://x'}}]\nusers: [{name: u, user: {exec: {command: aliyun}}}]",
      "a kubeconfig with an exec or auth-provider plugin is not supported; use a certificate or a token",
    ],
  ];
  for (const [what, text, message] of wrong) {
    it(`with ${what} is refused`, () => {
      expect(() => parseKubeconfig(text)).to.throw(message);
    });
  }
});
