import { expect } from "chai";
import { stops } from "../../operations/arrive-without-steps";
import { chooseDeployment, notFound, type PastDeployment } from "../../operations/history";
import { imagesIn, sameVersions, stableVersions, versionsOf, versionText } from "../../operations/images";
import { forwardSteps, goodAndBad, nextFree } from "../../operations/rollback-forward";
import { ignoreSteps, replacementsOf, setBack, setBackSteps } from "../../operations/rollback-in-git";
import { rollbackCommand } from "../../operations/rollback-in-history";
import { commandLine, type Step } from "../../operations/step";
import { platform, seen } from "./fixtures";

const printed = (steps: Step[]) =>
  steps.map((step) => ("edit" in step ? `# ${step.edit}: ${step.says}` : commandLine(step.run)));
const past = (...tags: string[]): PastDeployment[] =>
  tags.map((tag, id) => ({ id, revision: `${id}`.repeat(40), deployedAt: "", versions: { greeter: [tag] } }));
const { echo } = platform.services;
const reference = (alias: string) => echo!.images[alias]!.reference;

describe("A canary on the way back", () => {
  it("is sent to its end when it stops, and once more when that got lost, three times in all", () => {
    const waiting = { name: "greeter", standing: "waiting" } as const;
    expect(stops(waiting, {}, 50_000)).to.equal(true);
    expect(stops({ ...waiting, standing: "moving" }, {}, 50_000)).to.equal(false);
    expect(stops(waiting, { greeter: [45_000] }, 50_000)).to.equal(false);
    expect(stops(waiting, { other: [45_000] }, 50_000)).to.equal(true);
    expect(stops(waiting, { greeter: [35_000] }, 50_000)).to.equal(true);
    expect(stops(waiting, { greeter: [1_000, 12_000, 23_000] }, 50_000)).to.equal(false);
  });
});

describe("The deployment to go back to", () => {
  it("is the one before the current versions came first", () => {
    expect(chooseDeployment(past("v1", "v2"), undefined)?.id).to.equal(0);
    expect(chooseDeployment(past("v1", "v2", "v2"), undefined)?.id, "deployed twice").to.equal(0);
    expect(chooseDeployment(past("v1", "v2", "v3", "v2"), undefined)?.id, "went back once").to.equal(0);
    expect(chooseDeployment(past("v1", "v2", "v1"), undefined), "nothing older").to.equal(undefined);
    expect(chooseDeployment([], undefined)).to.equal(undefined);
  });

  it("is named by number, commit or version", () => {
    const history = past("v1.0.0", "v1.0.1", "v1.0.0", "v1.0.2");
    expect(chooseDeployment(history, "1")?.id).to.equal(1);
    expect(chooseDeployment(history, "3333333")?.id).to.equal(3);
    expect(chooseDeployment(history, "v1.0.0")?.id, "the newest of them").to.equal(2);
    expect(chooseDeployment(history, "1.0.1")?.id).to.equal(1);
    expect(chooseDeployment(history, "v9.9.9")).to.equal(undefined);
    expect(notFound("greeter-staging", "v9.9.9", history).message).to.contain("  1  1111111  v1.0.1");
  });

  it("is deployed by Argo CD's own command", () => {
    expect(commandLine(rollbackCommand("greeter-staging", { id: 4 }))).to.equal(
      "argocd app rollback greeter-staging 4",
    );
  });
});

describe("What a way forward takes back", () => {
  const newest = { greeter: "v3" };
  const history = past("v1", "v2", "v3");

  it("is the newest version, for the one that ran before", () => {
    const all = { good: { greeter: ["v2"] }, bad: { greeter: ["v3"] } };
    expect(goodAndBad(seen(["v3"], ["v3"]), newest, history), "it is deployed").to.deep.equal(all);
    expect(goodAndBad(seen(["v2", "v3"], ["v3"]), newest, []), "a canary waits").to.deep.equal(all);
    expect(goodAndBad(seen(["v2"], ["v3"]), newest, []), "the history was gone back").to.deep.equal(all);
    expect(goodAndBad(seen(["v2"], ["v2"]), newest, history), "it is ignored").to.deep.equal(all);
  });

  it("is unknown while nothing else ever ran", () => {
    expect(goodAndBad(seen(["v3"], ["v3"]), newest, past("v3")).good).to.equal(undefined);
    expect(goodAndBad(seen([], ["v3"]), newest, []).good).to.equal(undefined);
  });
});

