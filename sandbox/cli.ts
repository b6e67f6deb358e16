import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { startInBackground, stopInBackground } from "./control/background";
import { callControl, findRunning } from "./control/control-client";
import { holdingsTable } from "./display/holdings-table";
import { showTools } from "./display/tools-display";
import { type Home, homeFolder, openHome } from "./world/home";
import type { SandboxInfo } from "./world/info";
import { sandboxTools } from "./world/tools";

const usage = `npm run sandbox -- <command>

  up                            start the sandbox (gets the tools first)
  status                        what runs, and what the emulated clouds hold
  down                          stop it; everything it holds is kept
  logs [name]                   the log of one part, or the list of them
  reset                         stop it and forget everything it held
  repo add <owner/name> <src>   put a Git repository into the GitHub emulator; <src> is a folder or a URL
`;

// A reader such as `head` may have seen enough.
process.stdout.on("error", () => process.exit(0));

const home = openHome(homeFolder());
const [command, ...rest] = process.argv.slice(2);

const commands: Record<string, () => Promise<void>> = {
  async up() {
    await showTools(sandboxTools);
    await startInBackground(home);
    await commands["status"]!();
  },
  async status() {
    const info = await running();
    console.log(`Sandbox in ${info.home}, process ${info.pid}`);
    console.log(`Alibaba OpenAPI  http://${info.alibaba.http}  https://${info.alibaba.https}`);
    console.log(`GitHub           ${info.github.url}`);
    console.log(holdingsTable(await callControl(home, info, "holdings")));
  },
  async down() {
    console.log(
      (await stopInBackground(home))
        ? "The sandbox is stopped; its state is kept."
        : "No sandbox is running.",
    );
  },
  async logs() {
    showLogs(home, rest[0]);
  },
  async reset() {
    await stopInBackground(home);
    rmSync(home.root, { recursive: true, force: true });
    console.log(`${home.root} is removed.`);
  },
  async repo() {
    const [verb, fullName, source] = rest;
    if (verb !== "add" || !fullName || !source) throw new Error(usage);
    const info = await running();
    const from = /^[a-z+]+:\/\/|^git@/.test(source)
      ? source
      : resolve(process.env["INIT_CWD"] ?? ".", source);
    await callControl(home, info, "addRepository", { fullName, source: from });
    console.log(`${info.github.url}/${fullName}.git is there.`);
  },
};

async function running(): Promise<SandboxInfo> {
  const info = await findRunning(home);
  if (!info) throw new Error('The sandbox is not running; start it with "npm run sandbox -- up".');
  return info;
}

function showLogs({ logs }: Home, name: string | undefined): void {
  const known = existsSync(logs)
    ? readdirSync(logs).filter((file) => file.endsWith(".log") || file.endsWith(".jsonl"))
    : [];
  const file = known.find((each) => each.replace(/\.(log|jsonl)$/, "") === name);
  if (file) console.log(readFileSync(join(logs, file), "utf8"));
  else if (name) throw new Error(`There is no log "${name}". There are: ${known.join(", ") || "none yet"}`);
  else console.log(known.map((each) => join(logs, each)).join("\n"));
}

try {
  const run = commands[command ?? ""];
  if (!run) throw new Error(usage);
  await run();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
