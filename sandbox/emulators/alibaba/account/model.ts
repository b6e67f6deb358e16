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
    clientTokens: {},
    jobs: [],
  };
}
