import { action } from "../gateway/action";
import { ApiError } from "../gateway/errors";
import { flag, required, text } from "../gateway/parameters";
import { runningFleet } from "./fleets";

/** How long the client certificate is valid: three years, as ACK issues them. */
const validity = 3 * 365 * 24 * 60 * 60;

/**
 * The public address is only handed out when the API server has one. What the cloud does without is not
 * documented; refusing shows the mistake earlier than a kubeconfig that can't be used from outside.
 */
export const DescribeHubClusterKubeconfig = action(
  { ClusterId: required(text()), PrivateIpAddress: flag() },
  async ({ ClusterId, PrivateIpAddress = false }, cloud) => {
    const fleet = runningFleet(cloud, ClusterId);
    if (!PrivateIpAddress && !fleet.publicApiServer) {
      throw new ApiError(
        400,
        "ErrPublicApiServerDisabled",
        `The API server of Fleet ${ClusterId} has no public address.`,
      );
    }
    await cloud.clusters.ensure(fleet.id, "fleet");
    const { yaml } = await cloud.clusters.kubeconfig(fleet.id, "fleet-admin", validity);
    return { Kubeconfig: yaml };
  },
);
