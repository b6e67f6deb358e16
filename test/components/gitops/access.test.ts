import { expect } from "chai";
import { Access, type AccessArgs } from "../../../components/gitops/access";
import { failureOf, record } from "../../support/mocks";

const lines = [
  "p, role:echo, applications, sync, acme-production/*, allow",
  "g, 200000000000000001, role:echo",
];
const build = (args: Partial<AccessArgs> = {}) =>
  new Access("access", { team: "echo", policies: lines, ...args });

describe("components/gitops/access", () => {
  it("adds the team's lines under a key of their own, with a field manager of their own", async () => {
    const graph = await record(() => build());
    expect(graph.shape()).to.deep.equal([
      "ackone:gitops:Access access",
      "kubernetes:core/v1:ConfigMapPatch access-policy",
    ]);
    const patch = graph.named("access-policy");
    expect(patch.parent).to.equal("access");
    expect(patch.inputs.data).to.deep.equal({ "policy.echo.csv": `${lines.join("\n")}\n` });
    expect(patch.inputs.metadata).to.deep.equal({
      name: "argocd-rbac-cm",
      namespace: "argocd",
      annotations: {
        "pulumi.com/patchForce": "true",
        "pulumi.com/patchFieldManager": "ackone-delivery-access-echo",
      },
    });
  });

  it("refuses a wrong line, a wrong team and no lines", async () => {
    expect(await failureOf(() => build({ policies: ["allow all"] }))).to.equal(
      'access.policies[0]: "allow all" isn\'t a policy; a line starts with "p, <subject>, " or "g, <user>, "',
    );
    expect(await failureOf(() => build({ team: "Team Echo" }))).to.equal(
      'access.team: "Team Echo" is not a Kubernetes name; use lower-case letters, digits and inner dashes, like echo-dev',
    );
    expect(await failureOf(() => build({ policies: [] }))).to.equal(
      "access.policies is empty; leave the team out, or give it a line",
    );
  });
});
