import { expect } from "chai";
import { brokenBy, checkRules, releaseSteps, sourcesOf } from "../../operations/release";
import { breakBuild, breakingSubjects, breakStart, visibleChange } from "../../operations/source-change";
import { commandLine, type Step } from "../../operations/step";
import { nextPatch, parseLine, parseVersion } from "../../operations/version";
import { platform } from "./fixtures";

const printed = (steps: Step[]) =>
  steps.map((step) => ("edit" in step ? `# ${step.edit}: ${step.says}` : commandLine(step.run)));
const change = {
  file: "main.go",
  says: "its text says v1.0.1",
  subject: "Say v1.0.1",
  change: (text: string) => text,
};

describe("A release", () => {
  it("is a change, a commit, a tag and one push of both", () => {
    const steps = releaseSteps({
      folder: "/w/echo-server",
      branch: "main",
      trigger: { on: "tag", name: "release-v1.0.1" },
      change,
      repair: 0,
    });
    expect(printed(steps)).to.deep.equal([
      "# main.go: its text says v1.0.1",
      "git add main.go",
      "git commit --quiet --message 'Say v1.0.1'",
      "git tag release-v1.0.1",
      "git push --quiet --atomic origin HEAD:refs/heads/main release-v1.0.1",
    ]);
    expect(steps.every((step) => step.in === "/w/echo-server")).to.equal(true);
  });

  it("by branch pushes the branch of its line", () => {
    const steps = releaseSteps({
      folder: "/w",
      branch: "main",
      trigger: { on: "branch", name: "release-v3" },
      change,
      repair: 0,
    });
    expect(printed(steps).slice(-1)).to.deep.equal([
      "git push --quiet --atomic origin HEAD:refs/heads/main HEAD:refs/heads/release-v3",
    ]);
  });

  it("takes back a commit that broke the image before it goes on", () => {
    const steps = releaseSteps({
      folder: "/w",
      branch: "main",
      trigger: { on: "tag", name: "release-v1.0.2" },
      change,
      repair: 1,
    });
    expect(printed(steps)[0]).to.equal("git revert --no-edit HEAD");
    expect(brokenBy([...breakingSubjects, "Say v1.0.1", breakingSubjects[0]!])).to.equal(2);
    expect(brokenBy(["Say v1.0.1", ...breakingSubjects])).to.equal(0);
  });

  it("concerns every source repository of the service once, or those of the named images", () => {
    const { echo } = platform.services;
    expect(sourcesOf(echo!, undefined).map(({ source }) => source)).to.deep.equal([
      "acme/echo-server",
      "acme/echo-web-server",
    ]);
    expect(sourcesOf(echo!, ["echoWebServer"]).map(({ source }) => source)).to.deep.equal([
      "acme/echo-web-server",
    ]);
    expect(() => sourcesOf(echo!, ["web"])).to.throw(
      '"web" is not an image of the service; there are: echoServer, echoWebServer',
    );
    const { echoServer } = echo!.images;
    const twice = { ...echo!, images: { one: echoServer!, other: echoServer! } };
    expect(sourcesOf(twice, undefined)).to.have.length(1);
  });

  it("that no rule would build is refused", () => {
    const { greeter } = platform.services;
    const sources = sourcesOf(greeter!, undefined);
    expect(() => checkRules("greeter", sources, { on: "tag", name: "release-v1.0.0" })).not.to.throw();
    expect(() => checkRules("greeter", sources, { on: "branch", name: "release-v3" })).to.throw(
      "No build rule of acme/greeter follows the branch release-v3: nothing would be built. Add one to build.rules",
    );
  });
});

describe("A version", () => {
  it("is typed with or without its v", () => {
    expect(parseVersion("1.2.3")).to.deep.equal({
      tag: "v1.2.3",
      gitTag: "release-v1.2.3",
      branch: "release-v1",
    });
    expect(parseVersion("v1.2.3-rc.1").gitTag).to.equal("release-v1.2.3-rc.1");
    for (const wrong of ["1.2", "release-v1.2.3", "v1.2.3 ", "latest", "v1.2.3/4"]) {
      expect(() => parseVersion(wrong), wrong).to.throw("Use one like v1.2.3.");
    }
    expect(() => parseVersion(undefined)).to.throw("Which version? Use one like v1.2.3.");
  });

  it("of a line is its first number", () => {
    expect([parseLine("v3"), parseLine("3"), parseLine("v3.1.0")]).to.deep.equal([
      "release-v3",
      "release-v3",
      "release-v3",
    ]);
    expect(() => parseLine("main")).to.throw("Use one like v3.");
  });

  it("is followed by the next patch", () => {
    expect(nextPatch("v1.0.9")).to.equal("v1.0.10");
    expect(() => nextPatch("v3-5a7147")).to.throw("--to v1.2.4");
  });
});

describe("The change of a release", () => {
  const source = `package main

// Change it, commit and push a release tag to see a release travel.
const message = "hello from echo-server"
`;
  const dockerfile = `FROM golang AS build\nFROM scratch\nUSER 65532\nENTRYPOINT ["/service"]\n`;

  it("is a text that says the version, and forgets the version before", () => {
    const files: Record<string, string> = { "go.mod": "module x", "main.go": source };
    const edit = visibleChange(Object.keys(files), (path) => files[path], "v1.0.1");
    expect(edit.file).to.equal("main.go");
    const once = edit.change(source);
    expect(once).to.contain('const message = "hello from echo-server v1.0.1"');
    expect(visibleChange(["main.go"], () => once, "v1.0.2-rc.1").change(once)).to.contain(
      '"hello from echo-server v1.0.2-rc.1"\n',
    );
  });

  it("is an entry of the changelog in sources without such a text", () => {
    const edit = visibleChange(["index.js"], () => "console.log('hello')", "v1.0.1");
    expect([edit.file, edit.change("## v1.0.0\n")]).to.deep.equal([
      "CHANGELOG.md",
      "## v1.0.1\n\nA release.\n\n## v1.0.0\n",
    ]);
  });

  it("can break the build, or the start of the container", () => {
    const read = () => dockerfile;
    expect(breakBuild(read).change(dockerfile)).to.match(/^FORM golang AS build\nFROM scratch/);
    expect(breakStart(read).change(dockerfile)).to.equal(
      'FROM golang AS build\nFROM scratch\nUSER 65532\nENTRYPOINT ["/bin/false"]\n',
    );
    expect(breakingSubjects).to.have.members([breakBuild(read).subject, breakStart(read).subject]);
    expect(() => breakBuild(() => undefined)).to.throw("no Dockerfile");
  });
});
