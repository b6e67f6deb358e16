/** The committed stack files as the engine would hand them to the program. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { ConfigSource } from "../../stacks/config/read";

export const root = join(__dirname, "..", "..");
export const project = "ackone-delivery";

export type Config = Record<string, unknown>;

/** A token, a password and a user that no file and no output may show. */
export const planted = {
  registryUser: "planted-user@1234567890",
  registryPassword: "planted-Pa55word",
  deploymentToken: "planted-token-0123456789",
  webhookSecret: "planted-webhook-0123456789",
};

/** The keys of a stack's file. */
export function stackFile(stack: "dev" | "prod"): Config {
  return (parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as { config: Config }).config;
}

/** A stack's file with the secrets that it needs. */
export function stackConfigOf(stack: "dev" | "prod"): Config {
  const secrets = Object.entries(planted).map(([name, value]) => [`${project}:${name}`, value]);
  return { ...stackFile(stack), ...Object.fromEntries(secrets) };
}

/** Text for everything, as the engine has it. */
export function texts(config: Config): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

export const secretKeys = Object.keys(planted).map((name) => `${project}:${name}`);

export function sourceOf(config: Config, secrets: string[] = secretKeys): ConfigSource {
  return { values: texts(config), isSecret: (key) => secrets.includes(key) };
}
