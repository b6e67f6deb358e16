import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { openEngine } from "../../../engine/engine";
import { waitFor } from "../../../supervisor";
import { usePipeline } from "../support/pipeline";
import { succeed } from "../support/runs";

/** What docs/runbooks/incident.md says under "Credentials were changed", done with nothing restarted. */
describe("credentials that are rotated by pulumi up", function () {
  this.timeout(600_000);
  const pipeline = usePipeline();

  /** `pulumi config set --secret <key> < file`, then `pulumi up`. */
  const rotate = async (key: string, value: string) => {
    const engine = await openEngine(pipeline().sandbox.info, "dev");
    const set = await engine.pulumi(["config", "set", "--secret", "--stack", "dev", key], value);
    expect(set.exitCode, set.stderr).to.equal(0);
    const { changes } = await succeed(engine, "up");
    return changes.map((each) => each.split(" ").slice(0, 2).join(" "));
  };
  /** Process ids of Argo CD and Image Updater: they stay the same as long as nobody restarts anything. */
  const processes = () =>
    pipeline()
      .sandbox.argocd.status(pipeline().fleet)
      .map(({ component, pid }) => `${component} ${pid}`);
  const releaseArrives = async () => {
    const watch = await pipeline().release("greeter");
    await pipeline().arrived(watch, 180_000);
    await pipeline().settles("greeter-dev", `Synced Healthy ${watch.release.tag}`, 120_000);
  };

  it("a new password of the registry is used for the next release", async () => {
    const { alibaba } = pipeline().sandbox;
    const before = processes();
    const password = `Pw2-${randomBytes(12).toString("hex")}`;
    const from = pipeline().updaterLog().length;
    alibaba.console.setRegistryPassword("acme-dev", password);
    // The old one is refused at once: without this the test would pass without a rotation.
    await waitFor(
      "Image Updater to be refused",
      async () => {
        const refused = (line: string) => /level=error msg="Could not get tags from registry: /.test(line);
        const lines = pipeline().updaterLog().slice(from);
        return lines.some(refused) ? undefined : lines.at(-2);
      },
      { within: 60_000 },
    );
    expect(await rotate("registryPassword", password)).to.deep.equal(["update kubernetes:core/v1:Secret"]);
    await releaseArrives();
    expect(processes()).to.deep.equal(before);
  });

  it("a new token of the deployment repository is used for the next release, and the old one can be revoked", async () => {
    const { github } = pipeline().sandbox;
    const before = processes();
    const [old, next] = [token(), token()];
    for (const each of [old, next]) github.addToken(each, "acme-bot");
    // The token of the sandbox is everybody's; one of its own can be revoked.
    await rotate("deploymentToken", old);
    expect(await tokenInUse()).to.equal(old);
    expect(await rotate("deploymentToken", next)).to.deep.equal(["update kubernetes:core/v1:Secret"]);
    github.revokeToken(old);
    expect(await mayPush(old)).to.equal(401);
    expect(await mayPush(next)).to.equal(200);
    await releaseArrives();
    expect(processes()).to.deep.equal(before);
  });

  /** What Argo CD and Image Updater find on the Fleet. */
  const tokenInUse = async () => {
    const objects = await pipeline().sandbox.clusters.objects(pipeline().fleet);
    const secrets = await objects.list("v1", "Secret", "argocd");
    const repository = secrets.find(
      ({ metadata }) => metadata.labels?.["argocd.argoproj.io/secret-type"] === "repository",
    );
    const { password } = repository!["data"] as unknown as { password: string };
    return Buffer.from(password, "base64").toString();
  };
  const mayPush = async (password: string) => {
    const { deployment } = await pipeline().operator.platform();
    const address = `${pipeline().sandbox.github.url}/${deployment.repository}.git/info/refs?service=git-receive-pack`;
    const authorization = `Basic ${Buffer.from(`x-access-token:${password}`).toString("base64")}`;
    const answer = await fetch(address, { headers: { authorization } });
    await answer.body?.cancel();
    return answer.status;
  };
});

const token = () => `ghp_${randomBytes(18).toString("hex")}`;
