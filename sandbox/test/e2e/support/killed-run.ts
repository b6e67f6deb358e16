import { dirname } from "node:path";
import { execa } from "execa";
import type { Engine } from "../../../engine/engine";
import { removeCutAttributes } from "../../../engine/state-attributes";
import { waitFor } from "../../../supervisor";
import { killTree } from "./process-tree";

/**
 * Runs `pulumi up` and, as soon as the condition holds, ends it with SIGKILL: the command, its language host, the
 * program and all plugins at once, as when a machine loses its power. None of them can tidy up.
 *
 * @param moment what the condition says, for the error when it never holds
 * @throws when the run ends, or five minutes pass, before the condition holds; with everything that it printed
 */
export async function killUp(
  engine: Engine,
  moment: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const command = execa("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"], {
    cwd: engine.folder,
    env: engine.environment,
    reject: false,
    all: true,
  });
  const ended = command.then(() => new Error(`pulumi up ended before ${moment}`));
  const missed = await waitFor(moment, async () => ((await condition()) ? undefined : "not yet"), {
    within: 300_000,
    every: 10,
    until: ended,
  }).catch((error: Error) => error);
  if (command.pid !== undefined && command.exitCode === null) killTree(command.pid);
  const { all } = await command;
  // Whoever kills the engine while it writes its state has to do this by hand (docs/troubleshooting.md).
  removeCutAttributes(dirname(engine.folder), engine.stack.name);
  if (missed) throw new Error(`${missed.message}\n${all}`);
}
