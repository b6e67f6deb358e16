import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { client } from "../../github/support";
import { login, ReleaseWorld, sampleDockerfile } from "./release-world";

const sources = { Dockerfile: sampleDockerfile, "go.mod": "module echo\n", "main.go": "package main\n" };

interface Manifest {
  mediaType: string;
  config: { digest: string };
  layers: { digest: string }[];
  manifests: { digest: string; platform: { architecture: string; variant?: string } }[];
}

interface Config {
  created: string;
  config: { Entrypoint: string[]; User: string; ExposedPorts: object; Labels: Record<string, string> };
}

describe("an image build", () => {
  let world: ReleaseWorld;
  before(async () => {
    world = await new ReleaseWorld().start();
  });
  after(() => world.stop());

  const json = async <T>(repository: string, rest: string) => {
    const { status, body } = await world.pull(repository, rest, { who: login });
    expect(status, body.toString("utf8")).to.equal(200);
    return JSON.parse(body.toString("utf8")) as T;
  };
  const configOf = async (repository: string, tag: string) => {
    const { config } = await json<Manifest>(repository, `manifests/${tag}`);
    return json<Config>(repository, `blobs/${config.digest}`);
  };

  it("starts with a release tag and ends with an image of that commit", async () => {
    await world.service("echo-server", sources);
    const folder = await world.clone("echo-server");
    const commit = await world.github.commit(folder, "main.go", "package main // 1\n");
    await world.push(folder, "HEAD:main", "HEAD:refs/tags/release-v1.0.0");
    const [build, ...others] = await world.ended("echo-server", 1);
    expect(others).to.be.empty;
    expect(build).to.include({ status: "SUCCESS", tag: "v1.0.0", commit, ref: "refs/tags/release-v1.0.0" });
    const { created, config } = await configOf("echo-server", "v1.0.0");
    expect(config).to.deep.include({
      Entrypoint: ["/service"],
      User: "65532:65532",
      ExposedPorts: { "8080/tcp": {} },
    });
    expect(config.Labels).to.deep.equal({
      "org.opencontainers.image.created": created,
      "org.opencontainers.image.ref.name": "release-v1.0.0",
      "org.opencontainers.image.revision": commit,
      "org.opencontainers.image.source": "https://github.com/acme/echo-server",
    });
    expect(new Date(created).getTime()).to.equal(build?.startedAt);
    const log = world.log(build?.id ?? "");
    expect(log).to.include("BUILD Step 1/9 : FROM golang:1.24-alpine AS build");
    expect(log.at(-1)).to.match(/^PUSH v1\.0\.0: digest: sha256:[0-9a-f]{64} size: \d+$/);
  });

  it("of a release branch bears the branch and the commit in its tag", async () => {
    const rule = {
      PushType: "GIT_BRANCH",
      PushName: "release-(?<imageTag>v\\d+)",
      ImageTag: "${imageTag}-${commit}",
    };
    await world.service("echo-branch", sources, rule);
    const folder = await world.clone("echo-branch");
    const commit = await world.github.commit(folder, "main.go", "package main // branch\n");
    await world.push(folder, "HEAD:release-v3");
    await world.ended("echo-branch", 1);
    expect(world.tags("echo-branch")).to.deep.equal([`v3-${commit.slice(0, 6)}`]);
  });

  it("doesn't start for other tags and branches, nor when a tag is deleted", async () => {
    await world.service("echo-quiet", sources);
    const folder = await world.clone("echo-quiet");
    await world.push(folder, "HEAD:refs/tags/v1.0.0", "HEAD:refs/heads/release-v1.0.0", "HEAD:main");
    await world.push(folder, "HEAD:refs/tags/release-v0.9.0");
    await world.ended("echo-quiet", 1);
    await world.push(folder, ":refs/tags/release-v0.9.0");
    await world.push(folder, "HEAD:refs/tags/release-v1.0.0");
    await world.ended("echo-quiet", 2);
    expect(world.builds("echo-quiet").map(({ tag }) => tag)).to.deep.equal(["v0.9.0", "v1.0.0"]);
  });

  it("of a broken Dockerfile fails with its reason and leaves no tag", async () => {
    await world.service("echo-broken", {
      ...sources,
      Dockerfile: "FROM golang:1.24\nRUN go vet ./... && exit 3\n",
    });
    const folder = await world.clone("echo-broken");
    await world.push(folder, "HEAD:refs/tags/release-v1.0.0");
    const [build] = await world.ended("echo-broken", 1);
    const reason = 'process "/bin/sh -c go vet ./... && exit 3" did not complete successfully: exit code: 3';
    expect(build).to.include({ status: "FAILED", reason });
    expect(world.log(build?.id ?? "").at(-1)).to.equal(`ERROR ERROR: ${reason}`);
    expect(world.tags("echo-broken")).to.be.empty;
    expect((await world.pull("echo-broken", "manifests/v1.0.0", { who: login })).status).to.equal(404);
  });

  it("fails once when the build machine is lost, and succeeds when it is asked for again", async () => {
    await world.service("echo-lost", sources);
    const folder = await world.clone("echo-lost");
    world.harness.emulator.buildFaults.set({ repository: "echo-lost", kind: "fail" });
    await world.push(folder, "HEAD:refs/tags/release-v1.0.0");
    const [lost] = await world.ended("echo-lost", 1);
    expect(lost).to.include({ status: "FAILED", reason: "the build machine was lost" });
    const again = await world.cr("CreateBuildRecordByRecord", "echo-lost", { BuildRecordId: lost?.id });
    const [, second] = await world.ended("echo-lost", 2);
    expect(second).to.include({ id: again["BuildRecordId"], status: "SUCCESS", commit: lost?.commit });
  });

  it("can't replace an immutable tag, and says so", async () => {
    const RepoId = await world.service("echo-fixed", sources);
    const { InstanceId } = { InstanceId: world.instanceId };
    const fixed = { RepoType: "PRIVATE", Summary: "Fixed", TagImmutability: true };
    await world.harness.client.cr("UpdateRepository", { InstanceId, RepoId, ...fixed });
    const folder = await world.clone("echo-fixed");
    await world.push(folder, "HEAD:refs/tags/release-v1.0.0");
    const [first] = await world.ended("echo-fixed", 1);
    await world.github.commit(folder, "main.go", "package main // moved\n");
    await world.push(folder, "HEAD:refs/tags/release-v1.0.0");
    const [, second] = await world.ended("echo-fixed", 2);
    expect(first).to.include({ status: "SUCCESS" });
    expect(second).to.include({
      status: "FAILED",
      reason: "denied: the tag v1.0.0 of echo-dev/echo-fixed is immutable and can't be overwritten",
    });
    const { headers } = await world.pull("echo-fixed", "manifests/v1.0.0", { who: login });
    expect(headers["docker-content-digest"]).to.equal(first?.digest);
  });

  it("moves a tag that may move", async () => {
    await world.service("echo-moving", sources);
    const folder = await world.clone("echo-moving");
    await world.push(folder, "HEAD:refs/tags/release-v1.0.0");
    await world.ended("echo-moving", 1);
    const commit = await world.github.commit(folder, "main.go", "package main // moved\n");
    await world.push(folder, "HEAD:refs/tags/release-v1.0.0");
    await world.ended("echo-moving", 2);
    const { config } = await configOf("echo-moving", "v1.0.0");
    expect(config.Labels["org.opencontainers.image.revision"]).to.equal(commit);
  });

  it("for two platforms makes an index of two images", async () => {
    const both = {
      Platforms: ["linux/amd64", "linux/arm64"],
      PushType: "GIT_TAG",
      PushName: "v1",
      ImageTag: "v1",
    };
    await world.service("echo-both", sources, both);
    const folder = await world.clone("echo-both");
    await world.push(folder, "HEAD:refs/tags/v1");
    await world.ended("echo-both", 1);
    const { mediaType, manifests } = await json<Manifest>("echo-both", "manifests/v1");
    expect(mediaType).to.equal("application/vnd.oci.image.index.v1+json");
    expect(manifests.map(({ platform }) => platform.architecture)).to.deep.equal(["amd64", "arm64"]);
    for (const { digest, platform } of manifests) {
      const { config } = await json<Manifest>("echo-both", `manifests/${digest}`);
      expect(await json("echo-both", `blobs/${config.digest}`)).to.include({
        architecture: platform.architecture,
      });
    }
  });

  it("needs a bound GitHub account for a private repository", async () => {
    await world.service("echo-private", sources);
    const folder = await world.clone("echo-private");
    await world.github.call("PATCH", "/repos/acme/echo-private", { visibility: "private" });
    world.harness.emulator.faults.sourceAccountBound = false;
    await world.push(folder, "HEAD:refs/tags/release-v1.0.0");
    const [build] = await world.ended("echo-private", 1);
    world.harness.emulator.faults.sourceAccountBound = true;
    expect(build).to.include({ status: "FAILED" });
    expect(build?.reason).to.equal(
      "git clone https://github.com/acme/echo-private: it is private or doesn't exist, and no GitHub account is bound to the instance",
    );
    await world.push(folder, "HEAD:refs/tags/release-v1.0.1");
    const [, second] = await world.ended("echo-private", 2);
    expect(second).to.include({ status: "SUCCESS" });
  });

  it("is one of twenty that were pushed at once, and all of them succeed", async () => {
    const names = ["one", "two", "three", "four"].map((each) => `twenty-${each}`);
    const folders = new Map<string, string>();
    for (const name of names) {
      await world.service(name, sources);
      folders.set(name, await world.clone(name));
    }
    const numbers = [0, 1, 2, 3, 4];
    const pushes = names.flatMap((name) =>
      numbers.map((number) => world.push(folders.get(name) ?? "", `HEAD:refs/tags/release-v1.0.${number}`)),
    );
    await Promise.all(pushes);
    for (const name of names) {
      const builds = await world.ended(name, 5);
      expect(builds.map(({ status, tag }) => `${tag} ${status}`).sort()).to.deep.equal(
        numbers.map((number) => `v1.0.${number} SUCCESS`),
      );
      const created = await Promise.all(
        world.tags(name).map(async (tag) => (await configOf(name, tag)).created),
      );
      expect(new Set(created)).to.have.lengthOf(5);
    }
  });

  it("sees the branch that the push moved, not what came after it", async () => {
    const rule = { PushType: "GIT_BRANCH", PushName: "main", ImageTag: "main-${commit}" };
    await world.service("echo-series", sources, rule);
    const folder = await world.clone("echo-series");
    const commits: string[] = [];
    for (const number of [1, 2, 3]) {
      writeFileSync(join(folder, "number"), String(number));
      commits.push(await world.github.commit(folder, "main.go", `package main // ${number}\n`));
      await client(["-C", folder, "push", "--quiet", "origin", "HEAD:main"]);
    }
    await world.ended("echo-series", 3);
    for (const commit of commits) {
      const { config } = await configOf("echo-series", `main-${commit.slice(0, 6)}`);
      expect(config.Labels["org.opencontainers.image.revision"]).to.equal(commit);
    }
  });
});
