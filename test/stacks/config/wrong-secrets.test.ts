import { describeMistakes, set } from "./mistake";

describeMistakes("secrets", [
  [
    "write-back credentials that are missing",
    set("deployment.writeBack", { method: "secret" }),
    "writeBackToken: is missing, but deployment.writeBack.method is secret; run: pulumi config set --secret writeBackToken",
  ],
  [
    "an SSH key that is missing, and a token that nothing uses",
    set("deployment.credentials", { type: "ssh" }),
    "deploymentToken: is set, but nothing uses it; run: pulumi config rm deploymentToken",
    "deploymentSshKey: is missing, but deployment.credentials.type is ssh; run: pulumi config set --secret deploymentSshKey < deploy-key",
  ],
  [
    "a password that is missing",
    set("registryPassword", undefined),
    "registryPassword: is missing, but Image Updater logs in to the registry with it; run: pulumi config set --secret registryPassword",
  ],
  [
    "an empty token",
    set("deploymentToken", ""),
    "deploymentToken: is missing, but deployment.credentials.type is token; run: pulumi config set --secret deploymentToken",
  ],
  [
    "a token with a line end",
    set("deploymentToken", "ghp_abc\n"),
    "deploymentToken: starts or ends with a space or a line break, or has a control character in it; remove it",
  ],
  [
    "a user with a password behind it",
    set("registryUser", "user:password"),
    "registryUser: has a colon in it, but Image Updater takes everything after the first colon for the password; give the user alone",
  ],
  [
    "a secret in plain text",
    set("writeBackToken", "ghp_abc"),
    "writeBackToken: is in plain text; replace the secret where it came from, and run: pulumi config set --secret writeBackToken",
  ],
  [
    "a provider's secret in plain text",
    set("alicloud:secretKey", "abc"),
    "alicloud:secretKey: is in plain text; replace the secret where it came from, and run: pulumi config set --secret alicloud:secretKey",
  ],
  [
    "a webhook's secret that is missing",
    set("webhookSecret", undefined),
    "webhookSecret: is missing, but the deployment repository has a webhook; run: openssl rand -hex 32 | pulumi config set --secret webhookSecret",
  ],
  [
    "a webhook's secret that can be guessed",
    set("webhookSecret", "hunter2"),
    "webhookSecret: is too short; it needs 20 characters, for example those of openssl rand -hex 32",
  ],
  [
    "a webhook's secret without a webhook",
    set("deployment.webhook", false),
    "webhookSecret: is set, but nothing uses it; run: pulumi config rm webhookSecret",
  ],
]);
