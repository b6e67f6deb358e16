/** How long things take and how many of them the account may have. */
export interface Settings {
  /** Milliseconds from the request to the final state. */
  readonly delays: {
    /** ACR instance: half of it PENDING, half of it STARTING, then RUNNING; also its release. @default 1000 */
    readonly instance: number;
    /** Internet endpoint: CREATING to RUNNING, DELETING to gone. @default 500 */
    readonly endpoint: number;
    /** VPC link: CREATING to RUNNING, DELETING to gone. @default 500 */
    readonly vpcLink: number;
    /** Namespaces and repositories: until a deleted one is gone. @default 200 */
    readonly removal: number;
    /** Fleet: initial to running, deleting to gone; the start of its API server comes on top. @default 1000 */
    readonly fleet: number;
    /** A switched Fleet feature: until Details shows it. @default 500 */
    readonly feature: number;
    /** Member cluster: Installing to Successed, Deleting to gone. @default 500 */
    readonly member: number;
    /** An add-on of an ACK cluster: before its installation, change or removal begins. @default 500 */
    readonly addon: number;
  };
  readonly quotas: {
    /** Fleets per account and region. @default 1 (ACK One, "Limits") */
    readonly fleets: number;
    /** Image builds side by side; those of one repository run one after the other. @default 10 */
    readonly builds: number;
  };
}

/** A part of {@link Settings}. */
export interface SettingsArgs {
  readonly delays?: Partial<Settings["delays"]>;
  readonly quotas?: Partial<Settings["quotas"]>;
}

const defaults: Settings = {
  delays: {
    instance: 1000,
    endpoint: 500,
    vpcLink: 500,
    removal: 200,
    fleet: 1000,
    feature: 500,
    member: 500,
    addon: 500,
  },
  quotas: { fleets: 1, builds: 10 },
};

export function settingsFrom(args: SettingsArgs = {}): Settings {
  return {
    delays: { ...defaults.delays, ...args.delays },
    quotas: { ...defaults.quotas, ...args.quotas },
  };
}
