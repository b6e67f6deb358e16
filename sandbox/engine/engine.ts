import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LocalWorkspace, PulumiCommand, Stack } from "@pulumi/pulumi/automation";
import { execa } from "execa";
import { loadCredentials } from "../world/credentials";
import { openHome, projectFolder } from "../world/home";
import type { SandboxInfo } from "../world/info";
import { engineEnvironment } from "./environment";
import { writeShellFile } from "./shell-file";
import { layOutStackFolder } from "./stack-folder";
import { setMissingSecrets, stackSecrets } from "./stack-secrets";

export interface EngineOptions {
  /** Folder of the project; default: the checkout that this package stands in. */
  project?: string;
  /** Name of the stack's folder under the sandbox's `engine/`; default: the stack's name. */
  folder?: string;
  /** Changes the stack's config before the engine reads it. */
  edit?: (config: Record<string, unknown>) => void;
  /** Secrets of the stack's config, beside the sandbox's own; `undefined` leaves one out. */
  secrets?: Record<string, string | undefined>;
}

/** One stack of the project on a running sandbox: the real engine, driven through the Automation API. */
export interface Engine {
  stack: Stack;
  /** The folder in which `pulumi` runs; a person can go there and type commands. */
  folder: string;
  environment: Record<string, string>;
  /** Runs `pulumi` with these arguments in the stack's folder; `input` goes to its standard input. */
  pulumi(args: string[], input?: string): Promise<{ exitCode: number; stdout: string; stderr: string }>;
}

export async function openEngine(
  info: SandboxInfo,
  stackName: string,
  options: EngineOptions = {},
): Promise<Engine> {
  const home = openHome(info.home);
  const credentials = loadCredentials(home.credentialsFile);
  const passphraseFile = join(home.engine, "passphrase");
  writeFileSync(passphraseFile, credentials.passphrase, { mode: 0o600 });
  const folder = join(home.engine, options.folder ?? stackName);
  layOutStackFolder(options.project ?? projectFolder, folder, stackName, info, options.edit);
  const environment = engineEnvironment(info, credentials, passphraseFile);
  const binary = join(info.engineBin, "pulumi");
  const pulumi: Engine["pulumi"] = async (args, input = "") => {
    const run = await execa(binary, [...args, "--non-interactive"], {
      cwd: folder,
      env: environment,
      input,
      reject: false,
    });
    return { exitCode: run.exitCode ?? 1, stdout: run.stdout, stderr: run.stderr };
  };
  const workspace = await LocalWorkspace.create({
    workDir: folder,
    envVars: environment,
    pulumiCommand: await PulumiCommand.get({ root: dirname(info.engineBin), skipVersionCheck: true }),
    pulumiHome: info.engineEnvironment["PULUMI_HOME"],
    secretsProvider: "passphrase",
  });
  const stack = await Stack.createOrSelect(stackName, workspace);
  writeShellFile(join(home.engine, "env.sh"), environment);
  await setMissingSecrets({ folder, pulumi }, stackName, {
    ...stackSecrets(credentials),
    ...options.secrets,
  });
  return { stack, folder, environment, pulumi };
}
