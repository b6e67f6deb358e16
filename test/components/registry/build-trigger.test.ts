import { expect } from "chai";
import * as fc from "fast-check";
import {
  type BuildTrigger,
  checkTrigger,
  hasCommitTag,
  hasConstantTag,
  imageTagFor,
  sampleGitTag,
} from "../../../components/registry/build-trigger";

const refusal = (trigger: BuildTrigger): string => {
  try {
    checkTrigger(trigger, "build");
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`accepted: ${JSON.stringify(trigger)}`);
};

describe("registry/build-trigger", () => {
  it("builds release tags by default", () => {
    const trigger = checkTrigger({}, "build");
    expect(trigger).to.deep.equal({
      pushType: "GIT_TAG",
      pushName: "release-(?<imageTag>v[\\w.-]+)",
      imageTag: "${imageTag}",
      dockerfileLocation: "/",
      dockerfileName: "Dockerfile",
      platforms: ["linux/amd64"],
      buildArgs: {},
    });
    expect(imageTagFor(trigger, sampleGitTag)).to.equal("v1.2.3");
    expect(imageTagFor(trigger, "release-v1.2.3-rc.1")).to.equal("v1.2.3-rc.1");
    expect(imageTagFor(trigger, "v1.2.3")).to.equal(undefined);
  });

  it("keeps what is given", () => {
    const trigger = checkTrigger(
      {
        on: "branch",
        pattern: "main",
        imageTag: "latest",
        dockerfile: { location: "/server", name: "Dockerfile.prod" },
        platforms: ["linux/amd64", "linux/arm64"],
        arguments: { GO_VERSION: "1.26" },
      },
      "build",
    );
    expect(trigger).to.deep.equal({
      pushType: "GIT_BRANCH",
      pushName: "main",
      imageTag: "latest",
      dockerfileLocation: "/server",
      dockerfileName: "Dockerfile.prod",
      platforms: ["linux/amd64", "linux/arm64"],
      buildArgs: { GO_VERSION: "1.26" },
    });
    expect(hasConstantTag(trigger)).to.equal(true);
  });

  it("composes the image's tag of several groups", () => {
    const pattern = "release-v(?<major>\\d+)\\.(?<minor>\\d+)\\.(?<patch>\\d+)";
    const trigger = checkTrigger({ pattern, imageTag: "${major}.${minor}" }, "build");
    expect(imageTagFor(trigger, "release-v1.2.3")).to.equal("1.2");
    expect(hasConstantTag(trigger)).to.equal(false);
  });

  it("puts the beginning of the commit's id into a tag", () => {
    const branch: BuildTrigger = {
      on: "branch",
      pattern: "release-(?<line>v\\d+)",
      imageTag: "${line}-${commit}",
    };
    const trigger = checkTrigger(branch, "build");
    expect(imageTagFor(trigger, "release-v3")).to.match(/^v3-[0-9a-f]{6}$/);
    expect(hasCommitTag(trigger)).to.equal(true);
    expect(hasConstantTag(trigger)).to.equal(false);
    const group = checkTrigger({ pattern: "release-(?<commit>v[\\w.-]+)", imageTag: "${commit}" }, "build");
    expect(imageTagFor(group, "release-v1")).to.equal("v1");
    expect(hasCommitTag(group)).to.equal(false);
  });

  const cases: [string, BuildTrigger, string][] = [
    [
      "a glob",
      { pattern: "release-*" },
      'build.pattern: "release-*" is a glob, but ACR takes a regular expression; write "release-(?<imageTag>[\\w.-]+)"',
    ],
    [
      "a glob after v",
      { pattern: "release-v*" },
      'build.pattern: "release-v*" is a glob, but ACR takes a regular expression; write "release-(?<imageTag>v[\\w.-]+)"',
    ],
    [
      "a glob alone",
      { on: "branch", pattern: "*", imageTag: "x" },
      'build.pattern: "*" is a glob, but ACR takes a regular expression; write "(?<imageTag>[\\w.-]+)"',
    ],
    [
      "what isn't a regular expression",
      { pattern: "release-(v" },
      'build.pattern: "release-(v" is not a regular expression that ACR understands; check its brackets and escapes',
    ],
    [
      "an empty pattern",
      { pattern: "" },
      'build.pattern: "" is not a regular expression that ACR understands; check its brackets and escapes',
    ],
    [
      "a pattern that releases never match",
      { pattern: "v(?<imageTag>\\d+)" },
      'build.pattern: "v(?<imageTag>\\\\d+)" doesn\'t match the Git tag "release-v1.2.3"; releases would never be built. Use a pattern like "release-(?<imageTag>v[\\w.-]+)"',
    ],
    [
      "a pattern without dots, as in the vendor's first example",
      { pattern: "release-(?<imageTag>\\w*)" },
      'build.pattern: "release-(?<imageTag>\\\\w*)" doesn\'t match the Git tag "release-v1.2.3"; releases would never be built. Use a pattern like "release-(?<imageTag>v[\\w.-]+)"',
    ],
    [
      "a pattern that means something else when it may match a part",
      { pattern: "release-(?<imageTag>v.+?)" },
      'build.pattern: "release-(?<imageTag>v.+?)" matches only a part of the Git tag "release-v1.2.3" when it may; make it match the whole tag, like "release-(?<imageTag>v[\\w.-]+)"',
    ],
    [
      "a group name that Java doesn't know",
      { pattern: "release-(?<image_tag>v[\\w.-]+)", imageTag: "${image_tag}" },
      'build.pattern: "release-(?<image_tag>v[\\\\w.-]+)" calls a group "image_tag"; group names have letters and digits only, a letter first',
    ],
    [
      "a tag with a group that isn't there",
      { pattern: "release-(?<version>v[\\w.-]+)" },
      'build.imageTag: "${imageTag}" uses the group "imageTag", which the pattern "release-(?<version>v[\\\\w.-]+)" doesn\'t define (its groups are version)',
    ],
    [
      "a tag with a group when there is none",
      { on: "branch", pattern: "main", imageTag: "${imageTag}" },
      'build.imageTag: "${imageTag}" uses the group "imageTag", which the pattern "main" doesn\'t define (it has none)',
    ],
    [
      "a variable without braces",
      { imageTag: "$version" },
      'build.imageTag: "$version" has a "$" without braces; the value of a group is written like "${imageTag}"',
    ],
    [
      "a tag that isn't one",
      { imageTag: "app:${imageTag}" },
      'build.imageTag: "app:${imageTag}" is not a tag for an image; use letters, digits, dots, underscores and hyphens, at most 128',
    ],
    [
      "a branch without pattern",
      { on: "branch" },
      "build.pattern: a build on a branch has no default for it; say which",
    ],
    [
      "a branch without tag",
      { on: "branch", pattern: "main" },
      "build.imageTag: a build on a branch has no default for it; say which",
    ],
    [
      "another event",
      { on: "push" as "tag" },
      'build.on: "push" is nothing that a build starts on; use "tag" or "branch"',
    ],
    [
      "a relative folder",
      { dockerfile: { location: "server" } },
      'build.dockerfile.location: "server" is not a folder of the repository; start at its root, like "/" or "/server"',
    ],
    [
      "a folder outside",
      { dockerfile: { location: "/../etc" } },
      'build.dockerfile.location: "/../etc" is not a folder of the repository; start at its root, like "/" or "/server"',
    ],
    [
      "a path as file name",
      { dockerfile: { name: "server/Dockerfile" } },
      'build.dockerfile.name: "server/Dockerfile" is not a file name; the folder goes into dockerfile.location',
    ],
    [
      "a platform of another kind",
      { platforms: ["linux/amd64", "windows/amd64"] },
      'build.platforms[1]: "windows/amd64" is not a platform that ACR builds for; use forms like "linux/amd64" and "linux/arm64"',
    ],
    [
      "a build argument with its value",
      { arguments: { "GO=1": "x" } },
      'build.arguments: "GO=1" is not a name for a build argument; use letters, digits and underscores, no digit first',
    ],
  ];
  for (const [what, trigger, sentence] of cases) {
    it(`refuses ${what}`, () => expect(refusal(trigger)).to.equal(sentence));
  }

  it("never takes a pattern that misses the way releases are tagged", () => {
    const part = fc.constantFrom(
      "release-",
      "v",
      "\\d+",
      "[\\w.-]+",
      "(?<a>v)",
      "(?<imageTag>.*)",
      "*",
      "?",
      ".",
      "$",
      "(",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const pattern = parts.join("");
        try {
          checkTrigger({ pattern, imageTag: "x" }, "build");
        } catch {
          return true;
        }
        return new RegExp(`^(?:${pattern})$`).test(sampleGitTag);
      }),
    );
  });

  it("gives a tag that registries accept for whatever the default rule builds", () => {
    const trigger = checkTrigger({}, "build");
    fc.assert(
      fc.property(fc.stringMatching(/^v[\w.-]{1,40}$/), (version) => {
        expect(imageTagFor(trigger, `release-${version}`)).to.equal(version);
        return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(version);
      }),
    );
  });

  it("suggests patterns for globs that it would take itself", () => {
    for (const pattern of ["release-*", "release-v*", "release-v*.*"]) {
      const suggestion = /write "(.*)"$/.exec(refusal({ pattern }))?.[1];
      expect(imageTagFor(checkTrigger({ pattern: suggestion! }, "build"), sampleGitTag)).to.not.equal(
        undefined,
      );
    }
  });
});
