import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { waitFor } from "../../supervisor";
import { projectFolder } from "../../world/home";

/** What a newcomer types, from nothing to a version in Staging. */
describe("the journey of the README", function () {
  this.timeout(900_000);
  let root: string;

  before(() => {
    root = mkdtempSync(join(tmpdir(), "ackone-journey-"));
  });
  after(async () => {
    await npm("run", "--silent", "sandbox", "--", "down");
    rmSync(root, { recursive: true, force: true });
  });

  const npm = (...args: string[]) =>
    execa("npm", args, {
      cwd: projectFolder,
      env: { ACKONE_SANDBOX_HOME: join(root, "home") },
      reject: false,
    });
  const sandbox = async (...args: string[]) => {
    const { stdout, stderr, exitCode } = await npm("run", "--silent", "sandbox", "--", ...args);
    expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
    return stdout;
  };
  /** Cells of a line of the table: what runs, what is newest, the state, what to type next. */
  const rowOf = (application: string, printed: string) => {
    const line = printed.split("\n").find((each) => each.startsWith(`│ ${application} `));
    expect(line, printed).not.to.equal(undefined);
    return line!
      .split("│")
      .slice(2, -1)
      .map((cell) => cell.trim());
  };
  const waiting = (environment: string) => [
    "v1.0.0",
    "v1.0.1",
    "OutOfSync, Healthy",
    `npm run sandbox -- promote echo ${environment}`,
  ];

  it("npm start ends with v1.0.1 in Dev, and the next command for Staging and Production", async () => {
    const { stdout, stderr, exitCode } = await npm("start");
    expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
    const told = [
      /pulumi up of the dev stack: \d+ create/,
      /First release, v1\.0\.0, to all environments/,
      /Pushed release-v1\.0\.1 to the source repositories/,
      /Built echo-server:v1\.0\.1, echo-web-server:v1\.0\.1, [\d.]+ s after the push/,
      /Written back for dev, [\d.]+ s after the push/,
      /Written back for staging, [\d.]+ s after the push/,
      /Written back for production, [\d.]+ s after the push/,
      /dev runs v1\.0\.1, Healthy, [\d.]+ s after the push/,
      /staging is OutOfSync: it waits for a person/,
      /production is OutOfSync: it waits for a person/,
      /The platform is up, and the release has arrived in dev, after /,
    ];
    for (const sentence of told) expect(stdout).to.match(sentence);
    const places = told.map((sentence) => stdout.search(sentence));
    expect(places, "in this order").to.deep.equal([...places].sort((a, b) => a - b));
    expect(rowOf("echo-dev", stdout)).to.deep.equal(["v1.0.1", "v1.0.1", "Synced, Healthy", ""]);
    expect(rowOf("echo-staging", stdout)).to.deep.equal(waiting("staging"));
    expect(rowOf("echo-production", stdout)).to.deep.equal(waiting("production"));
    for (const environment of ["dev", "staging", "production"]) {
      expect(rowOf(`greeter-${environment}`, stdout)).to.deep.equal([
        "v1.0.0",
        "v1.0.0",
        "Synced, Healthy",
        "",
      ]);
    }
  });

  it("promote and approve, as they are told next, bring it to Staging", async () => {
    const promoted = await sandbox("promote", "echo", "staging");
    expect(promoted).to.match(/^\$ argocd app sync echo-staging$/m);
    expect(promoted).to.match(/^Next: npm run sandbox -- approve echo staging$/m);
    const approved = await sandbox("approve", "echo", "staging");
    expect(approved).to.match(/^\$ argocd app actions run echo-staging approve /m);
    expect(approved).to.match(/^echo-staging runs v1\.0\.1\.$/m);
    const seen = await sandbox("status", "echo");
    expect(rowOf("echo-staging", seen)).to.deep.equal(["v1.0.1", "v1.0.1", "Synced, Healthy", ""]);
    expect(rowOf("echo-production", seen)).to.deep.equal(waiting("production"));
    expect(seen).to.match(/^# by hand: argocd app list$/m);
  });

  it("a build that fails changes nothing, and status names its log", async () => {
    await sandbox("release", "greeter", "v1.0.1", "--fail");
    const failed =
      /The build of \S+\/greeter:v1\.0\.1 failed: .+\n {2}log: npm run sandbox -- (build-log \S+)/;
    let seen = "";
    const probe = async () => {
      seen = await sandbox("status", "greeter");
      return failed.test(seen) ? undefined : seen;
    };
    await waitFor("the failed build in the status", probe, { within: 60_000, every: 500 });
    expect(rowOf("greeter-dev", seen)).to.deep.equal(["v1.0.0", "v1.0.0", "Synced, Healthy", ""]);
    expect(await sandbox(...failed.exec(seen)![1]!.split(" "))).to.match(
      /^CLONE +HEAD is now at [0-9a-f]{7}$/m,
    );
  });
});
