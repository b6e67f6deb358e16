import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { waitFor } from "../../../supervisor";
import { login, ReleaseWorld, sampleDockerfile } from "./release-world";

const sources = { Dockerfile: sampleDockerfile, "go.mod": "module echo\n", "main.go": "package main\n" };

describe("a restart of the registry and its builds", () => {
  let world: ReleaseWorld;
  beforeEach(async () => {
    world = await new ReleaseWorld().start();
    await world.service("echo-server", sources);
  });
  afterEach(() => world.stop());
  const statuses = () => world.builds("echo-server").map(({ tag, status }) => `${tag} ${status}`);

  it("keeps images, records, logs and tokens", async () => {
    await world.push(await world.clone("echo-server"), "HEAD:refs/tags/release-v1.0.0");
    const [build] = await world.ended("echo-server", 1);
    const log = world.log(build?.id ?? "");
    const before = world.harness.emulator.dump();
    const { token } = await world.token("echo-server", "pull", login);
    await world.restart();
    expect(world.harness.emulator.dump()).to.deep.equal(before);
    expect(world.log(build?.id ?? "")).to.deep.equal(log);
    const address = `https://${world.host()}/v2/echo-dev/echo-server/manifests/v1.0.0`;
    const accept = "application/vnd.oci.image.manifest.v1+json";
    const { status, headers } = await world.ask(address, {
      headers: { authorization: `Bearer ${token}`, accept },
    });
    expect([status, headers["docker-content-digest"]]).to.deep.equal([200, build?.digest]);
  });

  it("goes on with builds that were under way or waiting", async () => {
    world.buildDuration = 60_000;
    await world.restart();
    const folder = await world.clone("echo-server");
    await world.push(folder, "HEAD:refs/tags/release-v1.0.0", "HEAD:refs/tags/release-v1.0.1");
    const both = async () => {
      const seen = statuses().sort().join(", ");
      return seen === "v1.0.0 BUILDING, v1.0.1 PENDING" ? undefined : seen;
    };
    await waitFor("one build under way and one waiting", both, { within: 5000, every: 10 });
    const started = world.builds("echo-server")[0]?.startedAt;
    world.buildDuration = 50;
    await world.restart();
    const builds = await world.ended("echo-server", 2);
    expect(statuses()).to.deep.equal(["v1.0.0 SUCCESS", "v1.0.1 SUCCESS"]);
    expect(builds[0]?.startedAt).to.equal(started);
    expect(world.log(builds[0]?.id ?? "").join("\n")).to.include("the build begins again");
  });

  it("repeats a build that was killed after its push, though its tag is immutable by now", async () => {
    const { id: RepoId } = world.harness.emulator.dump().repositories[0] as { id: string };
    const fixed = { RepoType: "PRIVATE", Summary: "Fixed", TagImmutability: true };
    await world.harness.client.cr("UpdateRepository", { InstanceId: world.instanceId, RepoId, ...fixed });
    await world.push(await world.clone("echo-server"), "HEAD:refs/tags/release-v1.0.0");
    const [first] = await world.ended("echo-server", 1);
    await world.restart(async () => {
      const file = join(world.harness.folder, "state.json");
      const state = JSON.parse(readFileSync(file, "utf8")) as { builds: Record<string, unknown>[] };
      Object.assign(state.builds[0] ?? {}, { status: "BUILDING", endedAt: undefined, digest: undefined });
      writeFileSync(file, JSON.stringify(state));
    });
    const [again] = await world.ended("echo-server", 1);
    expect(again).to.include({ status: "SUCCESS", digest: first?.digest });
  });

  it("clears away what deleted repositories have left behind", async () => {
    await world.push(await world.clone("echo-server"), "HEAD:refs/tags/release-v1.0.0");
    await world.ended("echo-server", 1);
    const { id: RepoId } = world.harness.emulator.dump().repositories[0] as { id: string };
    const folder = join(world.home, "registry/storage/docker/registry/v2/repositories", RepoId);
    const logs = join(world.harness.folder, "build-logs");
    expect([existsSync(folder), readdirSync(logs).length]).to.deep.equal([true, 1]);
    await world.harness.client.cr("DeleteRepository", { InstanceId: world.instanceId, RepoId });
    await waitFor(
      "the end of the repository",
      async () => (world.harness.emulator.dump().repositories.length === 0 ? undefined : "there"),
      { within: 3000 },
    );
    await world.restart();
    expect([existsSync(folder), readdirSync(logs).length]).to.deep.equal([false, 0]);
  });

  it("is not needed when the registry process dies: it comes back, and a push that was under way waits for it", async () => {
    const folder = await world.clone("echo-server");
    const pid = Number(readFileSync(join(world.home, "registry/registry.pid"), "utf8"));
    process.kill(-pid, "SIGKILL");
    await world.push(folder, "HEAD:refs/tags/release-v1.0.0");
    const [build] = await world.ended("echo-server", 1);
    expect(build, world.log(build?.id ?? "").join("\n")).to.include({ status: "SUCCESS" });
    expect((await world.pull("echo-server", "manifests/v1.0.0", { who: login })).status).to.equal(200);
    expect(world.complaints).to.deep.equal(["the registry process ended by itself; it is started again"]);
  });
});
