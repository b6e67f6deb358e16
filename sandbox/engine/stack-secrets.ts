import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Credentials } from "../world/credentials";
import type { StackFile } from "./stack-folder";

/** Secrets that the committed stacks need; on a real account a user sets them with `pulumi config set --secret`. */
export function stackSecrets(credentials: Credentials): Record<string, string> {
  return {
    "ackone-delivery:registryUser": credentials.registryUser,
    "ackone-delivery:registryPassword": credentials.registryPassword,
    "ackone-delivery:deploymentToken": credentials.githubToken,
    "ackone-delivery:webhookSecret": credentials.webhookSecret,
  };
}

/** The CLI in a stack's folder. */
interface CommandLine {
  folder: string;
  pulumi(args: string[], input?: string): Promise<{ exitCode: number; stderr: string }>;
}

/**
 * Sets the secrets that the stack's file lacks. A value reaches the CLI on its standard input: arguments show
 * in the process list. A value that is there already is left alone, or each start would encrypt it anew.
 */
export async function setMissingSecrets(
  engine: CommandLine,
  stack: string,
  secrets: Record<string, string | undefined>,
): Promise<void> {
  const { config } = parse(readFileSync(join(engine.folder, `Pulumi.${stack}.yaml`), "utf8")) as StackFile;
  for (const [key, value] of Object.entries(secrets)) {
    if (value === undefined || config[key] !== undefined) continue;
    const run = await engine.pulumi(["config", "set", "--secret", "--stack", stack, key], value);
    if (run.exitCode !== 0) throw new Error(`pulumi config set --secret ${key} failed:\n${run.stderr}`);
  }
}
