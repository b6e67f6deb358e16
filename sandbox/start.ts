import { join } from "node:path";
import { Listr } from "listr2";
import { startInBackground } from "./control/background";
import { callControl } from "./control/control-client";
import { EngineProgress } from "./display/engine-progress";
import { holdingsTable } from "./display/holdings-table";
import { duration } from "./display/table";
import { showTools } from "./display/tools-display";
import { adviceFor } from "./engine/advice";
import { type Engine, openEngine } from "./engine/engine";
import { homeFolder, openHome } from "./world/home";
import type { SandboxInfo } from "./world/info";
import { sandboxTools } from "./world/tools";

/** `npm start`: tools, sandbox, `pulumi up` of the dev stack, and a table of what exists and where. */
interface Journey {
  info: SandboxInfo;
  engine: Engine;
}

const stackName = "dev";
const home = openHome(homeFolder());
const started = Date.now();
/** Milliseconds between two lines about progress; a log needs fewer than a person who watches. */
const pace = process.stdout.isTTY ? 1000 : 15_000;

try {
  await showTools(sandboxTools);
  const journey = await new Listr<Journey>(
    [
      {
        title: "Start the sandbox",
        task: async (context) => {
          context.info = await startInBackground(home);
        },
      },
      {
        title: `pulumi up of the ${stackName} stack`,
        task: async (context, task) => {
          context.engine = await openEngine(context.info, stackName);
          const progress = new EngineProgress((line) => {
            if (process.stdout.isTTY) task.output = line;
          });
          const tick = setInterval(() => {
            task.output = progress.line();
          }, pace);
          try {
            const { summary } = await context.engine.stack.up({
              onEvent: progress.onEvent,
              suppressOutputs: true,
            });
            const changes = Object.entries(summary.resourceChanges ?? {}).map(
              ([what, count]) => `${count} ${what}`,
            );
            task.title = `pulumi up of the ${stackName} stack: ${changes.join(", ")}`;
          } finally {
            clearInterval(tick);
          }
        },
      },
    ],
    { renderer: "default", fallbackRenderer: "simple" },
  ).run({} as Journey);
  const { info, engine } = journey;
  console.log(`\n${holdingsTable(await callControl(home, info, "holdings"))}\n`);
  console.log(`The platform is up after ${duration(Date.now() - started)}.
  GitHub            ${info.github.url}
  Alibaba OpenAPI   http://${info.alibaba.http}, https://${info.alibaba.https}

Look around:
  npm run sandbox -- clouds     what the emulated clouds hold
  cd '${engine.folder}' && . '${join(home.engine, "env.sh")}'
  pulumi stack output           what other teams build on; any other pulumi command works there, too
  npm run sandbox -- down       stop the sandbox; its state is kept`);
} catch (error) {
  const { message } = error as Error;
  console.error(`\n${message}`);
  const advice = adviceFor(message, join(home.engine, stackName), home.engine);
  if (advice) console.error(`\n${advice}`);
  console.error(
    '\nThe logs: "npm run sandbox -- logs". "npm start" goes on from here; "npm run sandbox -- reset" starts afresh.',
  );
  process.exitCode = 1;
}
