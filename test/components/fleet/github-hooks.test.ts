import { expect } from "chai";
import { githubHookRanges, letsGithubIn, withGithubHooks } from "../../../components/fleet/github-hooks";
import { addressRangeRule } from "../../../components/registry/address-range";

describe("components/fleet/github-hooks", () => {
  it("puts GitHub's ranges in the place of the word", () => {
    expect(withGithubHooks(["198.51.100.0/24", "github", "203.0.113.0/24"])).to.deep.equal([
      "198.51.100.0/24",
      "192.30.252.0/22",
      "185.199.108.0/22",
      "140.82.112.0/20",
      "143.55.64.0/20",
      "203.0.113.0/24",
    ]);
    expect(githubHookRanges.map(addressRangeRule)).to.deep.equal([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  const lists: [string, string[], boolean][] = [
    ["the word", ["github"], true],
    ["everybody", ["0.0.0.0/0"], true],
    ["the ranges themselves", [...githubHookRanges], true],
    ["wider ranges", ["192.0.0.0/8", "185.199.0.0/16", "140.82.0.0/16", "143.55.0.0/16"], true],
    ["nobody", [], false],
    ["others", ["198.51.100.0/24"], false],
    ["some of them", githubHookRanges.slice(1), false],
    ["a part of one", ["192.30.252.0/23", ...githubHookRanges.slice(1)], false],
  ];
  for (const [who, allow, expected] of lists) {
    it(`knows that a list of ${who} ${expected ? "lets GitHub in" : "keeps GitHub out"}`, () => {
      expect(letsGithubIn(allow)).to.equal(expected);
    });
  }
});
