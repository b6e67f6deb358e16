import { invalid } from "../gateway/errors";

/** Words of lower-case letters and digits, joined by single or repeated separators; none at either end. */
const words = /^[a-z0-9]+([._-]+[a-z0-9]+)*$/;

/** "CreateNamespace": 2 to 120 lower-case letters, digits, `_`, `-`, `.`; no separator at either end. */
export function checkNamespaceName(name: string): void {
  checkName("NamespaceName", name, 120);
}

/** "CreateRepository": 2 to 64 characters of the same kind. */
export function checkRepositoryName(name: string): void {
  checkName("RepoName", name, 64);
}

function checkName(parameter: string, name: string, max: number): void {
  if (name.length < 2 || name.length > max) {
    throw invalid(parameter, `${name} has ${name.length} characters, 2 to ${max} are allowed`);
  }
  if (!words.test(name)) {
    throw invalid(
      parameter,
      `${name} may have lower-case letters, digits and separators (_ - .), and no separator at either end`,
    );
  }
}

/** "CreateInstance": 3 to 30 lower-case letters, digits and hyphens, no hyphen at either end. */
export function isInstanceName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{1,28}[a-z0-9]$/.test(name);
}

/** Names that the API lists as host names: one per module and network. */
export function registryHost(
  instanceName: string,
  module: "Registry" | "Chart",
  network: "internet" | "vpc",
  region: string,
): string {
  const suffix = `${module === "Registry" ? "registry" : "chart"}${network === "vpc" ? "-vpc" : ""}`;
  return `${instanceName}-${suffix}.${region}.cr.aliyuncs.com`;
}
