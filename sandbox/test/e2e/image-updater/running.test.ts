import { execFile, execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { waitFor } from "../../../supervisor";
import { botToken } from "../../image-updater/deployment";
import { Detour } from "./detour";
import { host, Surroundings } from "./support";

describe("the Image Updater stand-in as a process", function () {
  this.timeout(180_000);
  let world: Surroundings;
  const override = (name: string) => `charts/echo/.argocd-source-${name}.yaml`;
  const push = "/acme/echo-deploy.git/git-receive-pack";
  const subject = (name: string) => `build: automatic update of ${name}`;

  before(async () => {
    world = await new Surroundings().start();
    world.registry.scheme = "bearer";
    world.registry.push("echo-dev/echo", "v1.0.0");
    world.registry.push("echo-dev/echo", "v1.0.1");
  });
  after(() => world.stop());
  afterEach(async () => {
    world.deployment.world.github.faults.clear();
    await world.stopUpdater();
    await world.removeApplications();
  });

  const commitsOf = (name: string) => world.deployment.subjects().filter((each) => each === subject(name));
  /** Waits until the updater has made a commit in its clone that isn't pushed yet. */
  const isPushing = async () => {
    const clones = join(world.home, "updater", "clones");
    const refs = () =>
      readdirSync(clones, { recursive: true, encoding: "utf8" }).some((name) =>
        name.endsWith("updater/next"),
      );
    await waitFor("a commit in the clone", async () => (refs() ? undefined : "none"), { within: 20_000 });
  };

  it("starts fast, is small, and shows no secret in its arguments, its variables for git or its log", async () => {
    await world.application("echo-small");
    await world.startUpdater();
    await world.written(override("echo-small"), "v1.0.1");
    await world.cycles(3);
    const group = readFileSync(join(world.home, "updater.pid"), "utf8").trim();
    const rows = execFileSync("ps", ["-A", "-o", "pgid=,rss=,args="], { encoding: "utf8" }).split("\n");
    const own = rows.map((row) => row.trim().split(/\s+/)).filter(([pgid]) => pgid === group);
    const kilobytes = own.reduce((sum, [, rss]) => sum + Number(rss), 0);
    expect(own.map((row) => row.join(" ")).join("\n"))
      .to.match(/start\.cjs/)
      .and.not.include(botToken);
    expect(kilobytes).to.be.within(10_000, 200_000);
    expect(world.process.readyAfter).to.be.below(15_000);
    expect(world.log()).not.to.match(
      new RegExp(`${botToken}|robot:first|${Buffer.from("robot:first").toString("base64")}`),
    );
  });

  it("loses a race with a line in the log, and arrives in the next cycle", async () => {
    world.deployment.world.github.faults.add({ path: push, delay: 5000, times: 1 });
    await world.application("echo-race");
    await world.startUpdater();
    await isPushing();
    world.deployment.commitMeanwhile();
    await world.logged(
      /level=error msg="Could not update application spec: could not push main to origin: .*rejected.*" application=echo-race\n/,
    );
    await world.written(override("echo-race"), "v1.0.1");
    expect(commitsOf("echo-race")).to.have.length(1);
  });

  it("killed before its push arrives, it writes once after the restart", async () => {
    world.deployment.world.github.faults.add({ path: push, hang: true });
    await world.application("echo-killed");
    await world.startUpdater();
    await isPushing();
    await world.killUpdater();
    world.deployment.world.github.faults.clear();
    expect(commitsOf("echo-killed")).to.deep.equal([]);
    await world.startUpdater();
    await world.written(override("echo-killed"), "v1.0.1");
    await world.cycles(2);
    expect(commitsOf("echo-killed")).to.have.length(1);
  });

  it("killed after its push arrived but before it knew, it doesn't write again", async () => {
    world.deployment.world.github.faults.add({ path: push, replyDelay: 60_000, times: 1 });
    await world.application("echo-late");
    await world.startUpdater();
    await world.written(override("echo-late"), "v1.0.1");
    await world.killUpdater();
    expect(world.log()).not.to.match(
      /Successfully updated the live application spec.* application=echo-late\n/,
    );
    world.deployment.world.github.faults.clear();
    await world.startUpdater();
    await world.cycles(2);
    expect(commitsOf("echo-late")).to.have.length(1);
    expect(world.log()).to.include("target parameter file and marshaled data are the same, skipping commit.");
  });

  it("ends at once when it is told to, in the middle of a push", async () => {
    world.deployment.world.github.faults.add({ path: push, hang: true });
    await world.application("echo-stopped");
    await world.startUpdater();
    await isPushing();
    const began = Date.now();
    await world.stopUpdater();
    expect(Date.now() - began).to.be.below(10_000);
    expect(await world.process.ended).to.deep.equal({ ending: { code: 0, signal: null }, expected: true });
    expect(world.log()).to.match(/msg=Finished\.\n$/);
  });

  it("brings twenty Applications of one repository home in one cycle, one commit each", async () => {
    const names = Array.from({ length: 20 }, (_, i) => `echo-many-${String(i).padStart(2, "0")}`);
    await Promise.all(names.map((name) => world.application(name)));
    const { command, args, env } = world.describe();
    const once = [...args.filter((arg) => !/health|interval/.test(arg)), "--once"];
    const fetches = () =>
      world.deployment.world.github.calls().filter(({ path }) => /git-upload-pack$/.test(path));
    const before = fetches().length;
    const { stdout } = await promisify(execFile)(command, once, {
      env: { PATH: process.env["PATH"], ...env },
    });
    expect(stdout).to.include(
      "applications=20 images_considered=20 images_skipped=0 images_updated=20 errors=0",
    );
    expect(world.deployment.subjects().slice(0, 20).sort()).to.deep.equal(names.map(subject));
    for (const name of names) expect(world.deployment.file(override(name))).to.include("value: v1.0.1");
    // One look at the branches and one fetch, for all of them; nobody else pushes.
    expect(fetches().length - before).to.equal(3);
  });

  it("keeps a password that is rotated until a restart, and says so; with credsexpire it doesn't", async () => {
    await world.application("echo-rotated", { live: ["v1.0.1"] });
    const rotate = async (password: string) => {
      world.registry.login = `robot:${password}`;
      await world.secret("acr", { acr: world.registry.login });
    };
    await world.startUpdater();
    await world.logged(/images_considered=1 images_skipped=0 images_updated=0 errors=0/);
    await rotate("second");
    await world.logged(
      /Could not get tags from registry: unauthorized: wrong password \(secret:argocd\/acr#acr was read at .* kept until a restart/,
    );
    await world.restartUpdater();
    await world.logged(/errors=0/);
    await world.registries(", credsexpire: 1s");
    await world.restartUpdater();
    await world.logged(/errors=0/);
    await rotate("third");
    world.registry.push("echo-dev/echo", "v1.0.2");
    await world.written(override("echo-rotated"), "v1.0.2");
    world.registry.remove("echo-dev/echo", "v1.0.2");
    await world.registries("");
  });

  it("reads registries.conf at its start only, and does nothing while that is invalid", async () => {
    await world.application("echo-conf", { live: ["v1.0.1"] });
    await world.registries("");
    await world.startUpdater();
    await world.logged(/errors=0/);
    const other = `registries: [{name: acr, api_url: "https://${host}", prefix: ${host}, credential: "secret:argocd/acr#acr"}]`;
    await world.registries("", other);
    await world.cycles(3);
    expect(world.log()).not.to.include("level=error");
    await world.restartUpdater();
    await world.logged(
      /level=error msg="Could not load registry configuration from .*: registries.conf: field credential not found"\n/,
    );
    expect(world.log()).not.to.include("Starting image update cycle");
    await world.registries("");
  });

  it("goes on after the API server was gone, and finds new Applications", async () => {
    const kubeconfigFile = join(world.home, "kubeconfig-by-a-detour");
    const detour = await Detour.start(world.kubeconfig(), kubeconfigFile);
    try {
      detour.close();
      await world.startUpdater({ kubeconfigFile });
      await world.logged(
        /level=error msg="could not read registries.conf of argocd-image-updater-config: https:/,
      );
      detour.open();
      await world.logged(/applications=0 .* errors=0/);
      detour.close();
      await world.logged(/level=error msg="Error: https:.*(ECONNRESET|socket hang up)/);
      detour.open();
      await world.application("echo-new");
      await world.written(override("echo-new"), "v1.0.1");
    } finally {
      await world.stopUpdater();
      await detour.stop();
    }
  });
});
