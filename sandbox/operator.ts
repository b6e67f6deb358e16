import { callControl } from "./control/control-client";
import type { OperatorContext } from "./operations/context";
import { type Consoles, openOperator } from "./operations/open";
import type { Home } from "./world/home";
import type { SandboxInfo } from "./world/info";
import type { PipelineView } from "./world/pipeline";

/** What the consoles of a running sandbox show, over the daemon's control surface. */
export function consolesOf(home: Home, info: SandboxInfo): Consoles {
  return {
    async builds() {
      const { builds } = await callControl<Pick<PipelineView, "builds">>(home, info, "pipeline");
      return buildsOf(builds);
    },
    async buildLog(id) {
      const lines = await callControl<{ stage: string; message: string }[]>(home, info, "buildLog", { id });
      return lines.map(({ stage, message }) => `${stage.padEnd(8)} ${message}`);
    },
  };
}

/** Builds as a console lists them: the latest first. */
export function buildsOf(builds: PipelineView["builds"]): Awaited<ReturnType<Consoles["builds"]>> {
  return [...builds].reverse().map(({ id, repository, tag, status, createdAt, startedAt, reason }) => ({
    id,
    repository,
    tag,
    status,
    startedAt: startedAt ?? createdAt,
    ...(reason !== undefined && { reason }),
  }));
}

/** A person at a terminal, logged in to everything that a running sandbox's stack made. */
export function sitDown(home: Home, info: SandboxInfo): Promise<OperatorContext> {
  return openOperator(info, {
    consoles: consolesOf(home, info),
    stack: process.env["ACKONE_SANDBOX_STACK"] ?? "dev",
    print: (line) => console.log(line),
  });
}
