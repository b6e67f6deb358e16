import { expect } from "chai";
import { parse } from "yaml";
import { joinedKubeconfig } from "../../../components/fleet/kubeconfig";
import { kubeconfigOf } from "../../support/computed";
import { thrown } from "../../support/thrown";

describe("components/fleet/kubeconfig", () => {
  it("joins kubeconfigs in which everything is called the same", () => {
    const joined = joinedKubeconfig({ staging: kubeconfigOf("c1"), production: kubeconfigOf("c2") });
    expect(parse(joined)).to.deep.equal({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "staging",
          cluster: { server: "https://c1.example:6443", "certificate-authority-data": "Y2E=" },
        },
        {
          name: "production",
          cluster: { server: "https://c2.example:6443", "certificate-authority-data": "Y2E=" },
        },
      ],
      users: ["staging", "production"].map((name) => ({
        name,
        user: { "client-certificate-data": "Y2VydA==", "client-key-data": "a2V5" },
      })),
      contexts: ["staging", "production"].map((name) => ({ name, context: { cluster: name, user: name } })),
      "current-context": "staging",
    });
  });

  it("takes the current context of several, and keeps its namespace", () => {
    const two = kubeconfigOf("c1").replace(
      "contexts:\n",
      "contexts:\n  - {name: other, context: {cluster: none, user: none}}\n",
    );
    const config = parse(
      joinedKubeconfig({
        dev: two.replace("{cluster: kubernetes,", "{namespace: echo, cluster: kubernetes,"),
      }),
    );
    expect(config.contexts).to.deep.equal([
      { name: "dev", context: { namespace: "echo", cluster: "dev", user: "dev" } },
    ]);
  });

  it("has nothing to say about no cluster", () => {
    expect(parse(joinedKubeconfig({}))).to.include({ kind: "Config", "current-context": "" });
  });

  it("names the cluster of a kubeconfig that it can't use, and shows none of it", () => {
    expect(
      thrown(() => joinedKubeconfig({ dev: "users: [{name: planted, user: {token: planted}}]" })),
    ).to.equal(
      "The kubeconfig of the cluster dev has no current context with a cluster and a user; fetch it anew with pulumi up",
    );
    expect(thrown(() => joinedKubeconfig({ dev: "planted: [" }))).to.equal(
      "The kubeconfig of the cluster dev is not YAML; fetch it anew with pulumi up",
    );
  });
});
