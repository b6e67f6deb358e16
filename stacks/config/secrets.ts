/** The secrets of a stack: set with `pulumi config set --secret`, never part of a stack file in clear text. */
import * as pulumi from "@pulumi/pulumi";
import { githubAppKeyRule, sshKeyRule } from "../../components/gitops/private-key";
import { webhookSecretRule } from "../../components/gitops/push-webhook";
import { registryUserRule } from "../../components/gitops/registry-credentials";
import { lineRule } from "../../components/gitops/secret-data";
import { passwordComplaint } from "../../components/registry/names";
import type { Rule } from "../../components/validation";
import type { DeploymentConfig } from "./deployment";
import { hasWebhook } from "./derived";
import type { FleetConfig } from "./fleet";
import { keyOf, type Path, type Problems } from "./problems";
import type { RegistryConfig } from "./registry";

/** What the manual and `Pulumi.yaml` say about each secret. */
export const secretDocs = {
  registryUser:
    "User of the registry with whose rights Image Updater reads tags, like acr-reader@1234567890123456.",
  registryPassword: "Fixed password of that user (ACR console, Access Credential).",
  deploymentToken: "Token for the deployment repository, with deployment.credentials of type token.",
  deploymentSshKey:
    "Private deploy key for the deployment repository, with deployment.credentials of type ssh.",
  deploymentAppKey: "Private key of the GitHub App, with deployment.credentials of type githubApp.",
  writeBackToken:
    "Token with which Image Updater commits new tags, with deployment.writeBack of method secret.",
  webhookSecret:
    "With what GitHub signs what it tells Argo CD, with deployment.webhook: any 20 or more characters.",
} as const;

export type SecretName = keyof typeof secretDocs;
export const secretNames = Object.keys(secretDocs) as SecretName[];

/** Secrets that are set, marked as such. */
export type Secrets = Partial<Record<SecretName, pulumi.Output<string>>>;

/** Which file or value the person has to put in. */
const inputs: Record<SecretName, string> = {
  registryUser: "pulumi config set --secret registryUser",
  registryPassword: "pulumi config set --secret registryPassword",
  deploymentToken: "pulumi config set --secret deploymentToken",
  deploymentSshKey: "pulumi config set --secret deploymentSshKey < deploy-key",
  deploymentAppKey: "pulumi config set --secret deploymentAppKey < app.private-key.pem",
  writeBackToken: "pulumi config set --secret writeBackToken",
  webhookSecret: "openssl rand -hex 32 | pulumi config set --secret webhookSecret",
};

/** None of these puts a value into its message. */
const rules: Record<SecretName, Rule<string>> = {
  registryUser: registryUserRule,
  registryPassword: lineRule,
  deploymentToken: lineRule,
  deploymentSshKey: sshKeyRule,
  deploymentAppKey: githubAppKeyRule,
  writeBackToken: lineRule,
  webhookSecret: webhookSecretRule,
};

/** The parts of a configuration that secrets go with; undefined are those that are wrong themselves. */
interface Users {
  registry?: RegistryConfig;
  deployment?: DeploymentConfig;
  fleet?: FleetConfig;
}

/** Which secrets a configuration uses, and why. */
function uses({ deployment, fleet }: Users): Partial<Record<SecretName, string>> {
  const needed: Partial<Record<SecretName, string>> = {
    registryUser: "Image Updater logs in to the registry with it",
    registryPassword: "Image Updater logs in to the registry with it",
  };
  const type = deployment?.credentials.type;
  if (type !== undefined) {
    const name = (
      { token: "deploymentToken", ssh: "deploymentSshKey", githubApp: "deploymentAppKey" } as const
    )[type];
    needed[name] = `deployment.credentials.type is ${type}`;
  }
  if (deployment?.writeBack.method === "secret") {
    needed.writeBackToken = "deployment.writeBack.method is secret";
  }
  if (deployment !== undefined && fleet !== undefined && hasWebhook(deployment, fleet)) {
    needed.webhookSecret = "the deployment repository has a webhook";
  }
  return needed;
}

/**
 * @param values Those that are set, unencrypted; the empty text counts as not set.
 * @param encrypted Whether a key was set as a secret.
 * @param keyPath Turns a name into a path in the stack file.
 */
export function readSecrets(
  values: Partial<Record<SecretName, string>>,
  encrypted: (name: SecretName) => boolean,
  keyPath: (name: SecretName) => Path,
  config: Users,
  problems: Problems,
): Secrets {
  const needed = uses(config);
  const allUsersKnown = config.deployment !== undefined && config.fleet !== undefined;
  const secrets: Secrets = {};
  for (const name of secretNames) {
    const value = values[name];
    if (value === undefined || value === "") {
      if (needed[name] !== undefined) {
        problems.add(keyPath(name), `is missing, but ${needed[name]}; run: ${inputs[name]}`);
      }
    } else if (!encrypted(name)) {
      problems.add(
        keyPath(name),
        `is in plain text; replace the secret where it came from, and run: ${inputs[name]}`,
      );
    } else if (allUsersKnown && needed[name] === undefined) {
      problems.add(keyPath(name), `is set, but nothing uses it; run: pulumi config rm ${name}`);
    } else {
      const complaint = rules[name](value);
      if (complaint !== undefined) {
        problems.add(keyPath(name), complaint);
      }
      secrets[name] = pulumi.secret(value);
    }
  }
  checkSetPassword(values.registryPassword, keyPath, config.registry, problems);
  return secrets;
}

/** ACR's rule for passwords concerns only one that this stack sets. */
function checkSetPassword(
  password: string | undefined,
  keyPath: (name: SecretName) => Path,
  registry: RegistryConfig | undefined,
  problems: Problems,
): void {
  if (!password || registry === undefined || "id" in registry.instance || !registry.instance.setPassword) {
    return;
  }
  const complaint = passwordComplaint(password);
  if (complaint !== undefined) {
    problems.addSentence(`${keyOf(keyPath("registryPassword"))}: ${complaint}`);
  }
}
