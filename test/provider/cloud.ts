/**
 * The OpenAPI as the provider's tests need it: in memory, strict about actions, versions and parameters, with faults on
 * demand. It knows the documented rules only as far as the provider relies on them.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Pair } from "./certificates";

export type Query = Record<string, string>;

/** An answer that isn't a success. `status: 200` is a business error (`IsSuccess: false`). */
export class Refusal {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly message = "",
  ) {}
}

/** "lost": the call takes effect, the connection breaks before the reply. "reset": it breaks before the call takes effect. */
export type Fault = Refusal | "lost" | "reset" | { body: string; status: number };

export interface Rule {
  BuildRuleId: string;
  PushType: string;
  PushName: string;
  ImageTag: string;
  DockerfileLocation: string;
  DockerfileName: string;
  Platforms: string[];
  BuildArgs: string[];
}

export interface Fleet {
  Name: string;
  State: string;
  gitops: { Enabled: boolean; HAEnabled: boolean; PublicAccessEnabled: boolean; AccessControlList: string[] };
  publicApiServer: boolean;
  auditLog: boolean;
  deletionProtection: boolean;
  /** Descriptions that still show the old features after a change. */
  lag: number;
  /** GitOps before the last change. */
  former?: Fleet["gitops"];
  kubeconfig: string;
}

export class Cloud {
  readonly instance = "cri-test";
  readonly repository = "crr-test";
  readonly fleetId = "c0123456789abcdef0123456789abcdef";
  readonly memberId = "cfedcba9876543210fedcba9876543210";

  repositoryExists = true;
  accountBound = true;
  rules: Rule[] = [];
  binding: Query | undefined;
  endpoint: { enable: boolean; status: string; lag: number } | undefined = {
    enable: false,
    status: "STOPPED",
    lag: 0,
  };
  fleet: Fleet | undefined;
  memberKubeconfig: string | undefined;
  permissions: Query[] = [];
  instances: { InstanceId: string; InstanceName: string; InstanceStatus: string }[] = [];

  /** Everything that was called, in order. */
  readonly calls: { action: string; query: Query }[] = [];
  readonly #faults = new Map<string, Fault[]>();
  readonly #servers: Server[] = [];
  #rule = 0;
  host = "";
  secureHost = "";

  static async start(tls?: Pair): Promise<Cloud> {
    const cloud = new Cloud();
    const handle = (request: IncomingMessage, response: ServerResponse) => cloud.#handle(request, response);
    cloud.host = await cloud.#listen(createServer(handle));
    if (tls) {
      cloud.secureHost = await cloud.#listen(
        createSecureServer({ cert: tls.certificate, key: tls.key }, handle),
      );
    }
    return cloud;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /** Makes the next calls of an action fail, one fault a call. */
  fail(action: string, ...faults: Fault[]): void {
    this.#faults.set(action, faults);
  }

  count(action: string): number {
    return this.calls.filter((call) => call.action === action).length;
  }

  newFleet(): Fleet {
    this.fleet = {
      Name: "acme",
      State: "running",
      gitops: { Enabled: true, HAEnabled: false, PublicAccessEnabled: false, AccessControlList: [] },
      publicApiServer: false,
      auditLog: false,
      deletionProtection: false,
      lag: 0,
      kubeconfig: "",
    };
    return this.fleet;
  }

