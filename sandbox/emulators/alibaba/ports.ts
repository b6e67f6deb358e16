/**
 * What the emulator needs from the rest of the sandbox. Only types: whoever implements or fakes a port imports
 * them from here, and the emulator imports no implementation.
 */

/** Runs the Kubernetes API servers behind Fleets and member clusters. Every method is idempotent. */
export interface ClusterHost {
  /** Resolves when the API server of this cluster answers. */
  ensure(id: string, kind: "fleet" | "member"): Promise<void>;
  /** Stops the API server and wipes what it stored. */
  remove(id: string): Promise<void>;
  /**
   * A kubeconfig with a client certificate for `user`.
   * @returns `expiration` is the end of the certificate, RFC 3339.
   */
  kubeconfig(
    id: string,
    user: string,
    validForSeconds: number,
  ): Promise<{ yaml: string; expiration: string }>;
  /** Creates or removes on a Fleet what the hosted Argo CD brings along. */
  gitops(fleetId: string, enabled: boolean, highAvailability: boolean): Promise<void>;
  /**
   * Prepares a member for the Fleet and, when GitOps is on, lets Argo CD know it. Called again for every
   * member after GitOps was switched on.
   */
  attach(fleetId: string, member: { id: string; name: string }): Promise<void>;
  /** Undoes {@link attach}. */
  detach(fleetId: string, memberId: string): Promise<void>;
  stop(): Promise<void>;
}

/** Knows which GitHub repositories exist. */
export interface GitDirectory {
  exists(owner: string, name: string): boolean;
}

/** A network that the account already has, with the ids of its vSwitches. */
export interface Vpc {
  readonly id: string;
  readonly vSwitches: readonly string[];
}

/** An ACK cluster that the account already has and that can be attached to a Fleet. */
export interface WorldMember {
  /** `c` and 32 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  /** @default the first VPC of the world */
  readonly vpcId?: string;
  /** Kubernetes version. @default "1.33.1-aliyun.1" */
  readonly version?: string;
}

/** What exists in the account before anybody calls an API: neither networks nor ACK clusters are created here. */
export interface World {
  readonly vpcs: readonly Vpc[];
  readonly members: readonly WorldMember[];
}
