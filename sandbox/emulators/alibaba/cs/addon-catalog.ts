import type { Account } from "../account/model";
import { ApiError } from "../gateway/errors";

/** An add-on that clusters can have. */
export interface CatalogEntry {
  name: string;
  category: string;
  /** Whether it runs on Alibaba's side, outside of the cluster. */
  managed: boolean;
  /** Oldest first. */
  versions: string[];
  /** The oldest Kubernetes that it runs on. */
  minimumClusterVersion: string;
  /** @throws ApiError for a configuration that it doesn't understand */
  check(config: Record<string, unknown>, account: Account, region: string): void;
}

/** The add-ons that the documents of this pipeline use; the real catalog has more than a hundred. */
const catalog: readonly CatalogEntry[] = [
  {
    name: "ack-kruise",
    category: "application",
    managed: false,
    versions: ["1.7.3", "1.8.0", "1.8.3", "1.8.4"],
    minimumClusterVersion: "1.19.0",
    check(config) {
      const [unknown] = Object.keys(config);
      if (unknown) throw wrongConfig("ack-kruise", `${unknown} is not a parameter of it`);
    },
  },
  {
    name: "managed-aliyun-acr-credential-helper",
    category: "security",
    managed: true,
    versions: ["v23.11.01.1", "v24.07.25.0", "v24.11.04.0"],
    minimumClusterVersion: "1.22.0",
    check: checkHelper,
  },
];

/** @throws ApiError AddonNotFound, HTTP 404 */
export function findAddon(name: string): CatalogEntry {
  const entry = catalog.find((each) => each.name === name);
  if (!entry) throw new ApiError(404, "AddonNotFound", `addon ${name} not found`);
  return entry;
}

export const allAddons = () => catalog;

/** The version that was asked for, the newest one when none was. @throws ApiError AddonNotFound, HTTP 404 */
export function findVersion({ name, versions }: CatalogEntry, version: string | undefined): string {
  const found = version ? versions.find((each) => each === version) : versions.at(-1);
  if (!found) throw new ApiError(404, "AddonNotFound", `addon ${name} version ${version} not found`);
  return found;
}

/** Configuration as a JSON object. @throws ApiError for other text, or one that the add-on doesn't understand */
export function checkedConfig(
  entry: CatalogEntry,
  config: string | undefined,
  account: Account,
  region: string,
): string {
  if (!config) return "{}";
  let value: unknown;
  try {
    value = JSON.parse(config);
  } catch {
    throw wrongConfig(entry.name, "it is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrongConfig(entry.name, "it is not a JSON object");
  }
  entry.check(value as Record<string, unknown>, account, region);
  return config;
}

/** The code is not documented. */
const wrongConfig = (name: string, why: string) =>
  new ApiError(400, "AddonConfigInvalid", `config of addon ${name} is invalid: ${why}`);

/** Parameters of the managed credential helper ("Use the credential helper to pull images without secrets"). */
const helperTypes: Record<string, string> = {
  AcrInstanceInfo: "object",
  watchNamespace: "string",
  serviceAccount: "string",
  expiringThreshold: "string",
  enableRRSA: "boolean",
};
const instanceTypes: Record<string, string> = {
  instanceId: "string",
  regionId: "string",
  domains: "string",
  assumeRoleARN: "string",
  expireDuration: "string",
  rrsaRoleARN: "string",
  rrsaOIDCProviderRoleARN: "string",
};

function checkHelper(config: Record<string, unknown>, account: Account, region: string): void {
  const name = "managed-aliyun-acr-credential-helper";
  checkTypes(name, "", config, helperTypes);
  const instances = config["AcrInstanceInfo"] ?? [];
  if (!Array.isArray(instances)) throw wrongConfig(name, "AcrInstanceInfo is not a list");
  for (const [index, instance] of instances.entries()) {
    const path = `AcrInstanceInfo[${index}].`;
    checkTypes(name, path, instance, instanceTypes);
    const { instanceId, regionId } = instance as { instanceId?: string; regionId?: string };
    if (!instanceId || !account.instances[instanceId]) {
      throw wrongConfig(name, `${path}instanceId: there is no instance ${instanceId ?? ""} in the account`);
    }
    if (regionId !== region) {
      throw wrongConfig(name, `${path}regionId: ${instanceId} is not in ${regionId ?? "an unnamed region"}`);
    }
  }
}

function checkTypes(name: string, path: string, value: object, types: Record<string, string>): void {
  for (const [key, each] of Object.entries(value)) {
    if (!types[key]) throw wrongConfig(name, `${path}${key} is not a parameter of it`);
    if (typeof each !== types[key]) throw wrongConfig(name, `${path}${key} is not of type ${types[key]}`);
  }
}
