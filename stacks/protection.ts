/**
 * What `ackone-delivery:protect` protects: resources that a person can't have back once they are deleted. Everything
 * else stays free to change, so that a protected stack can still drop an address range or a build rule.
 */
import type * as pulumi from "@pulumi/pulumi";

const irreplaceable = new Set([
  "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance",
  "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace",
  "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo",
  "alicloud:ackone/cluster:Cluster",
  // Deleting it turns GitOps off, with all Applications.
  "ackone:fleet:FleetFeatures",
  "github:index/repository:Repository",
]);

/** Options for a component: all irreplaceable resources in it are protected when `protect` is true. */
export function protection(protect: boolean): pulumi.ComponentResourceOptions {
  if (!protect) {
    return {};
  }
  return {
    transformations: [
      ({ type, props, opts }) =>
        irreplaceable.has(type) ? { props, opts: { ...opts, protect: true } } : undefined,
    ],
  };
}
