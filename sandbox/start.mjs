// Entry of `npm start` and `npm run sandbox`: plain JavaScript, because nothing may be installed yet.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const sandbox = dirname(fileURLToPath(import.meta.url));
const project = dirname(sandbox);

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old; install Node 20.19 or newer and type "npm start" again.`);
}
if (process.platform === "win32") {
  fail(
    "The sandbox runs on Linux and macOS; on Windows use it inside WSL. The Pulumi program itself runs everywhere.",
  );
}
if (spawnSync("git", ["--version"]).status !== 0) {
  fail('git is missing; install it and type "npm start" again.');
}

// npm writes node_modules/.package-lock.json last: older than the lockfile means not installed for it.
const lock = join(project, "package-lock.json");
const installed = join(project, "node_modules", ".package-lock.json");
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.log("Installing the npm packages (about a minute the first time) …");
  const install = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: project,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (install.status !== 0) fail('"npm ci" failed, see above. Mend it and type "npm start" again.');
}

const script = process.argv[2] === "cli" ? "cli.ts" : "start.ts";
const rest = process.argv.slice(script === "cli.ts" ? 3 : 2);
const run = spawnSync(process.execPath, ["--import", "tsx", join(sandbox, script), ...rest], {
  cwd: sandbox,
  stdio: "inherit",
});
process.exit(run.status ?? 1);

function fail(message) {
  console.error(message);
  process.exit(1);
}