  async #listen(server: Server): Promise<string> {
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "", "http://test");
    const query = Object.fromEntries(url.searchParams);
    const action = String(request.headers["x-acs-action"]);
    const [fault, ...later] = this.#faults.get(action) ?? [];
    this.#faults.set(action, later);
    this.calls.push({ action, query });
    if (fault === "reset") return void request.socket.destroy();
    let result: object | Refusal;
    if (fault instanceof Refusal) result = fault;
    else if (fault !== undefined && fault !== "lost") {
      response.writeHead(fault.status).end(fault.body);
      return;
    } else result = this.#dispatch(action, query, request, url.pathname);
    if (fault === "lost") return void request.socket.destroy();
    const refused = result instanceof Refusal ? result : undefined;
    const body = refused
      ? { Code: refused.code, Message: refused.message, IsSuccess: false, RequestId: "REQ-1" }
      : { RequestId: "REQ-1", ...result };
    response.writeHead(refused?.status ?? 200, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  }

  #dispatch(action: string, query: Query, request: IncomingMessage, path: string): object | Refusal {
    const operation = this.#operations[action];
    if (!operation) return new Refusal(404, "InvalidAction.NotFound", `no action ${action}`);
    const { version, required, optional, run } = operation;
    if (request.headers["x-acs-version"] !== version) return new Refusal(400, "InvalidVersion");
    if (!request.headers.authorization?.startsWith("ACS3-HMAC-SHA256 Credential=test-key,")) {
      return new Refusal(400, "InvalidAccessKeyId");
    }
    const given = new Set(Object.keys(query).map((key) => key.replace(/\.\d+$/, "")));
    for (const name of required) if (!given.has(name)) return new Refusal(400, `Missing${name}`);
    const known = new Set([...required, ...optional]);
    for (const name of given)
      if (!known.has(name)) return new Refusal(400, "InvalidParameter", `unknown ${name}`);
    return run(query, path);
  }

  readonly #operations: Record<
    string,
    {
      version: string;
      required: string[];
      optional: string[];
      run(query: Query, path: string): object | Refusal;
    }
  > = {
    ...registryOperation("ListRepoBuildRule", ["RepoId"], ["PageNo", "PageSize"], (query) => {
      if (!this.repositoryExists) return new Refusal(200, "REPO_NOT_EXIST");
      const size = Number(query["PageSize"] ?? 30);
      const from = (Number(query["PageNo"] ?? 1) - 1) * size;
      return {
        IsSuccess: true,
        BuildRules: this.rules.slice(from, from + size),
        TotalCount: `${this.rules.length}`,
      };
    }),
    ...registryOperation("CreateRepoBuildRule", ["RepoId", ...RULE_REQUIRED], RULE_OPTIONAL, (query) => {
      if (!this.repositoryExists) return new Refusal(200, "REPO_NOT_EXIST");
      const BuildRuleId = `crbr-${++this.#rule}`;
      this.rules.push({ ...ruleOf(query), BuildRuleId });
      return { IsSuccess: true, BuildRuleId };
    }),
    ...registryOperation(
      "UpdateRepoBuildRule",
      ["RepoId", "BuildRuleId"],
      [...RULE_REQUIRED, ...RULE_OPTIONAL],
      (query) => {
        const rule = this.rules.find((one) => one.BuildRuleId === query["BuildRuleId"]);
        if (!rule) return new Refusal(200, "BUILD_RULE_NOT_EXIST");
        Object.assign(rule, ruleOf(query));
        return { IsSuccess: true, BuildRuleId: rule.BuildRuleId };
      },
    ),
    ...registryOperation("DeleteRepoBuildRule", ["RepoId", "BuildRuleId"], [], (query) => {
      const index = this.rules.findIndex((one) => one.BuildRuleId === query["BuildRuleId"]);
      if (index < 0) return new Refusal(200, "BUILD_RULE_NOT_EXIST");
      this.rules.splice(index, 1);
      return { IsSuccess: true };
    }),
    ...registryOperation("GetRepoSourceCodeRepo", ["RepoId"], [], () => {
      if (!this.repositoryExists) return new Refusal(200, "REPO_NOT_EXIST");
      if (!this.binding) return new Refusal(200, "REPO_SOURCE_NOT_EXIST");
      return { IsSuccess: true, CodeRepoDomain: "https://github.com", ...this.binding };
    }),
    ...registryOperation(
      "CreateRepoSourceCodeRepo",
      ["RepoId", ...BINDING_REQUIRED],
      BINDING_OPTIONAL,
      (query) => {
        if (!this.accountBound) return new Refusal(200, "SOURCE_ACCOUNT_NOT_BOUND");
        if (this.binding) return new Refusal(200, "REPO_SOURCE_ALREADY_EXIST");
        this.binding = query;
        return { IsSuccess: true };
      },
    ),
    ...registryOperation(
      "UpdateRepoSourceCodeRepo",
      ["RepoId", ...BINDING_REQUIRED],
      BINDING_OPTIONAL,
      (query) => {
        if (!this.binding) return new Refusal(200, "REPO_SOURCE_NOT_EXIST");
        this.binding = query;
        return { IsSuccess: true, Code: "200" };
      },
    ),
    ...registryOperation("GetInstanceEndpoint", ["EndpointType"], ["ModuleName"], () => {
      const { endpoint } = this;
      if (!endpoint) return new Refusal(200, "INSTANCE_NOT_EXIST");
      if (endpoint.lag > 0) endpoint.lag -= 1;
      else endpoint.status = endpoint.enable ? "RUNNING" : "STOPPED";
      const Domains = [{ Domain: "acme-registry.cn-test.cr.aliyuncs.com", Type: "SYSTEM" }];
      const AclEntries = [{ Entry: "127.0.0.1/32" }, { Entry: "198.51.100.0/24" }];
      return { IsSuccess: true, Enable: endpoint.enable, Status: endpoint.status, Domains, AclEntries };
    }),
    ...registryOperation("GetInstanceVpcEndpoint", [], ["ModuleName"], () => {
      const link = (VpcId: string, Status: string) => ({ VpcId, VswitchId: "vsw-1", Status });
      return { IsSuccess: true, LinkedVpcs: [link("vpc-1", "RUNNING"), link("vpc-2", "DELETING")] };
    }),
    ...registryOperation(
      "UpdateInstanceEndpointStatus",
      ["EndpointType", "Enable"],
      ["ModuleName"],
      (query) => {
        if (!this.endpoint) return new Refusal(200, "INSTANCE_NOT_EXIST");
        this.endpoint.enable = query["Enable"] === "true";
        this.endpoint.status = "STARTING";
        return { IsSuccess: true };
      },
    ),
    ...registryOperation("GetNamespace", ["NamespaceName"], [], (query) =>
      query["NamespaceName"] === "echo" ? { IsSuccess: true } : new Refusal(200, "NAMESPACE_NOT_EXIST"),
    ),
    ...registryOperation("GetRepository", ["RepoNamespaceName", "RepoName"], [], (query) =>
      query["RepoName"] === "server" ? { IsSuccess: true } : new Refusal(200, "REPO_NOT_EXIST"),
    ),
    ListInstance: {
      version: "2018-12-01",
      required: [],
      optional: ["InstanceName", "PageNo", "PageSize"],
      run: () => ({ IsSuccess: true, Instances: this.instances, TotalCount: this.instances.length }),
    },
    ...fleetOperation("DescribeHubClusters", [], [], () => {
      const info = this.fleet && { ClusterId: this.fleetId, Name: this.fleet.Name, State: this.fleet.State };
      return { Clusters: info ? [{ ClusterInfo: info }] : [] };
    }),
    ...fleetOperation("DescribeHubClusterDetails", ["ClusterId"], [], () => {
      const { fleet } = this;
      if (!fleet) return new Refusal(404, "Cluster.NotFound");
      const shown = fleet.former && fleet.lag-- > 0 ? fleet.former : fleet.gitops;
      return {
        Cluster: {
          ClusterInfo: {
            ClusterId: this.fleetId,
            State: fleet.State,
            MetaData: { ACKOne: { GitOps: shown } },
          },
          ApiServer: { EnabledPublic: fleet.publicApiServer },
          Endpoints: {
            IntranetApiServerEndpoint: "https://192.168.0.1:6443",
            PublicApiServerEndpoint: fleet.publicApiServer ? "https://203.0.113.10:6443" : "",
          },
          LogConfig: { EnableLog: fleet.auditLog },
        },
      };
    }),
    ...fleetOperation(
      "UpdateHubClusterFeature",
      ["ClusterId"],
      [
        "ArgoCDEnabled",
        "ArgoCDHAEnabled",
        "PublicAccessEnabled",
        "AccessControlList",
        "PublicApiServerEnabled",
        "DeletionProtection",
        "AuditLogEnabled",
      ],
      (query) => {
        const { fleet } = this;
        if (!fleet) return new Refusal(404, "Cluster.NotFound");
        fleet.former = { ...fleet.gitops };
        const flag = (name: string, before: boolean) => (name in query ? query[name] === "true" : before);
        fleet.gitops.Enabled = flag("ArgoCDEnabled", fleet.gitops.Enabled);
        fleet.gitops.HAEnabled = flag("ArgoCDHAEnabled", fleet.gitops.HAEnabled);
        fleet.gitops.PublicAccessEnabled = flag("PublicAccessEnabled", fleet.gitops.PublicAccessEnabled);
        const list = query["AccessControlList"];
        if (list !== undefined) fleet.gitops.AccessControlList = JSON.parse(list) as string[];
        fleet.publicApiServer = flag("PublicApiServerEnabled", fleet.publicApiServer);
        fleet.deletionProtection = flag("DeletionProtection", fleet.deletionProtection);
        fleet.auditLog = flag("AuditLogEnabled", fleet.auditLog);
        return {};
      },
    ),
    ...fleetOperation("DescribeHubClusterKubeconfig", ["ClusterId"], ["PrivateIpAddress"], () =>
      this.fleet ? { Kubeconfig: this.fleet.kubeconfig } : new Refusal(404, "Cluster.NotFound"),
    ),
    ...fleetOperation("DescribeUserPermissions", ["UserId"], [], (query) => ({
      Permissions: this.permissions
        .filter((one) => one["UserId"] === query["UserId"])
        .map((one) => ({
          ResourceId: one["Namespace"] ? `${one["ClusterId"]}/${one["Namespace"]}` : one["ClusterId"],
          ResourceType: one["RoleType"],
          RoleName: one["RoleName"],
        })),
    })),
    ...fleetOperation(
      "GrantUserPermission",
      ["UserId", "ClusterId", "RoleType", "RoleName"],
      ["Namespace", "IsRamRole"],
      (query) => {
        this.permissions.push(query);
        return {};
      },
    ),
    ...fleetOperation("DeleteUserPermission", ["UserId", "ClusterId"], [], ({ UserId, ClusterId }) => {
      this.permissions = this.permissions.filter(
        (one) => one["UserId"] !== UserId || one["ClusterId"] !== ClusterId,
      );
      return {};
    }),
    DescribeClusterUserKubeconfig: {
      version: "2015-12-15",
      required: [],
      optional: ["PrivateIpAddress"],
      run: (_, path) =>
        path === `/k8s/${this.memberId}/user_config` && this.memberKubeconfig
          ? { config: this.memberKubeconfig }
          : new Refusal(404, "ErrorClusterNotFound"),
    },
  };
}

