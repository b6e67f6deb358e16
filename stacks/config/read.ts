/**
 * Reads and checks the whole configuration of a stack before the first resource is registered. All that is wrong is
 * reported together, and no cloud is called.
 */
import * as pulumi from "@pulumi/pulumi";
import * as z from "zod/mini";
import { crossCheck } from "./cross-check";
import { here, keyOf, type Path, Problems, shown, suggestion } from "./problems";
import { type GroupName, type Groups, groups, type ScalarName, scalars } from "./schema";
import { readSecrets, type SecretName, type Secrets, secretNames } from "./secrets";

/** The configuration of a stack as the engine has it: full keys and texts; which keys are encrypted. */
export interface ConfigSource {
  values: Record<string, string>;
  isSecret(key: string): boolean;
}

/** A configuration without mistakes, defaults filled in. */
export interface PlatformConfig extends Groups {
  /** The names of the platform. */
  platform: string;
  /** Whether what can't be had back is protected. */
  protect: boolean;
  /** `alicloud:region`. */
  region: string;
  /** `github:owner`: where forks are made. */
  owner: string;
  secrets: Secrets;
}

const project = "ackone-delivery";
const keyPath = (name: string): Path => [`${project}:${name}`];

/** The configuration of the running stack. */
export function stackConfig(): ConfigSource {
  const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  return { values: pulumi.runtime.allConfig(), isSecret: isConfigSecret };
}

/** @throws VisibleError that lists everything that is wrong. */
export function readConfig(source: ConfigSource): PlatformConfig {
  const problems = new Problems();
  refuseUnknownKeys(source, problems);
  refusePlainSecrets(source, problems);
  refuseHalfIdentities(source, problems);
  const region = required(
    source,
    "alicloud:region",
    /^[a-z]{2}(-[a-z0-9]+)+$/,
    "a region",
    "cn-hangzhou",
    problems,
  );
  const owner = required(
    source,
    "github:owner",
    /^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}$/,
    "an account",
    "acme",
    problems,
  );
  const scalar = (name: ScalarName) => scalarValue(source.values[keyOf(keyPath(name))]);
  const platform = parse(scalars.platform, keyPath("platform"), scalar("platform"), problems);
  const protect = parse(scalars.protect, keyPath("protect"), scalar("protect"), problems);
  const found: Partial<Groups> = {};
  for (const name of Object.keys(groups) as GroupName[]) {
    readGroup(source, name, found, problems);
  }
  const secretValues = Object.fromEntries(
    secretNames.map((name) => [name, source.values[keyOf(keyPath(name))]]),
  );
  const encrypted = (name: SecretName) => source.isSecret(keyOf(keyPath(name)));
  const secrets = readSecrets(secretValues, encrypted, keyPath, found, problems);
  crossCheck({ ...found, owner, baseUrl: source.values["github:baseUrl"] }, keyPath, problems);
  problems.throwIfAny();
  return {
    ...(found as Groups),
    platform: platform!,
    protect: protect!,
    region: region!,
    owner: owner!,
    secrets,
  };
}

function refuseUnknownKeys(source: ConfigSource, problems: Problems): void {
  const known = [...Object.keys(scalars), ...Object.keys(groups), ...secretNames];
  for (const key of Object.keys(source.values)) {
    const name = key.slice(project.length + 1);
    if (key.startsWith(`${project}:`) && !known.includes(name)) {
      problems.addSentence(`${key}: is not a key of this project; ${suggestion(name, known)}`);
    }
  }
}

/** Credentials of the clouds' own providers; the access key's id alone opens nothing. */
const providerSecrets = ["alicloud:secretKey", "alicloud:securityToken", "github:token"];

function refusePlainSecrets({ values, isSecret }: ConfigSource, problems: Problems): void {
  for (const key of providerSecrets) {
    if (values[key] && !isSecret(key)) {
      problems.addSentence(
        `${key}: is in plain text; replace the secret where it came from, and run: pulumi config set --secret ${key}`,
      );
    }
  }
}

/**
 * Keys that change as whom the alicloud provider calls. This project's own provider doesn't know them, so that with one
 * of them one half of a stack would be made by somebody else than the other.
 */
const identityKeys = [
  "assumeRole",
  "assumeRoleWithOidc",
  "credentialsUri",
  "ecsRoleName",
  "profile",
  "sharedCredentialsFile",
].map((name) => `alicloud:${name}`);

function refuseHalfIdentities({ values }: ConfigSource, problems: Problems): void {
  for (const key of identityKeys) {
    if (values[key]) {
      problems.addSentence(
        `${key}: is not known to this project's own provider, which would act as somebody else than the alicloud provider; remove it, and set ALIBABA_CLOUD_* variables of the default credential chain, which both follow`,
      );
    }
  }
}

/** A key of another package that this program reads as well. */
function required(
  source: ConfigSource,
  key: string,
  pattern: RegExp,
  is: string,
  example: string,
  problems: Problems,
): string | undefined {
  const value = source.values[key];
  if (value === undefined || value === "") {
    problems.addSentence(`${key}: is missing; run: pulumi config set ${key} ${example}`);
    return undefined;
  }
  if (!pattern.test(value)) {
    problems.addSentence(`${key}: ${shown(value)} is not ${is}; use a name like ${example}`);
  }
  return value;
}

function scalarValue(text: string | undefined): unknown {
  return text === "true" ? true : text === "false" ? false : text;
}

function readGroup(source: ConfigSource, name: GroupName, found: Partial<Groups>, problems: Problems): void {
  const path = keyPath(name);
  const key = keyOf(path);
  if (source.isSecret(key)) {
    problems.add(
      path,
      `holds an encrypted value; only ${secretNames.join(", ")} are secrets, so set it without --secret`,
    );
    return;
  }
  const text = source.values[key];
  let value: unknown;
  try {
    value = text === undefined ? undefined : JSON.parse(text);
  } catch {
    value = text;
  }
  const parsed = parse<unknown>(groups[name], path, value, problems);
  if (parsed !== undefined) {
    Object.assign(found, { [name]: parsed });
  }
}

/** Adds a problem for everything that is wrong; undefined when something is. */
function parse<T>(schema: z.ZodMiniType<T>, path: Path, value: unknown, problems: Problems): T | undefined {
  const result = z.safeParse(schema, value, { reportInput: true });
  if (result.success) {
    return result.data;
  }
  for (const issue of result.error.issues) {
    const at = [...path, ...(issue.path as Path)];
    if (issue.code === "unrecognized_keys") {
      addUnknownKeys(at, issue, problems);
    } else if (issue.code === "invalid_key") {
      const name = at.at(-1);
      problems.add(at.slice(0, -1), issue.issues[0]?.message ?? `${shown(name)} is not a name`);
    } else if (issue.message.startsWith(here)) {
      problems.addSentence(issue.message.replaceAll(here, keyOf(at)));
    } else {
      problems.add(at, issue.message);
    }
  }
  return undefined;
}

/** The message of this issue is the list of the keys that exist; see `group` in fields.ts. */
function addUnknownKeys(path: Path, issue: z.core.$ZodIssueUnrecognizedKeys, problems: Problems): void {
  for (const key of issue.keys) {
    problems.add(
      [...path, key],
      `is not a key of ${keyOf(path)}; ${suggestion(key, issue.message.split(" "))}`,
    );
  }
}
