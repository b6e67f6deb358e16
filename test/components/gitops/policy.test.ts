import { expect } from "chai";
import {
  globalPolicyRule,
  groupRule,
  projectPolicyRule,
  roleNameRule,
} from "../../../components/gitops/policy";

const rule = projectPolicyRule("acme", "operators");

describe("components/gitops/policy", () => {
  for (const line of [
    "p, proj:acme:operators, applications, sync, acme/*, allow",
    "p, proj:acme:operators, applications, get, acme/echo-production, allow",
    "p,proj:acme:operators,applications,action/argoproj.io/Rollout/resume,acme/*,allow",
    "p, proj:acme:operators, logs, get, acme/*, deny",
    "p, proj:acme:operators, applications, *, acme/*, allow",
  ]) {
    it(`takes the project's line ${line}`, () => {
      expect(rule(line)).to.equal(undefined);
    });
  }

  const bad: [string, string][] = [
    [
      "p, proj:acme:operators, applications, sync, acme/*",
      "has 5 fields; a permission has six: p, subject, resource, action, object, allow or deny",
    ],
    [
      "p, proj:acme:echo-dev, applications, sync, acme/*, allow",
      'isn\'t a permission of this role; it starts with "p, proj:acme:operators, "',
    ],
    [
      "g, proj:acme:operators, applications, sync, acme/*, allow",
      'isn\'t a permission of this role; it starts with "p, proj:acme:operators, "',
    ],
    [
      "p, proj:acme:operators, projects, get, acme/*, allow",
      'is about the unknown resource "projects"; use applications, repositories, clusters, exec or logs',
    ],
    [
      "p, proj:acme:operators, applications, promote, acme/*, allow",
      'has the unknown action "promote"; use get, create, update, delete, sync, override, action/<group>/<kind>/<name> or *',
    ],
    [
      "p, proj:acme:operators, applications, sync, other/*, allow",
      "names an object outside of the project; use acme/* or acme/<application>",
    ],
    [
      "p, proj:acme:operators, applications, sync, acme/a b, allow",
      "names an object outside of the project; use acme/* or acme/<application>",
    ],
    ["p, proj:acme:operators, applications, sync, acme/*, permit", 'ends with "permit"; use allow or deny'],
  ];
  for (const [line, complaint] of bad) {
    it(`refuses the project's line ${line}`, () => {
      expect(rule(line)).to.equal(complaint);
    });
  }

  it("takes permissions and memberships for the whole Argo CD", () => {
    for (const line of [
      "p, role:echo, applications, sync, acme/*, allow",
      "p, role:echo, *, get, *, allow",
      "p, role:echo, projects, get, acme, allow",
      "g, 200000000000000001, role:echo",
    ]) {
      expect(globalPolicyRule(line), line).to.equal(undefined);
    }
  });

  const badGlobal: [string, string][] = [
    ["g, 200000000000000001, echo", 'isn\'t a membership; use "g, <user>, role:<role>"'],
    ["g, , role:echo", 'isn\'t a membership; use "g, <user>, role:<role>"'],
    ["role:echo, applications", 'isn\'t a policy; a line starts with "p, <subject>, " or "g, <user>, "'],
    ["", 'isn\'t a policy; a line starts with "p, <subject>, " or "g, <user>, "'],
    [
      "p, , applications, sync, acme/*, allow",
      "has 5 fields; a permission has six: p, subject, resource, action, object, allow or deny",
    ],
    [
      "p, role:echo, application, sync, acme/*, allow",
      'is about the unknown resource "application"; use applications, repositories, clusters, exec, logs, accounts, applicationsets, certificates, extensions, gpgkeys, projects or *',
    ],
  ];
  for (const [line, complaint] of badGlobal) {
    it(`refuses ${JSON.stringify(line)} for the whole Argo CD`, () => {
      expect(globalPolicyRule(line)).to.equal(complaint);
    });
  }

  it("knows names of roles and groups", () => {
    expect(roleNameRule("operators-1")).to.equal(undefined);
    expect(roleNameRule("-operators")).to.equal(
      "is not a role's name; use letters, digits and inner dashes or underscores",
    );
    expect(groupRule("200000000000000001")).to.equal(undefined);
    expect(groupRule('"Platform, Berlin"')).to.equal(undefined);
    expect(groupRule("Platform, Berlin")).to.equal(
      "has a comma in it, which would start another group; put the name in double quotes",
    );
    expect(groupRule(" ")).to.equal("is not a group; use the UID of a RAM user or the name of a group");
  });
});
