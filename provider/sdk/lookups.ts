import * as pulumi from "@pulumi/pulumi";

/** What a lookup by name found. */
export interface Found {
  /** Ids under which the alicloud provider imports what was found; empty when there is nothing of that name. */
  ids: string[];
}

/** Finds Enterprise Edition instances of the registry by name (`cr.RegistryEnterpriseInstance`). */
export function findInstance(args: { name: string }, opts?: pulumi.InvokeOptions): Promise<Found> {
  return pulumi.runtime.invoke("ackone:registry:findInstance", args, opts);
}

/** Finds a namespace of a registry instance by name (`cs.RegistryEnterpriseNamespace`). */
export function findNamespace(
  args: { instanceId: string; name: string },
  opts?: pulumi.InvokeOptions,
): Promise<Found> {
  return pulumi.runtime.invoke("ackone:registry:findNamespace", args, opts);
}

/** Finds an image repository by name (`cs.RegistryEnterpriseRepo`). */
export function findRepository(
  args: { instanceId: string; namespace: string; name: string },
  opts?: pulumi.InvokeOptions,
): Promise<Found> {
  return pulumi.runtime.invoke("ackone:registry:findRepository", args, opts);
}

/** Finds an address range in the allow-list of the internet endpoint (`cr.EndpointAclPolicy`). */
export function findAllowedRange(
  args: { instanceId: string; range: string },
  opts?: pulumi.InvokeOptions,
): Promise<Found> {
  return pulumi.runtime.invoke("ackone:registry:findAllowedRange", args, opts);
}

/** Finds a VPC that is linked to a registry instance (`cr.VpcEndpointLinkedVpc`). */
export function findVpcLink(
  args: { instanceId: string; vpcId: string },
  opts?: pulumi.InvokeOptions,
): Promise<Found> {
  return pulumi.runtime.invoke("ackone:registry:findVpcLink", args, opts);
}

/** Finds Fleets by name (`ackone.Cluster`). */
export function findFleet(args: { name: string }, opts?: pulumi.InvokeOptions): Promise<Found> {
  return pulumi.runtime.invoke("ackone:fleet:findFleet", args, opts);
}