const RULE_REQUIRED = ["PushType", "PushName", "ImageTag"];
const RULE_OPTIONAL = ["DockerfileLocation", "DockerfileName", "Platforms", "BuildArgs"];
const BINDING_REQUIRED = ["CodeRepoType", "CodeRepoNamespaceName", "CodeRepoName"];
const BINDING_OPTIONAL = ["AutoBuild", "OverseaBuild", "DisableCacheBuild"];

type Run = (query: Query) => object | Refusal;

function registryOperation(action: string, required: string[], optional: string[], run: Run) {
  return { [action]: { version: "2018-12-01", required: ["InstanceId", ...required], optional, run } };
}

function fleetOperation(action: string, required: string[], optional: string[], run: Run) {
  return { [action]: { version: "2022-01-01", required, optional, run } };
}

function ruleOf(query: Query): Omit<Rule, "BuildRuleId"> {
  const list = (name: string) =>
    Object.keys(query)
      .filter((key) => key.startsWith(`${name}.`))
      .map((key) => query[key] as string);
  return {
    PushType: query["PushType"] ?? "",
    PushName: query["PushName"] ?? "",
    ImageTag: query["ImageTag"] ?? "",
    DockerfileLocation: query["DockerfileLocation"] ?? "/",
    DockerfileName: query["DockerfileName"] ?? "Dockerfile",
    Platforms: list("Platforms"),
    BuildArgs: list("BuildArgs"),
  };
}