describe("A tag that is taken back in Git", () => {
  const helm = `helm:
  parameters:
  - name: image.echoServer.repository
    value: ${reference("echoServer")}
    forcestring: true
  - name: image.echoServer.tag
    value: v1.0.1
    forcestring: true
  - name: image.echoWebServer.repository
    value: ${reference("echoWebServer")}
    forcestring: true
  - name: image.echoWebServer.tag
    value: v1.0.1
    forcestring: true
`;

  it("changes next to its own image only", () => {
    const bad = { echoServer: ["v1.0.1"], echoWebServer: ["v1.0.1"] };
    const one = replacementsOf(bad, { echoServer: ["v1.0.0"], echoWebServer: ["v1.0.1"] }, reference);
    expect(setBack(helm, one)).to.equal(helm.replace("value: v1.0.1", "value: v1.0.0"));
    const each = replacementsOf(bad, { echoServer: ["v1.0.0"], echoWebServer: ["v0.9.0"] }, reference);
    expect(setBack(helm, each)).to.match(
      /echoServer.tag\n {4}value: v1.0.0[\s\S]*echoWebServer.tag\n {4}value: v0.9.0/,
    );
  });

  it("changes behind the image with Kustomize, and never in the middle of a word", () => {
    const [greeter] = Object.values(platform.services["greeter"]!.images);
    const file = `kustomize:\n  images:\n  - greeter=${greeter!.reference}:v1.0.1\n`;
    const replacement = { image: greeter!.reference, bad: "v1.0.1", good: "v1.0.0" };
    expect(setBack(file, [replacement])).to.equal(file.replace("v1.0.1", "v1.0.0"));
    const longer = file.replace("v1.0.1", "v1.0.1-rc1");
    expect(setBack(longer, [replacement])).to.equal(longer);
    const other = file.replace("v1.0.1", "v1x0.1");
    expect(setBack(other, [replacement])).to.equal(other);
  });

  it("is ignored first, after those that are ignored already", () => {
    const replacements = replacementsOf(
      { echoServer: ["v1.0.1"], echoWebServer: ["v1.0.1"] },
      { echoServer: ["v1.0.0"], echoWebServer: ["v1.0.0"] },
      reference,
    );
    expect(
      printed(ignoreSteps("/stack", { service: "echo", environment: "staging" }, ["v0.9.0"], replacements)),
    ).to.deep.equal([
      "pulumi config set --path 'ackone-delivery:services.echo.ignoreTags.staging[1]' v1.0.1",
      "pulumi up --yes --skip-preview --non-interactive",
    ]);
    const known = ignoreSteps(
      "/stack",
      { service: "echo", environment: "staging" },
      ["v1.0.1"],
      replacements,
    );
    expect(printed(known)).to.have.length(1);
  });

  it("is committed and pushed, if need be after whatever Image Updater pushed meanwhile", () => {
    const replacements = [{ image: reference("echoServer"), bad: "v1.0.1", good: "v1.0.0" }];
    const file = "charts/echo/.argocd-source-echo-staging.yaml";
    expect(
      printed(setBackSteps("/w", "main", [file], "Set echo-staging back to v1.0.0", replacements)),
    ).to.deep.equal([
      `# ${file}: v1.0.1 becomes v1.0.0`,
      "git commit --quiet --all --message 'Set echo-staging back to v1.0.0'",
      "git push --quiet origin HEAD:refs/heads/main",
    ]);
    const push = setBackSteps("/w", "main", [file], "", replacements).at(-1);
    expect(push).to.deep.include({ retryAfter: ["git", "pull", "--quiet", "--rebase", "origin", "main"] });
  });
});

describe("A version that is taken back forward", () => {
  it("is followed by the next one that was never tagged", () => {
    expect(nextFree("v1.0.1", []).gitTag).to.equal("release-v1.0.2");
    expect(nextFree("v1.0.1", ["release-v1.0.2", "release-v1.0.3", "v1.0.4"]).gitTag).to.equal(
      "release-v1.0.4",
    );
  });

  it("reverts everything since the last good release, and releases that", () => {
    const commits = ["c2", "c1"];
    expect(
      printed(forwardSteps({ folder: "/w", branch: "trunk", commits, gitTag: "release-v1.0.2" })),
    ).to.deep.equal([
      "git revert --no-edit --mainline 1 c2 c1",
      "git tag release-v1.0.2",
      "git push --quiet --atomic origin HEAD:refs/heads/trunk release-v1.0.2",
    ]);
  });
});

describe("The versions of a service", () => {
  it("are the tags of its own images", () => {
    const images = [
      `${reference("echoServer")}:v1.0.1`,
      `${reference("echoServer")}-two:v9`,
      `${reference("echoWebServer")}:v1.0.0`,
      "nginx:1",
    ];
    expect(versionsOf(echo!, images)).to.deep.equal({ echoServer: ["v1.0.1"], echoWebServer: ["v1.0.0"] });
    expect(versionsOf(echo!, [`${reference("echoServer")}:stable@sha256:12`])["echoServer"]).to.deep.equal([
      "stable@sha256:12",
    ]);
  });

  it("are found in manifests, in every container", () => {
    const manifests = `
kind: Deployment
spec: {template: {spec: {initContainers: [{image: "a:1"}], containers: [{image: "b:2"}, {name: none}]}}}
---
kind: ConfigMap
data: {image: "c:3"}
---
---
kind: Rollout
spec: {template: {spec: {containers: [{image: "d:4"}]}}}
`;
    expect(imagesIn(manifests)).to.deep.equal(["a:1", "b:2", "d:4"]);
  });

  it("read as one where they are all the same", () => {
    expect(versionText({ a: ["v1"], b: ["v1"] })).to.equal("v1");
    expect(versionText({ a: ["v1", "v2"], b: ["v1"] })).to.equal("a v1 + v2, b v1");
    expect(versionText({ a: [] })).to.equal("none");
  });

  it("that ran before are those that aren't new", () => {
    const live = { a: ["v1", "v2"], b: ["v1"] };
    expect(stableVersions(live, { a: ["v2"], b: ["v1"] })).to.deep.equal({ a: ["v1"], b: ["v1"] });
    expect(sameVersions({ a: ["v1"], b: ["v1"] }, { b: ["v1"], a: ["v1"] })).to.equal(true);
  });
});
