import type { Fleet } from "../account/model";
import type { Cloud } from "../cloud";

/** A Fleet as DescribeHubClusterDetails and DescribeHubClusters show it. Deletion protection isn't in it. */
export function fleetView(fleet: Fleet, cloud: Cloud) {
  const { gitops } = fleet;
  const suffix = fleet.id.slice(1, 17);
  return {
    ClusterInfo: {
      ClusterId: fleet.id,
      Name: fleet.name,
      Profile: fleet.profile,
      RegionId: cloud.region,
      State: fleet.state,
      Version: "1.33.1-aliyun.1",
      ClusterSpec: "ack.pro.small",
      CreationTime: utc(fleet.createdAt),
      UpdateTime: utc(fleet.modifiedAt),
      ErrorMessage: fleet.errorMessage,
      ResourceGroupID: fleet.resourceGroupId,
      Tags: Object.entries(fleet.tags).map(([Key, Value]) => ({ Key, Value })),
      MetaData: {
        ACKOne: gitops
          ? {
              GitOps: {
                Enabled: gitops.enabled,
                HAEnabled: gitops.highAvailability,
                PublicAccessEnabled: gitops.publicAccess,
                AccessControlList: gitops.accessControlList,
              },
            }
          : {},
      },
    },
    ApiServer: {
      ApiServerEipId: fleet.publicApiServer ? `eip-${suffix}` : "",
      EnabledPublic: fleet.publicApiServer,
      LoadBalancerId: `lb-${suffix}`,
    },
    Endpoints: endpoints(fleet),
    Network: {
      VpcId: fleet.vpcId,
      VSwitches: fleet.vSwitches,
      SecurityGroupIDs: [fleet.securityGroupId],
      ClusterDomain: "cluster.local",
      IPStack: "ipv4",
    },
    Conditions: fleet.featureError
      ? [{ Type: "FeatureUpdated", Status: "False", Reason: "UpdateFailed", Message: fleet.featureError }]
      : [],
    LogConfig: { EnableLog: fleet.auditLog },
    MeshConfig: { EnableMesh: false },
  };
}

/** Addresses of documentation ranges; real requests go to the address in the kubeconfig. */
function endpoints(fleet: Fleet) {
  const host = 10 + (Number.parseInt(fleet.id.slice(1, 3), 16) % 200);
  return {
    IntranetApiServerEndpoint: `https://192.0.2.${host}:6443`,
    PublicApiServerEndpoint: fleet.publicApiServer ? `https://203.0.113.${host}:6443` : "",
  };
}

const utc = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;
