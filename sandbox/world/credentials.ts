import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** Every secret of one sandbox. Made at its first start, kept until `reset`, never printed or committed. */
export interface Credentials {
  accessKeyId: string;
  accessKeySecret: string;
  /** Token of the GitHub user that the program and the write-back use. */
  githubToken: string;
  /** Login of the registry, as Argo CD's Image Updater and `docker login` use it. */
  registryUser: string;
  registryPassword: string;
  /** With what GitHub signs what it tells Argo CD. */
  webhookSecret: string;
  /** Encrypts the secrets in the engine's state. */
  passphrase: string;
  /** Guards the daemon's control address. */
  controlToken: string;
}

const random = (prefix: string, bytes: number) => prefix + randomBytes(bytes).toString("hex");

export function loadCredentials(file: string): Credentials {
  const known = read(file);
  const made: Credentials = {
    accessKeyId: random("LTAI5t", 9),
    accessKeySecret: random("", 15),
    githubToken: random("ghp_", 18),
    registryUser: "acme-bot@sandbox",
    registryPassword: random("Pw1-", 12),
    webhookSecret: random("", 32),
    passphrase: random("", 16),
    controlToken: random("", 16),
    ...known,
  };
  // A file from before a secret was added lacks it.
  if (Object.keys(made).length !== Object.keys(known ?? {}).length) writePrivately(file, made);
  return made;
}

/** The values that must never show up in a log, a state file or an output. */
export function secretValues(credentials: Credentials): string[] {
  const { accessKeySecret, githubToken, registryPassword, webhookSecret, passphrase, controlToken } =
    credentials;
  return [accessKeySecret, githubToken, registryPassword, webhookSecret, passphrase, controlToken];
}

/** Writes JSON that only the owner can read, whole or not at all. */
export function writePrivately(file: string, value: unknown): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

function read(file: string): Partial<Credentials> | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Partial<Credentials>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(
      `${file} can't be read (${(error as Error).message}); "npm run sandbox -- reset" makes a new one.`,
    );
  }
}
