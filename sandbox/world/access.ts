import { BlockList } from "node:net";
import type { Dump } from "../emulators/alibaba";

/**
 * Whether a host of the account lets somebody in from the internet. The consoles of Argo CD are the only ones that can
 * be closed: they are reachable from the VPC alone unless public access is on, and then from the ranges of its list
 * (an empty list is no restriction).
 *
 * @param from an IPv4 address
 */
export function isReachable({ fleets }: Pick<Dump, "fleets">, host: string, from: string): boolean {
  const fleetId = /^argocd\.([^.]+)\./.exec(host)?.[1];
  if (fleetId === undefined) return true;
  const fleet = fleets.find(({ id }) => id === fleetId);
  if (!fleet?.publicAccess) return false;
  if (fleet.accessControlList.length === 0) return true;
  const allowed = new BlockList();
  for (const range of fleet.accessControlList) {
    const [address = "", bits] = range.split("/");
    if (bits === undefined) allowed.addAddress(address);
    else allowed.addSubnet(address, Number(bits));
  }
  return allowed.check(from);
}
