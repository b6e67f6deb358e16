import type { Product } from "../gateway/action";
import { plain } from "../gateway/envelopes";
import { ApiError } from "../gateway/errors";
import { applyFeatures, UpdateHubClusterFeature } from "./features";
import {
  CreateHubCluster,
  DeleteHubCluster,
  DescribeHubClusterDetails,
  DescribeHubClusters,
  removeFleet,
  startFleet,
} from "./fleets";
import { DescribeHubClusterKubeconfig } from "./kubeconfig";
import {
  AttachClusterToHub,
  attachMember,
  DescribeManagedClusters,
  DetachClusterFromHub,
  detachMember,
} from "./members";
import {
  DeleteUserPermission,
  DescribeUserPermissions,
  GrantUserPermission,
  UpdateUserPermission,
} from "./permissions";

/** ACK One: Fleets ("hub clusters"), their features, members and permissions. */
export const adcp: Product = {
  name: "adcp",
  version: "2022-01-01",
  actions: {
    AttachClusterToHub,
    CreateHubCluster,
    DeleteHubCluster,
    DeleteUserPermission,
    DescribeHubClusterDetails,
    DescribeHubClusterKubeconfig,
    DescribeHubClusters,
    DescribeManagedClusters,
    DescribeUserPermissions,
    DetachClusterFromHub,
    GrantUserPermission,
    UpdateHubClusterFeature,
    UpdateUserPermission,
  },
  jobs: [applyFeatures, attachMember, detachMember, removeFleet, startFleet],
  envelope: plain,
  denied: (action) =>
    new ApiError(
      403,
      "Forbidden.RAM",
      "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
      { AccessDeniedDetail: { AuthAction: `adcp:${action}`, NoPermissionType: "ImplicitDeny" } },
    ),
};
