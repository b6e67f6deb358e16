/**
 * The one place that knows the host names of a registry.
 *
 * An instance called `acme` in Hangzhou is `acme-registry.cn-hangzhou.cr.aliyuncs.com` on the internet and
 * `acme-registry-vpc.cn-hangzhou.cr.aliyuncs.com` inside linked VPCs (ACR user guide, "Access an instance").
 */

/** From where the registry is reached. */
export type Network = "internet" | "vpc";

/**
 * @param instanceName The name of the ACR instance, not its id.
 * @param region Like `cn-hangzhou`.
 */
export function registryHost(instanceName: string, region: string, network: Network): string {
  return `${instanceName}-registry${network === "vpc" ? "-vpc" : ""}.${region}.cr.aliyuncs.com`;
}

/** An endpoint of an instance as the alicloud provider shows it (ListInstanceEndpoint). */
export interface Endpoint {
  endpointType?: string;
  enable?: boolean;
  domains?: { domain?: string; type?: string }[];
}

/**
 * The host of an instance that exists: what the instance says itself, preferring Alibaba's own domain (SYSTEM) to a
 * custom one; the rule above when it lists none, as long as its endpoint is switched off.
 */
export function existingHost(
  endpoints: readonly Endpoint[],
  instanceName: string,
  region: string,
  network: Network,
): string {
  const domains = endpoints
    .filter((endpoint) => endpoint.endpointType?.toLowerCase() === network)
    .flatMap((endpoint) => endpoint.domains ?? []);
  const domain = domains.find(({ type }) => type?.toUpperCase() === "SYSTEM") ?? domains[0];
  return domain?.domain || registryHost(instanceName, region, network);
}

/** Whether the instance says that it can be reached from there. */
export function isOpen(endpoints: readonly Endpoint[], network: Network): boolean {
  return endpoints.some(
    ({ endpointType, enable }) => endpointType?.toLowerCase() === network && enable === true,
  );
}
