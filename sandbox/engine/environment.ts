import { delimiter, join } from "node:path";
import type { Credentials } from "../world/credentials";
import type { SandboxInfo } from "../world/info";

/**
 * Variables of the caller that could lead the engine or a provider to a real account, cluster or backend.
 * The Automation API hands the caller's environment on, so each of them is blanked, not left out.
 */
const leadsToRealClouds =
  /^(ALICLOUD|ALIBABA|ALIBABACLOUD|ALIYUN|GITHUB|GH|KUBE|PULUMI|TF|BSS|CR|CS|ADCP|STS|LOCATION)(_|[A-Z]*CONFIG)/i;
const proxies = /^(https?|all)_proxy$/i;

/**
 * The environment in which the engine and its plugins meet the sandbox: the same variables that a user sets
 * for a real account (`ALIBABA_CLOUD_*`, `GITHUB_TOKEN`), pointing at the emulators.
 */
export function engineEnvironment(
  info: SandboxInfo,
  credentials: Credentials,
  passphraseFile: string,
  caller: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const blanked = Object.keys(caller).filter((name) => leadsToRealClouds.test(name) || proxies.test(name));
  return {
    ...Object.fromEntries(blanked.map((name) => [name, ""])),
    PATH: [info.engineBin, caller["PATH"] ?? ""].join(delimiter),
    ...info.engineEnvironment,
    PULUMI_BACKEND_URL: `file://${join(info.home, "engine")}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
    ALIBABA_CLOUD_ACCESS_KEY_ID: credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: credentials.accessKeySecret,
    ALIBABA_CLOUD_ENDPOINT_ADCP: info.alibaba.http,
    GITHUB_TOKEN: credentials.githubToken,
    SSL_CERT_FILE: info.caBundle,
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
  };
}
