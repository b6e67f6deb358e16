import { expect } from "chai";
import fc from "fast-check";
import { labelRule, namespaceRule } from "../../../components/gitops/names";

describe("components/gitops/names", () => {
  it("takes DNS labels of up to 63 characters", () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    fc.assert(fc.property(label, (name) => labelRule(name) === undefined));
  });

  for (const name of ["", "-a", "a-", "A", "a_b", "a.b", "ä", "a b"]) {
    it(`refuses ${JSON.stringify(name)} as a name`, () => {
      expect(labelRule(name)).to.equal(
        "is not a Kubernetes name; use lower-case letters, digits and inner dashes, like echo-dev",
      );
    });
  }

  it("refuses a name of 64 characters", () => {
    expect(labelRule("a".repeat(64))).to.equal("has 64 characters; use at most 63");
  });

  for (const namespace of ["kube-system", "argocd", "default", "ack-multiple-clusters"]) {
    it(`refuses the namespace ${namespace}, which is the cluster's own`, () => {
      expect(namespaceRule(namespace)).to.equal(
        "is reserved for the cluster itself; choose a namespace of the service's own, like echo-dev",
      );
    });
  }

  it("takes a namespace of a service and refuses what is no name", () => {
    expect(namespaceRule("echo-dev")).to.equal(undefined);
    expect(namespaceRule("Echo")).to.contain("is not a Kubernetes name");
  });
});
