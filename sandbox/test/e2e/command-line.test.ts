import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { openHome, projectFolder } from "../../world/home";

/** `npm run sandbox -- …` as a person types it. */
describe("the command line of the sandbox", () => {
  let root: string;
  let home: string;

  before(() => {
    root = mkdtempSync(join(tmpdir(), "ackone-command-line-"));
    home = join(root, "home");
  });
  after(async () => {
    await sandbox("down");
    rmSync(root, { recursive: true, force: true });
  });

  const sandbox = (...args: string[]) =>
    execa("npm", ["run", "--silent", "sandbox", "--", ...args], {
      cwd: projectFolder,
      env: { ACKONE_SANDBOX_HOME: home },
      reject: false,
    });

  it("explains itself", async () => {
    const run = await sandbox();
    expect(run.exitCode).to.equal(1);
    expect(run.stderr).to.match(/^npm run sandbox -- <command>\n/);
  });

  it("names the command that starts it when it isn't running", async () => {
    const run = await sandbox("clouds");
    expect(run.exitCode).to.equal(1);
    expect(run.stderr).to.equal('The sandbox is not running; start it with "npm run sandbox -- up".');
  });

  it("starts in the background with the sample repositories, and answers a second up at once", async () => {
    const first = await sandbox("up");
    expect(first.exitCode, first.stderr).to.equal(0);
    expect(first.stdout).to.match(/│ GitHub repository │ ackone-samples\/echo-deploy +│/);
    const second = await sandbox("up");
    const process = (text: string) => /process (\d+)/.exec(text)?.[1];
    expect(process(second.stdout)).to.equal(process(first.stdout));
  });

  it("only says what a command does when it is asked for help, or given what the command has no use for", async () => {
    const help = await sandbox("reset", "--help");
    expect(help.stdout, help.stderr).to.equal(
      "npm run sandbox -- reset\nstop it and forget everything it held",
    );
    expect(help.exitCode).to.equal(0);
    const refused = await sandbox("reset", "everything");
    expect(refused.stderr).to.equal('"reset" has no use for "everything". Type: npm run sandbox -- reset');
    expect(refused.exitCode).to.equal(1);
    expect((await sandbox("clouds")).stdout).to.match(/ackone-samples\/echo-deploy/);
  });

  it("takes in a repository of a team's own, from a folder", async () => {
    mkdirSync(join(root, "mine"));
    writeFileSync(join(root, "mine", "Dockerfile"), "FROM scratch\n");
    const run = await sandbox("repo", "add", "acme/mine", join(root, "mine"));
    expect(run.stdout, run.stderr).to.match(/^http:\/\/127\.0\.0\.1:\d+\/acme\/mine\.git is there\.$/);
    await execa("git", ["clone", "--quiet", run.stdout.split(" ")[0]!, join(root, "clone")]);
    expect(readFileSync(join(root, "clone", "Dockerfile"), "utf8")).to.equal("FROM scratch\n");
    const again = await sandbox("repo", "add", "acme/mine", join(root, "mine"));
    expect(again.exitCode).to.equal(1);
    expect(again.stderr).to.match(/acme\/mine/);
  });

  it("lists its logs and shows one", async () => {
    const list = await sandbox("logs");
    expect(list.stdout.split("\n")).to.include(join(home, "logs", "daemon.log"));
    const unknown = await sandbox("logs", "nothing");
    expect(unknown.stderr).to.match(/^There is no log "nothing"\. There are: /);
  });

  it("keeps what it holds over down and up", async () => {
    const { pid } = JSON.parse(readFileSync(openHome(home).runFile, "utf8")) as { pid: number };
    expect((await sandbox("down")).stdout).to.equal("The sandbox is stopped; its state is kept.");
    expect(() => process.kill(pid, 0)).to.throw(/ESRCH/);
    expect((await sandbox("up")).stdout).to.match(/│ acme\/mine +│/);
  });

  it("forgets everything at reset", async () => {
    await sandbox("reset");
    expect((await sandbox("up")).stdout).to.not.match(/acme\/mine/);
  });
});
