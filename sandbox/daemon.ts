import { rmSync } from "node:fs";
import { serveControl } from "./control/control-server";
import { type FaultRequest, Sandbox } from "./sandbox";
import { writePrivately } from "./world/credentials";
import { homeFolder } from "./world/home";

/**
 * Keeps one sandbox running in the background. `run.json` appears in its home when it is ready and goes when it
 * stops; an error before that ends the process and is the last thing in `logs/daemon.log`.
 */
const sandbox = await Sandbox.start({ home: homeFolder() });
let stopping: Promise<void> | undefined;

const control = await serveControl(sandbox.credentials.controlToken, {
  ping: () => ({ pid: process.pid }),
  holdings: () => sandbox.holdings(),
  pipeline: () => sandbox.pipeline(),
  buildLog: (body) => sandbox.alibaba.buildLog((body as { id: string }).id),
  kubeconfig: (body) => sandbox.kubeconfig((body as { id: string }).id),
  calls: () => ({ alibaba: sandbox.alibaba.calls(), github: sandbox.github.calls() }),
  fault: (body) => sandbox.setFault(body as FaultRequest),
  addRepository: (body) => {
    const { fullName, source } = body as { fullName: string; source: string };
    return sandbox.github.addRepository(fullName, source);
  },
  stop: () => {
    setImmediate(stop);
    return { stopping: process.pid };
  },
});

function stop(): Promise<void> {
  stopping ??= (async () => {
    await sandbox.stop();
    await control.stop();
    rmSync(sandbox.home.runFile, { force: true });
    process.exit(0);
  })();
  return stopping;
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
writePrivately(sandbox.home.runFile, { ...sandbox.info, pid: process.pid, control: control.url });
