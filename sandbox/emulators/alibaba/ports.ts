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
  /** Installs an add-on on a cluster, or brings it to another version or configuration. */
  installAddon(clusterId: string, addon: Addon): Promise<void>;
  /** Removes an add-on and what it put on the cluster. */
  uninstallAddon(clusterId: string, name: string): Promise<void>;
  stop(): Promise<void>;
}

/** An add-on of an ACK cluster. */
export interface Addon {
  readonly name: string;
  readonly version: string;
  /** What was configured, a JSON object. */
  readonly config: string;
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

/** A build as the build machine gets it. */
export interface BuildOrder {
  readonly id: string;
  readonly source: {
    readonly owner: string;
    readonly name: string;
    readonly type: "GIT_BRANCH" | "GIT_TAG";
    readonly ref: string;
    /** Undefined for a build by hand: whatever the ref is at. */
    readonly commit?: string;
    /** Whether the account has a bound source account to clone with; without one only public repositories work. */
    readonly accountBound: boolean;
  };
  readonly dockerfile: { readonly location: string; readonly name: string };
  readonly platforms: readonly string[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly image: {
    /** Public host name of the registry. */
    readonly host: string;
    /** `<namespace>/<name>` */
    readonly repository: string;
    readonly tag: string;
  };
  /** Logs in to the registry. */
  readonly login: { readonly user: string; readonly password: string };
  /** The time that the image bears, milliseconds since 1970. The same order makes the same image. */
  readonly created: number;
  /** Makes the build machine fail in the middle, with this message. */
  readonly breakdown?: string;
}

/** The build machine: clones, builds and pushes. */
export interface ImageBuilder {
  /**
   * @param log what a person sees of it; stages are words like `CLONE`
   * @returns what it pushed
   * @throws Error with the reason in one line; everything else is in the log. Nothing is tagged then.
   */
  build(
    order: BuildOrder,
    log: (stage: string, message: string) => void,
    signal: AbortSignal,
  ): Promise<{ digest: string; commit: string }>;
}
