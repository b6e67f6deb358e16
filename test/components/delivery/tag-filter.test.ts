import { expect } from "chai";
import { allowTagsRule, ignoreTagRule, semverComplaint } from "../../../components/delivery/tag-filter";

describe("components/delivery/tag-filter", () => {
  for (const allowTags of [
    "any",
    "regexp:^v[1-9].*",
    "regexp:^v\\d+\\.\\d+\\.\\d+$",
    "regexp:(?i)^V\\d",
    "regexp:^v(?:1|2)\\.",
    "regexp:\\pL+",
  ]) {
    it(`takes ${allowTags}`, () => {
      expect(allowTagsRule([])(allowTags)).to.equal(undefined);
    });
  }

  const syntax = "its patterns are RE2 (github.com/google/re2/wiki/Syntax)";
  const bad: [string, string][] = [
    ["^v[1-9].*", 'matches no tag at all; use "regexp:<pattern>" or "any"'],
    ["Any", 'matches no tag at all; use "regexp:<pattern>" or "any"'],
    ["", 'matches no tag at all; use "regexp:<pattern>" or "any"'],
    ["regexp:", 'has an empty pattern or spaces around it; use "regexp:<pattern>"'],
    ["regexp: ^v", 'has an empty pattern or spaces around it; use "regexp:<pattern>"'],
    ["regexp:^(?!latest).*", `has a look-ahead, which Image Updater can't read; ${syntax}`],
    ["regexp:^v(?=1)", `has a look-ahead, which Image Updater can't read; ${syntax}`],
    ["regexp:(?<!rc)$", `has a look-behind, which Image Updater can't read; ${syntax}`],
    ["regexp:(?<=v)1", `has a look-behind, which Image Updater can't read; ${syntax}`],
    ["regexp:(v)\\1", `has a back-reference, which Image Updater can't read; ${syntax}`],
    ["regexp:(?<tag>v.*)", "names a group, which has no use in a filter; use a plain group, (…)"],
    ["regexp:(?P<tag>v.*)", "names a group, which has no use in a filter; use a plain group, (…)"],
    ["regexp:[", "is not a regular expression that Image Updater can read: missing closing ]: `[`"],
    [
      "regexp:*",
      "is not a regular expression that Image Updater can read: missing argument to repetition operator: `*`",
    ],
    [
      "regexp:a++",
      "is not a regular expression that Image Updater can read: invalid nested repetition operator: `++`",
    ],
  ];
  for (const [allowTags, complaint] of bad) {
    it(`refuses ${JSON.stringify(allowTags)}`, () => {
      expect(allowTagsRule([])(allowTags)).to.equal(complaint);
    });
  }

  it("refuses a filter that none of the build's tags passes", () => {
    expect(allowTagsRule(["v1.2.3"])("regexp:^release-")).to.equal(
      'never matches a tag that the build makes, like "v1.2.3"; no release would be deployed',
    );
    expect(allowTagsRule(["v1.2.3", "main"])("regexp:^release-")).to.equal(
      'never matches a tag that the build makes, like "v1.2.3", "main"; no release would be deployed',
    );
    expect(allowTagsRule(["v1.2.3", "main"])("regexp:^v")).to.equal(undefined);
    expect(allowTagsRule(["v1.2.3"])("any")).to.equal(undefined);
  });

  it("takes a filter for other versions than the sample's", () => {
    for (const allowTags of [
      "regexp:^v2\\.",
      "regexp:^v\\d+\\.\\d+\\.0$",
      "regexp:^v1\\.10\\.",
      "regexp:^v2\\.45\\.[13]",
    ]) {
      expect(allowTagsRule(["v1.2.3"])(allowTags), allowTags).to.equal(undefined);
    }
    expect(allowTagsRule(["v1.2.3"])("regexp:^v\\d+-rc")).to.contain("never matches");
  });

  it("matches anywhere in the tag, as Image Updater does", () => {
    expect(allowTagsRule(["v1.2.3-rc1"])("regexp:rc")).to.equal(undefined);
  });

  const noOrder = (allowTags: string) =>
    `doesn't go with allowTags ${JSON.stringify(allowTags)}: tags of commit ids have no order; use the strategy latest`;
  for (const allowTags of [
    "regexp:^v3-[0-9a-f]{7,}$",
    "regexp:^[a-f0-9]{40}$",
    "regexp:^[[:xdigit:]]+$",
    "regexp:^v\\d+-\\w+$",
    "regexp:^main-",
    "regexp:^v\\d+\\.\\d+\\.\\d+-[0-9a-f]{7}$",
  ]) {
    it(`refuses versions as the order of tags like ${allowTags}`, () => {
      expect(semverComplaint(allowTags, [])).to.equal(noOrder(allowTags));
    });
  }

  for (const allowTags of [
    "any",
    "regexp:^v[1-9].*",
    "regexp:^v\\d+\\.\\d+\\.\\d+$",
    "regexp:^2\\.",
    "regexp:^v28\\.",
  ]) {
    it(`takes versions as the order of tags like ${allowTags}`, () => {
      expect(semverComplaint(allowTags, [])).to.equal(undefined);
    });
  }

  it("refuses versions as the order of tags that aren't versions", () => {
    expect(semverComplaint("any", ["main"])).to.equal(
      'can\'t order the tags that the build makes, like "main"; use the strategy latest',
    );
    expect(semverComplaint("any", ["v1.2.3", "main"])).to.equal(undefined);
    expect(semverComplaint("regexp:^m", ["v1.2.3", "main"])).to.contain("can't order the tags");
  });

  it("takes globs of tags and refuses what would be read as several", () => {
    for (const glob of ["*", "v1.4.*", "v[12].?", "latest", "v\\*", "[^v]*"]) {
      expect(ignoreTagRule(glob), glob).to.equal(undefined);
    }
    for (const glob of ["", "v1,v2", "v[1", "v 1", "a]", "\\"]) {
      expect(ignoreTagRule(glob), glob).to.equal(
        "is not a pattern for tags; use *, ? and [a-z], without spaces and commas",
      );
    }
  });
});
