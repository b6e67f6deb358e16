import { expect } from "chai";
import { waitFor } from "../../../supervisor";
import { botToken } from "../../image-updater/deployment";
import { host, Surroundings } from "./support";

describe("the Image Updater stand-in on a Fleet", function () {
  this.timeout(180_000);
  const world = new Surroundings();
  const image = `${host}/echo-dev/echo`;
  const greeter = `${host}/echo-dev/greeter`;
  const overlay = "kustomize/greeter/overlays/dev";
  const override = (name: string) => `charts/echo/.argocd-source-${name}.yaml`;

  before(async () => {
    await world.start();
    const { registry } = world;
    registry.scheme = "bearer";
    // Built in another order than their names and versions are in.
    registry.push("echo-dev/echo", "v1.0.0", { created: "2026-01-01T00:00:00Z" });
    registry.push("echo-dev/echo", "v1.9.0", { created: "2026-01-02T00:00:00Z" });
    registry.push("echo-dev/echo", "v1.10.0", { created: "2026-01-03T00:00:00Z" });
    registry.pushIndex("echo-dev/echo", "v0.9.0", [{ created: "2026-01-04T00:00:00Z" }]);
    registry.push("echo-dev/echo", "arm", { created: "2026-01-05T00:00:00Z", platform: "linux/arm64" });
    registry.pushBroken("echo-dev/echo", "broken");
    registry.push("echo-dev/greeter", "v1");
    registry.push("echo-dev/greeter", "v2");
    await world.startUpdater();
  });
  after(() => world.stop());
  afterEach(() => world.removeApplications());

  it("semver: the highest version, a chart's override, one commit in the real one's name", async () => {
    await world.application("echo-semver", { annotations: { "app.helm.image-tag": "image.tag" } });
    await world.written(override("echo-semver"), "value: v1.10.0");
    expect(world.deployment.file(override("echo-semver"))).to.equal(
      `helm:\n  parameters:\n  - name: image.name\n    value: ${image}\n    forcestring: true\n` +
        "  - name: image.tag\n    value: v1.10.0\n    forcestring: true\n",
    );
    expect(world.deployment.git("log", "-1", "--format=%an <%ae>%n%B", "main")).to.equal(
      "argocd-image-updater <noreply@argoproj.io>\nbuild: automatic update of echo-semver\n\n" +
        "updates image echo-dev/echo tag 'v1.0.0' to 'v1.10.0'",
    );
  });

  it("latest: the newest build for its platform, whatever it is called", async () => {
    await world.application("echo-latest", { annotations: { "app.update-strategy": "latest" } });
    await world.written(override("echo-latest"), "value: v0.9.0");
    await world.logged(
      /level=error msg="Error fetching metadata for echo-dev\/echo:broken: manifest unknown.*/,
    );
    const platforms = { "app.update-strategy": "latest", "app.platforms": "linux/arm64" };
    await world.application("echo-arm", { annotations: platforms });
    await world.written(override("echo-arm"), "value: arm");
  });

  it("name: the last in the order of strings", async () => {
    const annotations = { "app.update-strategy": "name", "app.allow-tags": "regexp:^v" };
    await world.application("echo-name", { annotations });
    await world.written(override("echo-name"), "value: v1.9.0");
  });

  it("digest: the tag with its digest, and again when the tag moves", async () => {
    const first = world.registry.push("echo-dev/echo", "stable");
    const annotations = { "image-list": `app=${image}:stable`, "app.update-strategy": "digest" };
    await world.application("echo-digest", { annotations, live: ["stable"] });
    await world.written(override("echo-digest"), `value: stable@${first}`);
    await world.application("echo-digest", { annotations, live: [`${image}:stable@${first}`] });
    const second = world.registry.push("echo-dev/echo", "stable");
    await world.written(override("echo-digest"), `value: stable@${second}`);
  });

  it("writes the override of a kustomization, and its file when that is the target", async () => {
    const annotations = { "image-list": `app=${greeter}` };
    const options = { annotations, sourceType: "Kustomize" as const, path: overlay, live: [`${greeter}:v1`] };
    await world.application("greeter", options);
    const file = `${overlay}/.argocd-source-greeter.yaml`;
    await world.written(file, `kustomize:\n  images:\n  - ${greeter}:v2\n`);
    const target = { ...annotations, "write-back-target": "kustomization" };
    await world.application("greeter-file", { ...options, annotations: target });
    await world.written(`${overlay}/kustomization.yml`, `images:\n- name: ${greeter}\n  newTag: v2\n`);
  });

  it("writes the values of a chart, with a Secret's credentials, to a branch of its own", async () => {
    await world.secret("git-creds", { username: "whoever", password: botToken });
    const annotations = {
      "write-back-method": "git:secret:argocd/git-creds",
      "write-back-target": "helmvalues",
      "git-branch": "main:image-updates-{{.SHA256}}",
      "app.helm.image-name": "image.repository",
      "app.helm.image-tag": "image.tag",
    };
    await world.application("echo-values", { annotations });
    const branches = () => world.deployment.git("branch", "--list", "image-updates-*").trim();
    await waitFor("the branch", async () => (branches() === "" ? "none" : undefined), { within: 20_000 });
    const file = world.deployment.file("charts/echo/values.yaml", branches());
    expect(file).to.equal(`# ours\nimage:\n  repository: ${image}\n  tag: v1.10.0\n`);
    expect(world.deployment.file("charts/echo/values.yaml")).to.match(/tag: none/);
  });

  it("changes the Application itself with the method argocd", async () => {
    await world.application("echo-argocd", { annotations: { "write-back-method": "argocd" } });
    const parameters = async () => {
      const spec = (await world.get("echo-argocd"))?.["spec"] as {
        source: { helm?: { parameters: unknown } };
      };
      return spec.source.helm?.parameters;
    };
    await waitFor("parameters", async () => ((await parameters()) ? undefined : "none"), { within: 20_000 });
    expect(await parameters()).to.deep.equal([
      { name: "image.name", value: image, forceString: true },
      { name: "image.tag", value: "v1.10.0", forceString: true },
    ]);
  });

  it("says for each image why it is left alone, and sums a cycle up", async () => {
    const tip = () => world.deployment.git("rev-parse", "main");
    const before = tip();
    await world.application("echo-dead", { live: [`${greeter}:v1`] });
    await world.application("echo-done", { live: ["v1.10.0"] });
    await world.logged(
      /level=debug msg="Image '\S+echo-dev\/echo' seems not to be live in this application, skipping" alias=app application=echo-dead image_name=echo-dev\/echo registry=\S+\n/,
    );
    await world.logged(
      /level=debug msg="Image '\S+echo:v1.10.0' already on latest allowed version" alias=app application=echo-done/,
    );
    await world.logged(
      /level=info msg="Processing results: applications=2 images_considered=1 images_skipped=1 images_updated=0 errors=0"\n/,
    );
    expect(tip()).to.equal(before);
  });

  it("commits nothing for an Application that nobody syncs, and reports an update once", async () => {
    await world.application("echo-waiting");
    await world.written(override("echo-waiting"), "value: v1.10.0");
    const commits = world.deployment.subjects().length;
    await world.cycles(3);
    expect(world.deployment.subjects()).to.have.length(commits);
    const events = await world.fleet.list("v1", "Event", "argocd");
    const own = events.filter(
      ({ involvedObject }) => (involvedObject as { name: string }).name === "echo-waiting",
    );
    expect(own.map(({ reason }) => reason)).to.deep.equal(["ImagesUpdated"]);
  });
});
