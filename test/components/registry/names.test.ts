import { expect } from "chai";
import * as fc from "fast-check";
import {
  addressRangeRule,
  duplicateRange,
  registryRangeRule,
} from "../../../components/registry/address-range";
import { existingHost, registryHost } from "../../../components/registry/host";
import {
  editionRule,
  instanceIdRule,
  instanceNameRule,
  namespaceNameRule,
  passwordComplaint,
  periodRule,
  renewalRule,
  repositoryNameRule,
  sourceTypeRule,
  summaryRule,
  visibilityRule,
} from "../../../components/registry/names";

describe("registry/names", () => {
  it("takes names at both limits of each length", () => {
    expect(["abc", "a".repeat(30), "acme-dev-1"].map(instanceNameRule)).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
    expect(["ab", "a".repeat(120), "a_b.c-d"].map(namespaceNameRule)).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
    expect(["ab", "a".repeat(64), "echo-server"].map(repositoryNameRule)).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
  });

  const instance =
    "is not a name for an ACR instance; use 3 to 30 lower-case letters, digits and hyphens, no hyphen at either end";
  for (const name of ["ab", "a".repeat(31), "Acme", "-acme", "acme-", "acme_dev", ""]) {
    it(`refuses ${JSON.stringify(name)} for an instance`, () =>
      expect(instanceNameRule(name)).to.equal(instance));
  }

  for (const name of ["a", "a".repeat(121), "Echo", ".echo", "echo_", "echo/dev"]) {
    it(`refuses ${JSON.stringify(name).slice(0, 20)} for a namespace`, () =>
      expect(namespaceNameRule(name)).to.equal(
        "is not a name for an ACR namespace; use 2 to 120 lower-case letters, digits and ., _ and -, letters or digits at both ends",
      ));
  }

  it("takes every separator that an image reference may have", () => {
    for (const name of ["a.b", "a_b", "a__b", "a-b", "a---b", "a.b_c__d--e"]) {
      expect(repositoryNameRule(name), name).to.equal(undefined);
      expect(namespaceNameRule(name), name).to.equal(undefined);
    }
  });

  for (const [name, wrong] of [
    ["a..b", ".."],
    ["a._b", "._"],
    ["a___b", "___"],
    ["a-_b", "-_"],
    ["a.b.-c", ".-"],
  ]) {
    it(`refuses ${name}, which can't stand in an image reference`, () => {
      const complaint = `has "${wrong}" in it, with which no image can be pulled; use one ., one or two _, or dashes between letters and digits`;
      expect(namespaceNameRule(name!)).to.equal(complaint);
      expect(repositoryNameRule(name!)).to.equal(complaint);
    });
  }

  it("refuses a repository name above 64 characters", () =>
    expect(repositoryNameRule("a".repeat(65))).to.equal(
      "is not a name for an image repository; use 2 to 64 lower-case letters, digits and ., _ and -, letters or digits at both ends",
    ));

  it("knows what can be bought", () => {
    expect(editionRule("Standard")).to.equal(undefined);
    expect(editionRule("Gold")).to.equal(
      "is not an edition of ACR Enterprise; use Basic, Standard or Advanced",
    );
    expect(periodRule(12)).to.equal(undefined);
    expect(periodRule(4)).to.equal(
      "is not a length of subscription that can be bought; use 1, 2, 3, 6, 12, 24, 36, 48 or 60 (months)",
    );
    expect(renewalRule("Never")).to.equal("is not a kind of renewal; use ManualRenewal or AutoRenewal");
  });

  it("refuses other words than the API's", () => {
    expect(visibilityRule("private")).to.equal(
      "is not a visibility of an image repository; use PRIVATE or PUBLIC",
    );
    expect(sourceTypeRule("BITBUCKET")).to.equal(
      "is not a source that ACR can build from; use GITHUB, GITLAB, GITEE, CODE or CODEUP",
    );
    expect(instanceIdRule("acme")).to.equal(
      'is not the id of an ACR instance; it looks like "cri-a1b2c3d4e5f6g7h8"',
    );
    expect(summaryRule("x".repeat(101))).to.equal("has 101 characters; a repository's summary has 1 to 100");
  });

  it("checks a password without repeating it", () => {
    const complaint =
      "the password needs 8 to 32 characters with at least two of letters, digits and symbols";
    expect(
      ["short1", "onlyletters", "1234567890", `a1${"x".repeat(31)}`].map(passwordComplaint),
    ).to.deep.equal(Array(4).fill(complaint));
    expect(passwordComplaint("letters-1")).to.equal(undefined);
  });
});

describe("registry/host", () => {
  it("follows from the instance's name, the region and the network", () => {
    expect(registryHost("acme", "cn-hangzhou", "internet")).to.equal(
      "acme-registry.cn-hangzhou.cr.aliyuncs.com",
    );
    expect(registryHost("acme", "cn-hangzhou", "vpc")).to.equal(
      "acme-registry-vpc.cn-hangzhou.cr.aliyuncs.com",
    );
  });

  it("is what an existing instance says, Alibaba's domain first", () => {
    const endpoints = [
      {
        endpointType: "Internet",
        domains: [
          { domain: "images.acme.example", type: "USER" },
          { domain: "old-registry.cn-hangzhou.cr.aliyuncs.com", type: "SYSTEM" },
        ],
      },
    ];
    expect(existingHost(endpoints, "acme", "cn-hangzhou", "internet")).to.equal(
      "old-registry.cn-hangzhou.cr.aliyuncs.com",
    );
    expect(existingHost(endpoints, "acme", "cn-hangzhou", "vpc")).to.equal(
      "acme-registry-vpc.cn-hangzhou.cr.aliyuncs.com",
    );
  });
});

describe("registry/address-range", () => {
  it("takes ranges that start at their first address", () => {
    expect(
      ["198.51.100.0/24", "203.0.113.7/32", "0.0.0.0/0", "10.0.0.0/8"].map(addressRangeRule),
    ).to.deep.equal(Array(4).fill(undefined));
  });

  const cases = {
    "198.51.100.7/24": "doesn't start at the range's first address; write \"198.51.100.0/24\"",
    "203.0.113.7": 'is a single address; write the range "203.0.113.7/32"',
    "10.0.0.0/33": 'is not an address range; use CIDR notation like "198.51.100.0/24"',
    "10.0.0/8": 'is not an address range; use CIDR notation like "198.51.100.0/24"',
    "300.0.0.0/8": 'is not an address range; use CIDR notation like "198.51.100.0/24"',
    office: 'is not an address range; use CIDR notation like "198.51.100.0/24"',
    "2001:db8::/32": "is an IPv6 range; allow-lists take IPv4 ranges",
  };
  for (const [range, sentence] of Object.entries(cases)) {
    it(`refuses ${range}`, () => expect(addressRangeRule(range)).to.equal(sentence));
  }

  it("refuses the address that every registry has in its list", () =>
    expect(registryRangeRule("127.0.0.1/32")).to.equal(
      "is in the list of every registry already; leave it out",
    ));

  it("finds what is listed twice", () => {
    expect(duplicateRange(["10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/8"])).to.equal("10.0.0.0/8");
    expect(duplicateRange(["10.0.0.0/8"])).to.equal(undefined);
  });

  it("suggests, for any address of a range, a range that it takes", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, bits) => {
        const complaint = addressRangeRule(`${address}/${bits}`);
        const suggestion = /write "(.*)"/.exec(complaint ?? "")?.[1] ?? `${address}/${bits}`;
        return addressRangeRule(suggestion) === undefined && suggestion.endsWith(`/${bits}`);
      }),
    );
  });
});
