import { expect } from "chai";
import { waitFor } from "../../../supervisor";
import { describeApplication, usePipeline } from "../support/pipeline";
import { atRest, hasPods } from "./environments";
import { announced, atHome, pushedCommits } from "./git-work";

interface ServicesConfig {
  greeter: { images: { greeter: { build?: unknown } } };
}

/** As docs/runbooks/release.md has it, beside the rule for tags. */
const rules = [
  { on: "tag" },
  { on: "branch", pattern: "release-(?<line>v\\d+)", imageTag: `\${line}-\${commit}` },
];

describe("a push to a source repository", function () {
  this.timeout(600_000);
  const pipeline = usePipeline();
  const source = async (service: string) =>
    Object.values((await pipeline().operator.platform()).services[service]!.images)[0]!.source;
  const builds = async () => (await pipeline().sandbox.pipeline()).builds;
  const buildsSince = async (since: number) =>
    (await builds())
      .filter(({ createdAt }) => createdAt >= since)
      .map(({ repository, tag, ref, status }) => `${repository}:${tag} of ${ref}: ${status}`);

  it("of the tag release-v<version> builds that version, which ends in Dev", async () => {
    const watch = await pipeline().release("greeter");
    const { tag, since } = watch.release;
    await pipeline().arrived(watch, 120_000);
    // The commit was pushed to main as well, which no rule follows.
    expect(await buildsSince(since)).to.deep.equal([
      `echo-dev/greeter:${tag} of refs/tags/release-${tag}: SUCCESS`,
    ]);
    await pipeline().settles("greeter-dev", `Synced Healthy ${tag}`);
  });

  it("of a tag that no rule follows builds nothing", async () => {
    const [before, since] = [await builds(), Date.now()];
    const { tag: next } = await pipeline().nextRelease("greeter");
    const tags = [next, `release-${next.slice(1)}`, `pre-release-${next}`, `release-${next}+later`];
    const repository = await source("greeter");
    await atHome(pipeline(), repository, async ({ git }) => {
      for (const tag of tags) {
        await git("tag", tag);
        // One by one: GitHub tells nobody about more than three tags at once.
        await git("push", "--quiet", "origin", tag);
      }
    });
    for (const tag of tags) await announced(pipeline(), repository, `refs/tags/${tag}`, since);
    expect(await builds()).to.deep.equal(before);
  });

  describe("whose build fails", () => {
    it("leaves every Application, image and commit as it was, and shows in the status", async () => {
      for (const environment of ["dev", "staging", "production"]) {
        await atRest(pipeline(), "greeter", environment);
      }
      const { sandbox, operator } = pipeline();
      const { deployment } = await operator.platform();
      const held = async () => ({
        applications: (await sandbox.pipeline()).applications.map(
          (each) => `${each.name}: ${describeApplication(each)}`,
        ),
        images: sandbox.alibaba.dump().images,
      });
      const before = await held();
      const { tag, since } = await pipeline().nextRelease("greeter");
      await pipeline().run("release", "greeter", tag, "--fail");
      const failed = `echo-dev/greeter:${tag} of refs/tags/release-${tag}: FAILED`;
      const probe = async () => {
        const seen = await buildsSince(since);
        return seen.join() === failed ? undefined : seen.join();
      };
      await waitFor(`the build of ${tag} to fail`, probe, { within: 60_000, every: 100 });

      const build = (await builds()).find((each) => each.tag === tag)!;
      expect(build.reason).to.match(/FORM/);
      const status = (await pipeline().run("status", "greeter")).split("\n");
      expect(status.slice(-2)).to.deep.equal([
        `The build of echo-dev/greeter:${tag} failed: ${build.reason}`,
        `  log: npm run sandbox -- build-log ${build.id}`,
      ]);
      expect(await pipeline().run("build-log", build.id)).to.contain(`ERROR: ${build.reason}`);

      await pipeline().updaterRound();
      expect(await held()).to.deep.equal(before);
      expect(await pushedCommits(pipeline(), deployment.repository, since)).to.deep.equal([]);
    });
  });

  describe("whose image does not start", () => {
    let untouched: string;
    before(async () => {
      untouched = await atRest(pipeline(), "echo", "production");
    });

    it("stops in Dev, says why in the status, and leaves production alone", async () => {
      const { tag } = await pipeline().nextRelease("echo");
      await pipeline().run("release", "echo", tag, "--broken");
      const probe = async () => {
        const status = await pipeline().run("status", "echo");
        const crashes = ["echo-server", "echo-web-server"].every((name) =>
          new RegExp(`^echo-dev: ${name}-\\w+-\\w+: CrashLoopBackOff$`, "m").test(status),
        );
        if (!crashes || !/npm run sandbox -- rollback echo dev --in git/.test(status)) return status;
        const { health } = await pipeline().application("echo-dev");
        return ["Progressing", "Degraded"].includes(health ?? "") ? undefined : health;
      };
      await waitFor(`pods of ${tag} to crash in Dev`, probe, { within: 120_000, every: 500 });
      await pipeline().settles("echo-production", `OutOfSync Healthy ${untouched}`);
      await hasPods(pipeline(), "production", ["echo-server", "echo-web-server"], { [untouched]: 5 });
    });

    it("is repaired by the next release", async () => {
      const watch = await pipeline().release("echo");
      const { tag } = watch.release;
      await pipeline().arrived(watch, 120_000);
      await pipeline().settles("echo-dev", `Synced Healthy ${tag}`);
      await hasPods(pipeline(), "dev", ["echo-server", "echo-web-server"], { [tag]: 1 });
      expect(await pipeline().run("status", "echo")).not.to.contain("CrashLoopBackOff");
      await pipeline().settles("echo-production", `OutOfSync Healthy ${untouched}`);
    });
  });

  describe("of a branch", () => {
    after("later tests have the committed stack", async () => {
      await pipeline().up({});
    });

    it("builds v3-<commit> from release-v3 once a rule follows it, which ends in Dev", async () => {
      const refusal = await pipeline()
        .run("release", "greeter", "v3", "--branch")
        .catch(({ message }: Error) => message);
      expect(refusal).to.match(/^No build rule of acme\/greeter follows the branch release-v3/);
      const { changes } = await pipeline().up({
        edit: (config) => {
          const { greeter } = config["ackone-delivery:services"] as ServicesConfig;
          greeter.images.greeter.build = { rules };
        },
      });
      expect(changes.map((change) => change.split(" ").slice(0, 2).join(" "))).to.deep.equal([
        "create ackone:registry:BuildRule",
      ]);

      const since = Date.now();
      await pipeline().run("release", "greeter", "v3", "--branch");
      const { after } = await announced(pipeline(), await source("greeter"), "refs/heads/release-v3", since);
      const tag = `v3-${after.slice(0, 6)}`;
      await pipeline().settles("greeter-dev", `Synced Healthy ${tag}`, 120_000);
      expect(await buildsSince(since)).to.deep.equal([
        `echo-dev/greeter:${tag} of refs/heads/release-v3: SUCCESS`,
      ]);
    });
  });
});
