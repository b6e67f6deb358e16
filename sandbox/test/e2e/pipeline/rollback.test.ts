import { expect } from "chai";
import { waitFor } from "../../../supervisor";
import { describeApplication, usePipeline } from "../support/pipeline";
import { asksFor, atRest, commandsIn, hasPods, keeps } from "./environments";
import { atHome, pushedCommits } from "./git-work";

const service = "greeter";
const [dev, staging, production] = ["greeter-dev", "greeter-staging", "greeter-production"] as const;

/** Each way begins where the one before it ended, as in a real incident: at once, then for good, then forward. */
describe("a release that has to go", function () {
  this.timeout(600_000);
  const pipeline = usePipeline();
  let deployment: string;
  /** What production runs all the time. */
  let untouched: string;
  let good: string;
  let bad: string;

  const releaseToStaging = async () => {
    const watch = await pipeline().release(service);
    await pipeline().arrived(watch, 120_000);
    await pipeline().run("promote", service, "staging");
    await pipeline().run("approve", service, "staging");
    return watch.release.tag;
  };

  before("a good release runs in Dev and Staging, and then a bad one", async () => {
    deployment = (await pipeline().operator.platform()).deployment.repository;
    untouched = await atRest(pipeline(), service, "production");
    await atRest(pipeline(), service, "staging");
    good = await releaseToStaging();
    bad = await releaseToStaging();
    await stands({ [dev]: `Synced Healthy ${bad}`, [staging]: `Synced Healthy ${bad}` });
  });

  after("later tests have the committed stack, with nothing ignored", async () => {
    await pipeline().up({});
  });

  /** Waits until Applications are as wanted. */
  const stands = async (wanted: Record<string, string>) => {
    for (const [name, each] of Object.entries(wanted)) await pipeline().settles(name, each, 120_000);
  };

  /** Five rounds of Image Updater change nothing. */
  const standsFast = async (wanted: Record<string, string>) => {
    await stands(wanted);
    await pipeline().stays([dev, staging, production], 5);
    for (const [name, each] of Object.entries(wanted)) {
      expect(describeApplication(await pipeline().application(name))).to.equal(each);
    }
  };

  /** What Image Updater commits to undo it. */
  const undone = async (name: string, since: number, mine: string) => {
    let undo: Awaited<ReturnType<typeof pushedCommits>> = [];
    const probe = async () => {
      const commits = await pushedCommits(pipeline(), deployment, since);
      const at = commits.findIndex(({ id }) => id === mine);
      undo = commits.slice(at + 1).filter(({ files }) => files.some((file) => file.endsWith(fileOf(name))));
      return at >= 0 && undo.length > 0 ? undefined : JSON.stringify(commits);
    };
    await waitFor(`Image Updater to undo ${mine} for ${name}`, probe, { within: 120_000, every: 200 });
    return undo;
  };
  const fileOf = (name: string) => `/.argocd-source-${name}.yaml`;

  it("(a) goes by Argo CD's history where a person deploys, and stays away", async () => {
    const [command, ...more] = commandsIn(await pipeline().run("rollback", service, "staging"));
    expect(command).to.match(/^argocd app rollback greeter-staging \d+$/);
    expect(more).to.deep.equal([]);
    await hasPods(pipeline(), "staging", [service], { [good]: 4 });
    await stands({ [staging]: `OutOfSync Healthy ${good}` });
    await keeps(pipeline(), staging, `OutOfSync Healthy ${good}`);
    await standsFast({
      [dev]: `Synced Healthy ${bad}`,
      [staging]: `OutOfSync Healthy ${good}`,
      [production]: `OutOfSync Healthy ${untouched}`,
    });
  });

  it("comes back where only the file is set back: Image Updater writes the newest tag, whatever it says", async () => {
    const since = Date.now();
    const { file, mine } = await atHome(pipeline(), deployment, async ({ files, git, edit }) => {
      const file = files.find((each) => each.endsWith(fileOf(staging)))!;
      await edit(file, (text) => text.replaceAll(bad, good));
      await git("commit", "--quiet", "--all", "--message", `Set ${staging} back`);
      await git("push", "--quiet", "origin", "HEAD");
      return { file, mine: await git("rev-parse", "HEAD") };
    });
    const [undo] = await undone(staging, since, mine);
    expect(undo).to.deep.include({ author: "argocd-image-updater", files: [file] });
    expect(undo!.message).to.match(new RegExp(`^build: automatic update of ${staging}\n[^]*'${bad}'`));
    await asksFor(pipeline(), service, "staging", bad);
    await stands({ [staging]: `OutOfSync Healthy ${good}` });
  });

  it("comes back in Dev by itself where only Image Updater's commit is reverted", async () => {
    const since = Date.now();
    const { file, mine } = await atHome(pipeline(), deployment, async ({ files, git }) => {
      const file = files.find((each) => each.endsWith(fileOf(dev)))!;
      await git("revert", "--no-edit", await git("log", "-1", "--format=%H", "--", file));
      await git("push", "--quiet", "origin", "HEAD");
      return { file, mine: await git("rev-parse", "HEAD") };
    });
    const [undo] = await undone(dev, since, mine);
    expect(undo).to.deep.include({ author: "argocd-image-updater", files: [file] });
    expect(undo!.message).to.match(new RegExp(`^build: automatic update of ${dev}\n[^]*'${bad}'`));
    await stands({ [dev]: `Synced Healthy ${bad}` });
  });

  it("(b) goes with its tag set back in Git and ignored, and stays away", async () => {
    expect(
      commandsIn(await pipeline().run("rollback", service, "dev", "--in", "git")),
    ).to.include.ordered.members([
      `pulumi config set --path 'ackone-delivery:services.greeter.ignoreTags.dev[0]' ${bad}`,
      "pulumi up --yes --skip-preview --non-interactive",
    ]);
    await standsFast({
      [dev]: `Synced Healthy ${good}`,
      [staging]: `OutOfSync Healthy ${good}`,
      [production]: `OutOfSync Healthy ${untouched}`,
    });
    await asksFor(pipeline(), service, "dev", good);
  });

  it("(c) goes forward: reverted in its sources, built, promoted, and stays away", async () => {
    const { tag: next } = await pipeline().nextRelease(service);
    const { source } = (await pipeline().operator.platform()).services[service]!.images[service]!;
    const commands = commandsIn(await pipeline().run("rollback", service, "dev", "--forward"));
    const reverted = await atHome(pipeline(), source, ({ git }) =>
      git("rev-list", "--first-parent", `release-${good}..release-${bad}`),
    );
    expect(commands).to.deep.equal([
      `git clone --quiet https://github.com/${source}.git`,
      "cd greeter",
      `git revert --no-edit --mainline 1 ${reverted.split("\n").join(" ")}`,
      `git tag release-${next}`,
      `git push --quiet --atomic origin HEAD:refs/heads/main release-${next}`,
    ]);
    const trees = await atHome(pipeline(), source, async ({ git }) => [
      await git("rev-parse", `release-${next}^{tree}`),
      await git("rev-parse", `release-${good}^{tree}`),
    ]);
    expect(trees[0], "the sources are those of the good release").to.equal(trees[1]);
    await stands({ [dev]: `Synced Healthy ${next}` });
    for (const environment of ["staging", "production"]) {
      await asksFor(pipeline(), service, environment, next);
    }
    await pipeline().run("promote", service, "staging");
    await pipeline().run("approve", service, "staging");
    await hasPods(pipeline(), "staging", [service], { [next]: 4 });
    await standsFast({
      [dev]: `Synced Healthy ${next}`,
      [staging]: `Synced Healthy ${next}`,
      [production]: `OutOfSync Healthy ${untouched}`,
    });
  });
});
