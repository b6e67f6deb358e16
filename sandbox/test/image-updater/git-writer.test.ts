import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { behaviourOf, type Release } from "../../image-updater/behaviour";
import { GitClones } from "../../image-updater/git-clones";
import { GitWriter } from "../../image-updater/git-writer";
import type { GitWriteBack } from "../../image-updater/ports";
import { botToken, Deployment, kustomization } from "./deployment";

describe("Image Updater stand-in: writing to git", () => {
  const chart: GitWriteBack["target"] = {
    kind: "override",
    path: "charts/echo/.argocd-source-echo-dev.yaml",
  };
  const message = "build: automatic update of echo-dev\n\nupdates image echo tag 'v1' to 'v2'\n";
  let deployment: Deployment;
  let home: string;

  beforeEach(async () => {
    deployment = await new Deployment().start();
    home = deployment.world.folder();
  });
  afterEach(() => deployment.stop());

  const writer = (release?: Release, password = botToken, signal = new AbortController().signal) => {
    const access = async () => ({ username: "x-access-token", password, insecure: true });
    return new GitWriter(new GitClones(home, "/dev/null", {}, signal), access, behaviourOf(release));
  };
  const to = (more: Partial<GitWriteBack> = {}): GitWriteBack => ({
    method: "git",
    repository: deployment.url,
    credentials: "repocreds",
    branch: "main",
    writeBranch: "",
    target: chart,
    ...more,
  });
  const text = (content: string) => () => ({ content, message });
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => "nothing failed",
      (error: Error) => error.message,
    );

  it("makes one commit of one file, by the name and with the message that the real one uses", async () => {
    expect(await writer().change(to(), "", text("a: 1\n"))).to.equal(true);
    expect(deployment.git("log", "-1", "--format=%an <%ae> %cn <%ce>%n%B", "main")).to.equal(
      "argocd-image-updater <noreply@argoproj.io> argocd-image-updater <noreply@argoproj.io>\n" +
        message.trimEnd(),
    );
    expect(deployment.git("show", "--format=", "--name-status", "main")).to.equal(`A\t${chart.path}`);
    expect(deployment.file(chart.path)).to.equal("a: 1\n");
  });

  it("makes a file at the root of the repository", async () => {
    const target = { kind: "override", path: ".argocd-source-echo-dev.yaml" } as const;
    expect(await writer().change(to({ target }), "", text("a: 1\n"))).to.equal(true);
    expect(deployment.file(target.path)).to.equal("a: 1\n");
  });

  it("sees what others pushed in between, and commits nothing when the file is to stay", async () => {
    const git = writer();
    const seen: (string | undefined)[] = [];
    const leave = (file: string | undefined) => {
      seen.push(file);
      return undefined;
    };
    expect(await git.change(to(), "", leave)).to.equal(false);
    await git.change(to(), "", text("a: 1\n"));
    await deployment.push(chart.path, "a: 2 # by hand\n");
    git.beginCycle();
    expect(await git.change(to(), "", leave)).to.equal(false);
    expect([seen.at(0), seen.at(-1)]).to.deep.equal([undefined, "a: 2 # by hand\n"]);
    await git.change(to(), "", (file) => ({ content: `${file}b: 1\n`, message }));
    await deployment.push(chart.path, "a: 3 # by hand\n");
    await git.change(to(), "", (file) => ({ content: `${file}b: 2\n`, message }));
    expect(deployment.file(chart.path)).to.equal("a: 3 # by hand\nb: 2\n");
    expect(deployment.subjects()).to.have.length(5);
  });

  it("fetches once in a cycle in which there is nothing to write", async () => {
    const git = writer();
    const fetches = () =>
      deployment.world.github.calls().filter(({ path }) => /upload-pack/.test(path)).length;
    await git.change(to(), "", () => undefined);
    const before = fetches();
    for (let i = 0; i < 5; i++) await git.change(to(), "", () => undefined);
    expect(fetches()).to.equal(before);
    git.beginCycle();
    await git.change(to(), "", () => undefined);
    expect(fetches()).to.be.above(before);
  });

  it("takes the remote's default branch when none is named", async () => {
    deployment.git("branch", "trunk", "main");
    deployment.git("symbolic-ref", "HEAD", "refs/heads/trunk");
    await writer().change(to({ branch: "" }), "", text("a: 1\n"));
    expect(deployment.subjects("trunk")).to.have.length(1);
    expect(deployment.subjects("main")).to.deep.equal([]);
  });

  it("can't write to a tag, to a commit or to a branch that isn't there", async () => {
    for (const branch of ["v1.0.0", deployment.git("rev-parse", "main"), "other"]) {
      expect(await failure(writer().change(to({ branch }), "", text("a: 1\n")))).to.match(
        /^could not find branch '.*'.*; to a tag or a commit nothing can be written$/,
      );
    }
  });

  it("loses a race with an error, and wins the next time", async () => {
    const git = writer();
    const raced = git.change(to(), "", () => {
      deployment.commitMeanwhile();
      return { content: "a: 1\n", message };
    });
    expect(await failure(raced)).to.match(/^could not push main to origin: .*\[rejected\]/s);
    expect(deployment.subjects()).to.deep.equal(["Something else"]);
    await git.change(to(), "", text("a: 1\n"));
    expect(deployment.subjects()).to.deep.equal(["build: automatic update of echo-dev", "Something else"]);
  });

  it("writes for many Applications at once, one commit each, none lost", async () => {
    const git = writer();
    const files = Array.from({ length: 8 }, (_, i) => `charts/echo/.argocd-source-echo-${i}.yaml`);
    await Promise.all(
      files.map((path) => git.change(to({ target: { kind: "override", path } }), "", text(`${path}\n`))),
    );
    expect(deployment.subjects()).to.have.length(8);
    for (const path of files) expect(deployment.file(path)).to.equal(`${path}\n`);
  });

  it("pushes to a branch of its own, and uses it again from v0.15.1 on", async () => {
    await writer().change(to(), "image-updates", text("a: 1\n"));
    await deployment.push("README.md", "# Deployment\n");
    await writer().change(to(), "image-updates", (file) => ({ content: `${file}b: 2\n`, message }));
    expect(deployment.subjects("image-updates")).to.have.length(2);
    expect(deployment.file(chart.path, "image-updates")).to.equal("a: 1\nb: 2\n");
    expect(deployment.subjects("main")).to.deep.equal(["Change README.md"]);
    expect(await failure(writer("v0.14").change(to(), "image-updates", text("a: 3\n")))).to.match(/rejected/);
  });

  it("finds the file of a kustomization by any of its names", async () => {
    const target = { kind: "kustomization", path: "kustomize/greeter/overlays/dev" } as const;
    await writer().change(to({ target }), "", (file) => ({ content: `${file}images: []\n`, message }));
    const path = `${target.path}/kustomization.yml`;
    expect(deployment.file(path)).to.equal(`${kustomization}images: []\n`);
    const missing = { kind: "kustomization", path: "charts" } as const;
    const files: unknown[] = [];
    await writer().change(to({ target: missing }), "", (file) => void files.push(file) as undefined);
    expect(files).to.deep.equal([undefined]);
  });

  it("makes a file but no folder, and stays in the repository", async () => {
    const at = (path: string) =>
      failure(writer().change(to({ target: { kind: "helmvalues", path } }), "", text("a: 1\n")));
    expect(await at("chart/values.yaml")).to.equal("open chart/values.yaml: no such file or directory");
    expect(await at("../values.yaml")).to.match(/outside of the repository/);
    expect(await at("values-dev.yaml")).to.equal("nothing failed");
    expect(deployment.file("values-dev.yaml")).to.equal("a: 1\n");
  });

  it("says that GitHub refuses its token, without showing it", async () => {
    const said = await failure(writer(undefined, "ghp_wrong").change(to(), "", text("a: 1\n")));
    expect(said).to.match(/Authentication failed/);
    expect(said).not.to.include("ghp_wrong");
    expect(existsSync(join(home, "askpass.sh"))).to.equal(true);
  });

  it("goes on from whatever a killed process left, and after a broken clone", async () => {
    const clones = join(home, "clones");
    const git = writer();
    await git.change(to(), "", text("a: 1\n"));
    const [clone = ""] = readdirSync(clones);
    rmSync(join(clones, clone), { recursive: true });
    mkdirSync(join(clones, clone));
    expect(await failure(git.change(to(), "", text("a: 2\n")))).to.match(/not a git repository/);
    await git.change(to(), "", text("a: 2\n"));
    writeFileSync(join(clones, clone, "shallow.lock"), "");
    await writer().change(to(), "", text("a: 3\n"));
    expect(deployment.file(chart.path)).to.equal("a: 3\n");
    expect(deployment.subjects()).to.have.length(3);
  });

  it("ends with its process, while a server keeps it waiting", async () => {
    const ending = new AbortController();
    const server = createServer(() => ending.abort());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const repository = `http://127.0.0.1:${(server.address() as AddressInfo).port}/acme/echo-deploy.git`;
    const git = writer(undefined, botToken, ending.signal);
    expect(await failure(git.change(to({ repository }), "", text("a: 1\n")))).to.match(/abort/i);
    server.close();
    server.closeAllConnections();
  });
});
