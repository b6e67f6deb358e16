/** All resources of the package. */
import type { AnyResource } from "../resource";
import { buildRule } from "./build-rule";
import { fleetFeatures } from "./fleet-features";
import { instanceEndpoint } from "./instance-endpoint";
import { kubeconfig } from "./kubeconfig";
import { permission } from "./permission";
import { sourceBinding } from "./source-binding";

export const resources: readonly AnyResource[] = [
  sourceBinding,
  buildRule,
  instanceEndpoint,
  fleetFeatures,
  kubeconfig,
  permission,
];
