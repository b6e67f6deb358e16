import { execa } from "execa";
import type { Engine } from "../../../engine/engine";

/** The commands that a run told its reader to type: lines of their own that begin with `pulumi`. */
export function printedCommands(output: string): string[] {
  const lines = [...output.matchAll(/^\s*(pulumi [a-z].*)$/gm)].map(([, line]) => line!.trim());
  return [...new Set(lines)];
}

/** Types a command as it was printed, into a shell in the stack's folder. @throws with its output when it fails */
export async function typed(engine: Engine, command: string): Promise<string> {
  const { exitCode, all } = await execa("sh", ["-c", command], {
    cwd: engine.folder,
    env: engine.environment,
    reject: false,
    all: true,
    stdin: "ignore",
  });
  if (exitCode !== 0) throw new Error(`${command}\nended with ${exitCode}:\n${all}`);
  return all;
}
