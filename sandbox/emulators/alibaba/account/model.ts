/**
 * What the emulated account holds. Plain data: it is the content of the state file, and only actions and jobs
 * change it. Times are milliseconds since 1970.
 */

export type Edition = "Basic" | "Standard" | "Advanced" | "Economy";
export type ModuleName = "Registry" | "Chart";

export interface AclEntry {
  entry: string;
  comment: string;
}

/** Access from the internet to one module of an instance. */
export interface InternetEndpoint {
  /** `OFF` is how the model says "does not exist"; the API then sends no status. */
  status: "OFF" | "CREATING" | "RUNNING" | "DELETING";
  acl: AclEntry[];
}

export interface VpcLink {
  vpcId: string;
  vSwitchId: string;
  module: ModuleName;
  status: "CREATING" | "RUNNING" | "DELETING";
  ip: string;
}

/** The BSS side of an instance: how it is paid for. */
export interface Subscription {
  productType: string;
  type: "Subscription" | "PayAsYouGo";
  /** Months; undefined for pay-as-you-go. */
  period?: number;
  renewal: "AutoRenewal" | "ManualRenewal";
  /** Months; only with automatic renewal. */
  renewPeriod?: number;
  endsAt: number;
}

export interface Instance {
  id: string;
  name: string;
  edition: Edition;
  status: "PENDING" | "STARTING" | "RUNNING" | "DELETING";
  createdAt: number;
  modifiedAt: number;
  resourceGroupId: string;
  tags: Record<string, string>;
  subscription: Subscription;
  /** What was bought on top of the edition. */
  extraQuota: { namespaces: number; repositories: number; vpcs: number };
  /** scrypt of the login password, `<salt>:<hash>` in hex. */
  passwordHash?: string;
  /** What GetAuthorizationToken gave out: SHA-256 of the token in hex, and its end. */
  temporaryLogins?: { hash: string; expiresAt: number }[];
  /** The instance-level switch of the console; without it public repositories need a login too. @default false */
  anonymousPull?: boolean;
  internet: Record<ModuleName, InternetEndpoint>;
  vpcLinks: VpcLink[];
}

export interface Namespace {
  id: string;
  instanceId: string;
  name: string;
  autoCreate: boolean;
  defaultVisibility: "PUBLIC" | "PRIVATE";
  deleting: boolean;
}

export type CodeRepoType = "GITHUB" | "GITLAB" | "GITEE" | "CODE" | "CODEUP";

export interface SourceBinding {
  type: CodeRepoType;
  namespace: string;
  name: string;
  autoBuild: boolean;
  overseaBuild: boolean;
  disableCacheBuild: boolean;
}

export interface BuildRule {
  id: string;
  pushType: "GIT_BRANCH" | "GIT_TAG";
  pushName: string;
  imageTag: string;
  dockerfileLocation: string;
  dockerfileName: string;
  platforms: string[];
  buildArgs: string[];
}

/** A tag of an image repository and what it names. */
export interface ImageTag {
  /** Of the manifest or index. */
  digest: string;
  /** Digest of the configuration; of the index where there are several platforms. */
  imageId: string;
  /** Bytes of configuration and layers, as the manifest says. */
  size: number;
  createdAt: number;
  updatedAt: number;
}

export type BuildStatus = "PENDING" | "BUILDING" | "SUCCESS" | "FAILED" | "CANCELED";

/** One run of a build rule. Its log is kept beside the account, see BuildLogs. */
export interface BuildRecord {
  id: string;
  instanceId: string;
  repositoryId: string;
  /** The rule as it was when the build was asked for. */
  rule: BuildRule;
  source: {
    owner: string;
    name: string;
    type: "GIT_BRANCH" | "GIT_TAG";
    /** Branch or tag, without `refs/…/`. */
    ref: string;
    /** Undefined until the build machine has looked it up: a build by hand names the ref only. */
    commit?: string;
  };
  imageTag: string;
  status: BuildStatus;
  createdAt: number;
  /** Stays when the build is taken up again after a restart: it is the time that the image bears. */
  startedAt?: number;
  endedAt?: number;
  /** Of the image that was pushed. */
  digest?: string;
  /** Why it FAILED, in one line. */
  reason?: string;
}

export interface Repository {
  id: string;
  instanceId: string;
  namespace: string;
  name: string;
  visibility: "PUBLIC" | "PRIVATE";
  summary: string;
  detail: string;
  tagImmutability: boolean;
  createdAt: number;
  modifiedAt: number;
  deleting: boolean;
  binding?: SourceBinding;
  rules: BuildRule[];
  tags?: Record<string, ImageTag>;
}

export interface Member {
  id: string;
  name: string;
  state: "Installing" | "Successed" | "Failed" | "Deleting";
  message: string;
}

export interface GitOps {
  enabled: boolean;
  highAvailability: boolean;
  publicAccess: boolean;
  accessControlList: string[];
}

export interface Fleet {
  id: string;
  name: string;
  profile: "Default" | "XFlow";
  state: "initial" | "running" | "failed" | "deleting" | "delete_failed";
  errorMessage: string;
  createdAt: number;
  modifiedAt: number;
  resourceGroupId: string;
  tags: Record<string, string>;
  vpcId: string;
  vSwitches: string[];
  securityGroupId: string;
  /** Only Fleets of the profile Default have it, and only once they run. */
  gitops?: GitOps;
  publicApiServer: boolean;
  deletionProtection: boolean;
  auditLog: boolean;
  /** Switches that nothing in the sandbox reacts to, kept as they were set. */
  otherFeatures: Record<string, string | boolean>;
  /** Why a feature could not be switched; cleared by the next change that works. */
  featureError: string;
  members: Member[];
}

export interface Permission {
  userId: string;
  isRamRole: boolean;
  clusterId: string;
  roleType: "cluster" | "namespace";
  roleName: "admin" | "dev" | "gitops-dev";
  namespace: string;
}

/** An add-on of an ACK cluster. */
export interface InstalledAddon {
  name: string;
  version: string;
  /** A JSON object, as it was configured. */
  config: string;
  state: "active" | "updating" | "upgrading" | "deleting";
}

/** Work of Container Service that a caller can ask about. */
export interface ClusterTask {
  id: string;
  clusterId: string;
  type: "addon_install" | "addon_upgrade" | "addon_modify" | "addon_uninstall";
  /** The add-ons as they are to be; of an uninstalled one, as it was. */
  addons: { name: string; version: string; config: string }[];
  state: "running" | "success" | "failed";
  error: string;
  createdAt: number;
  updatedAt: number;
}

/** Work that becomes due; `job` names the function that does it. */
export interface PendingJob {
  id: string;
  job: string;
  args: Record<string, string>;
  due: number;
}

export interface Account {
  version: 1;
  instances: Record<string, Instance>;
  namespaces: Namespace[];
  repositories: Record<string, Repository>;
  fleets: Record<string, Fleet>;
  permissions: Permission[];
  /** Oldest first. */
  builds: BuildRecord[];
  /** Add-ons by cluster id. */
  addons?: Record<string, InstalledAddon[]>;
  /** The last tasks, oldest first. */
  clusterTasks?: ClusterTask[];
  /** ClientToken to the id of what it created, so that a repeated request creates nothing again. */
  clientTokens: Record<string, string>;
  jobs: PendingJob[];
}

export function emptyAccount(): Account {
  return {
    version: 1,
    instances: {},
    namespaces: [],
    repositories: {},
    fleets: {},
    permissions: [],
    builds: [],
    clientTokens: {},
    jobs: [],
  };
}
