import { writeFileSync } from "node:fs";

/**
 * Writes the engine's environment as a file for `source`, readable by the owner alone: whoever wants to type
 * `pulumi` in a stack's folder has the same environment as the sandbox's own runs.
 */
export function writeShellFile(file: string, environment: Record<string, string>): void {
  const lines = Object.entries(environment).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  );
  writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
}
