import { join, resolve } from "node:path";
import { wipe } from "./argocd/folders";
import { asksForHelp, type Described, help, readArguments } from "./command-line";
import { startInBackground, stopInBackground } from "./control/background";
import { callControl, findRunning } from "./control/control-client";
import { holdingsTable } from "./display/holdings-table";
import { showTools } from "./display/tools-display";
import { operations } from "./operations";
import { sitDown } from "./operator";
import { homeFolder, openHome } from "./world/home";
import type { SandboxInfo } from "./world/info";
import { findLogs, readLog } from "./world/logs";
import { sandboxTools } from "./world/tools";

interface OwnCommand extends Described {
  run(words: string[]): Promise<void>;
}

// A reader such as `head` may have seen enough.
process.stdout.on("error", () => process.exit(0));

const home = openHome(homeFolder());

const own: Record<string, OwnCommand> = {
  up: {
    usage: "up",
    summary: "start the sandbox (gets the tools first)",
    async run() {
      await showTools(sandboxTools);
      await startInBackground(home);
      await own["clouds"]!.run([]);
    },
  },
  clouds: {
    usage: "clouds",
    summary: "what runs, and what the emulated clouds hold",
    async run() {
      const info = await running();
      console.log(`Sandbox in ${info.home}, process ${info.pid}`);
      console.log(`Alibaba OpenAPI  http://${info.alibaba.http}  https://${info.alibaba.https}`);
      console.log(`GitHub           ${info.github.url}`);
      console.log(holdingsTable(await callControl(home, info, "holdings")));
    },
  },
  env: {
    usage: "env",
    summary: "a file for your shell, with which git, argocd, kubectl and pulumi work on the dev stack",
    async run() {
      const { stackFolder } = await sitDown(home, await running());
      console.log(`. '${join(home.engine, "operator.env")}' && cd '${stackFolder}'`);
    },
  },
  down: {
    usage: "down",
    summary: "stop it; everything it holds is kept",
    async run() {
      const stopped = await stopInBackground(home);
      console.log(stopped ? "The sandbox is stopped; its state is kept." : "No sandbox is running.");
    },
  },
  logs: {
    usage: "logs [name]",
    summary: "the log of one part, or the list of them",
    async run([name]) {
      const logs = findLogs(home);
      console.log(name === undefined ? logs.join("\n") : readLog(logs, name));
    },
  },
  reset: {
    usage: "reset",
    summary: "stop it and forget everything it held",
    async run() {
      await stopInBackground(home);
      wipe(home.root);
      console.log(`${home.root} is removed.`);
    },
  },
  repo: {
    usage: "repo add <owner/name> <src>",
    summary: "put a Git repository into the GitHub emulator; <src> is a folder or a URL",
    async run([verb, fullName, source]) {
      if (verb !== "add" || !fullName || !source) throw new Error(usage());
      const info = await running();
      const from = /^[a-z+]+:\/\/|^git@/.test(source)
        ? source
        : resolve(process.env["INIT_CWD"] ?? ".", source);
      await callControl(home, info, "addRepository", { fullName, source: from });
      console.log(`${info.github.url}/${fullName}.git is there.`);
    },
  },
};

function usage(): string {
  const lines = ({ usage, summary }: Described) =>
    usage.length > 34 ? `  ${usage}\n  ${" ".repeat(35)}${summary}` : `  ${usage.padEnd(34)} ${summary}`;
  return `npm run sandbox -- <command>

The sandbox:
${Object.values(own).map(lines).join("\n")}

The pipeline, once "npm start" has brought it up:
${Object.values(operations).map(lines).join("\n")}
`;
}

async function running(): Promise<SandboxInfo> {
  const info = await findRunning(home);
  if (!info) throw new Error('The sandbox is not running; start it with "npm run sandbox -- up".');
  return info;
}

const [command = "", ...rest] = process.argv.slice(2);
try {
  const operation = operations[command];
  const known = operation ?? own[command];
  const meant = command === "help" ? (operations[rest[0] ?? ""] ?? own[rest[0] ?? ""]) : known;
  if (asksForHelp([command, ...rest])) console.log(meant ? help(meant) : usage());
  else if (!known) throw new Error(usage());
  else {
    const { words } = readArguments(known, rest);
    if (operation) await operation.run(await sitDown(home, await running()), rest);
    else await own[command]!.run(words);
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
