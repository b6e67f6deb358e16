import type { Product } from "../gateway/action";
import { rest } from "../gateway/envelopes";
import { ApiError } from "../gateway/errors";
import { DescribeClusterDetail, DescribeClustersV1, DescribeClusterUserKubeconfig } from "./clusters";

/** Container Service for Kubernetes, a REST style product whose clients insist on HTTPS. */
export const cs: Product = {
  name: "cs",
  version: "2015-12-15",
  actions: { DescribeClusterDetail, DescribeClusterUserKubeconfig, DescribeClustersV1 },
  routes: {
    DescribeClusterDetail: { method: "GET", path: "/clusters/{ClusterId}" },
    DescribeClusterUserKubeconfig: { method: "GET", path: "/k8s/{ClusterId}/user_config" },
    DescribeClustersV1: { method: "GET", path: "/api/v1/clusters" },
  },
  jobs: [],
  envelope: rest,
  denied: (action) => new ApiError(403, "Forbidden.RAM", `RAM policy forbids cs:${action}.`),
};
