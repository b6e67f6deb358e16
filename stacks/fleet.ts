/** The Fleet, who may use it, and its member clusters. */
import type * as pulumi from "@pulumi/pulumi";
import { Fleet } from "../components/fleet/fleet";
import { FleetPermissions } from "../components/fleet/fleet-permissions";
import { withGithubHooks } from "../components/fleet/github-hooks";
import { MemberCluster } from "../components/fleet/member-cluster";
import type { PlatformConfig } from "./config/read";
import { mapValues } from "./map-values";

export interface FleetPart {
  fleet: Fleet;
  /** Member clusters by their name in the stack file. */
  members: Record<string, MemberCluster>;
  all: pulumi.Resource[];
}

export function createFleet(
  { fleet: { name, network, permissions, ...features }, clusters }: PlatformConfig,
  options: pulumi.ComponentResourceOptions,
): FleetPart {
  const gitops = { ...features.gitops, allow: withGithubHooks(features.gitops.allow) };
  const fleet = new Fleet("fleet", { name, ...network, features: { ...features, gitops } }, options);
  const rights =
    permissions.length === 0
      ? []
      : [new FleetPermissions("fleet-permissions", { fleetId: fleet.id, permissions }, options)];
  const members = mapValues(
    clusters,
    ({ id, name: clusterName, privateApiServer, canary }, key) =>
      new MemberCluster(
        `cluster-${key}`,
        { fleetId: fleet.id, clusterId: id, clusterName, privateApiServer, canary },
        options,
      ),
  );
  return { fleet, members, all: [fleet, ...rights, ...Object.values(members)] };
}
