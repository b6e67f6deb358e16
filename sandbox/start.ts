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
import { firstVersion, releaseFirst } from "./journey/first-release";
import { nextRelease } from "./journey/next-release";
import { travelTasks } from "./journey/travel";
import { readStatus, statusTable } from "./operations";
import { sitDown } from "./operator";
import { homeFolder, openHome } from "./world/home";
import type { SandboxInfo } from "./world/info";
import type { PipelineView } from "./world/pipeline";
import { sandboxTools } from "./world/tools";

/** `npm start`: tools, sandbox, `pulumi up` of the dev stack, a release on its way, and what to type next. */
interface Platform {
  info: SandboxInfo;
  engine: Engine;
}

const stackName = "dev";
/** The service whose release is shown. */
const service = "echo";
const home = openHome(homeFolder());
const started = Date.now();
/** Milliseconds between two lines about progress; a log needs fewer than a person who watches. */
const pace = process.stdout.isTTY ? 1000 : 15_000;
const looks = { renderer: "default", fallbackRenderer: "simple" } as const;

try {
  await showTools(sandboxTools);
  const { info } = await new Listr<Platform>(
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
    looks,
  ).run({} as Platform);
  console.log(`\n${holdingsTable(await callControl(home, info, "holdings"))}\n`);
  const operator = await sitDown(home, info);
  const look = () => callControl<PipelineView>(home, info, "pipeline");
  await new Listr(
    [
      {
        title: `First release, ${firstVersion}, to all environments`,
        task: async (_, task) => {
          const done = await releaseFirst(operator, look, (line) => {
            task.output = line;
          });
          if (!done) task.skip("every service was released and deployed before");
        },
      },
      {
        title: `A new version of ${service} travels`,
        task: async (_, task) => {
          const platform = await operator.platform();
          const release = nextRelease(platform, service, await look());
          task.title = `${service} ${release.tag} travels`;
          const automatic = release.environments.filter((name) => platform.environments[name]!.automatic);
          return task.newListr(travelTasks({ context: operator, look, release, automatic }), {
            concurrent: false,
            rendererOptions: { collapseSubtasks: false },
          });
        },
      },
    ],
    looks,
  ).run();
  const { services } = await operator.platform();
  console.log(`\n${statusTable(await readStatus(operator, Object.keys(services)))}\n`);
  console.log(`The platform is up, and the release has arrived in dev, after ${duration(Date.now() - started)}.
  GitHub            ${info.github.url}
  Alibaba OpenAPI   http://${info.alibaba.http}, https://${info.alibaba.https}

Go on:
  npm run sandbox -- promote ${service} staging   deploy it to staging: a canary stops at its first step
  npm run sandbox -- approve ${service} staging   let the canary go on; "abort" takes it back
  npm run sandbox -- status                 what runs where, and what to type next
  npm run sandbox -- clouds                 what the emulated clouds hold
  npm run sandbox -- env                    git, argocd, kubectl and pulumi for your own shell
  npm run sandbox -- down                   stop the sandbox; its state is kept`);
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
