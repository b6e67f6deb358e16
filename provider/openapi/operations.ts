/**
 * Every OpenAPI operation that the provider calls, with its product and the RAM action that allows it.
 *
 * RPC products name the operation in a header; `cs` is REST-like (ROA), so that its entry carries the path.
 * The RAM actions of the registry's build operations have names of their own ("RAM authorization information" of
 * Container Registry); elsewhere the action is the product and the operation.
 */

/** A product's API version, and how its requests look. */
export interface Product {
  version: string;
  style: "RPC" | "ROA";
  /** Only HTTPS, whatever `protocol` the provider is given: other clients of this product insist on it too. */
  alwaysHttps?: boolean;
}

export const products = {
  cr: { version: "2018-12-01", style: "RPC" },
  adcp: { version: "2022-01-01", style: "RPC" },
  cs: { version: "2015-12-15", style: "ROA", alwaysHttps: true },
} as const satisfies Record<string, Product>;

export type ProductName = keyof typeof products;

export interface Operation {
  product: ProductName;
  ramAction: string;
  /** Path of an ROA operation; `{name}` is filled in from the parameter of that name. */
  path?: string;
}

const registry = (ramAction: string): Operation => ({ product: "cr", ramAction: `cr:${ramAction}` });
const fleet = (ramAction: string): Operation => ({ product: "adcp", ramAction: `adcp:${ramAction}` });

export const operations = {
  ListInstance: registry("ListInstance"),
  GetNamespace: registry("GetNamespace"),
  GetRepository: registry("GetRepository"),
  CreateRepoBuildRule: registry("CreateRepositoryBuildRule"),
  UpdateRepoBuildRule: registry("UpdateRepositoryBuildRule"),
  DeleteRepoBuildRule: registry("DeleteRepositoryBuildRule"),
  ListRepoBuildRule: registry("ListRepositoryBuildRule"),
  CreateRepoSourceCodeRepo: registry("CreateSourceRepository"),
  UpdateRepoSourceCodeRepo: registry("UpdateSourceRepository"),
  GetRepoSourceCodeRepo: registry("GetSourceRepository"),
  GetInstanceEndpoint: registry("GetInstanceEndpoint"),
  UpdateInstanceEndpointStatus: registry("UpdateInstanceEndpointStatus"),
  GetInstanceVpcEndpoint: registry("GetInstanceVpcEndpoint"),

  DescribeHubClusters: fleet("DescribeHubClusters"),
  DescribeHubClusterDetails: fleet("DescribeHubClusterDetails"),
  DescribeHubClusterKubeconfig: fleet("DescribeHubClusterKubeconfig"),
  UpdateHubClusterFeature: fleet("UpdateHubClusterFeature"),
  GrantUserPermission: fleet("GrantUserPermission"),
  DescribeUserPermissions: fleet("DescribeUserPermissions"),
  DeleteUserPermission: fleet("DeleteUserPermission"),

  DescribeClusterUserKubeconfig: {
    product: "cs",
    ramAction: "cs:DescribeClusterUserKubeconfig",
    path: "/k8s/{ClusterId}/user_config",
  },
} as const satisfies Record<string, Operation>;

/** The name of an operation, as in Alibaba Cloud's API reference. */
export type Action = keyof typeof operations;
