import { BlockList } from "node:net";

/** Public access to a Fleet's Argo CD, as DescribeHubClusterDetails shows it. */
export interface PublicAccess {
  publicAccess: boolean;
  /** IPv4 ranges in CIDR notation; an address alone stands for itself. */
  accessControlList: readonly string[];
}

/** Whether a request from this IPv4 address of the internet gets to argocd-server: its load balancer has an allow-list. */
export function admits({ publicAccess, accessControlList }: PublicAccess, address: string): boolean {
  if (!publicAccess) return false;
  const allowed = new BlockList();
  for (const range of accessControlList) {
    const [network = "", prefix = "32"] = range.split("/");
    allowed.addSubnet(network, Number(prefix), "ipv4");
  }
  return allowed.check(address, "ipv4");
}
