import type { Network } from "../network/request";

/** What of an Application a display or a test looks at. */
export interface Application {
  metadata: { name: string; namespace: string; annotations?: Record<string, string> };
  spec: Record<string, unknown>;
  status?: {
    sync?: { status: "Synced" | "OutOfSync" | "Unknown"; revision?: string };
    health?: { status: string; message?: string };
    operationState?: {
      phase: "Running" | "Succeeded" | "Failed" | "Error" | "Terminating";
      message?: string;
      syncResult?: { revision: string };
    };
    history?: Deployed[];
    summary?: { images?: string[] };
    resources?: AppResource[];
    conditions?: { type: string; message: string }[];
    reconciledAt?: string;
  };
}

/** One entry of an Application's history. */
export interface Deployed {
  id: number;
  revision: string;
  deployedAt: string;
}

export interface AppResource {
  group?: string;
  version: string;
  kind: string;
  namespace?: string;
  name: string;
  status?: string;
  health?: { status: string };
}

/** Argo CD refused. */
export class ArgocdError extends Error {
  constructor(
    /** HTTP status: 401 not logged in, 403 not allowed or no such thing, 400 not possible. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Calls the API of an Argo CD by its public name, as its own pages and commands do. */
export class ArgocdClient {
  readonly #network: Network;
  readonly #host: string;
  #token: string | undefined;

  /** @param token of an account or a project role; without one only {@link login} and the version are allowed */
  constructor(network: Network, host: string, token?: string) {
    this.#network = network;
    this.#host = host;
    this.#token = token;
  }

  /** Logs in and keeps the token for the calls that follow. @returns the token, good for 24 hours */
  async login(username: string, password: string): Promise<string> {
    const { token } = await this.call<{ token: string }>("POST", "/api/v1/session", { username, password });
    this.#token = token;
    return token;
  }

  async version(): Promise<string> {
    return (await this.call<{ Version: string }>("GET", "/api/version")).Version;
  }

  async applications(): Promise<Application[]> {
    return (await this.call<{ items: Application[] | null }>("GET", "/api/v1/applications")).items ?? [];
  }

  /** @param refresh compare with Git anew before answering; `hard` also forgets rendered manifests */
  application(name: string, refresh?: "normal" | "hard"): Promise<Application> {
    return this.call("GET", `${path(name)}${refresh ? `?refresh=${refresh}` : ""}`);
  }

  /**
   * Starts a sync and doesn't wait for it.
   * @param options `revision` defaults to the Application's target revision
   */
  sync(
    name: string,
    options: { revision?: string; prune?: boolean; dryRun?: boolean } = {},
  ): Promise<Application> {
    return this.call("POST", `${path(name)}/sync`, options);
  }

  /** Deployments, oldest first. */
  async history(name: string): Promise<Deployed[]> {
    return (await this.application(name)).status?.history ?? [];
  }

  /** Deploys again what an entry of the history has deployed; refused while the Application syncs automatically. */
  rollback(name: string, id: number, options: { prune?: boolean } = {}): Promise<Application> {
    return this.call("POST", `${path(name)}/rollback`, { id, ...options });
  }

  /** Names of the actions that a resource offers now, like `resume` of a Rollout. */
  async actions(name: string, resource: AppResource): Promise<string[]> {
    const answer = await this.call<{ actions?: { name: string; disabled?: boolean }[] }>(
      "GET",
      `${path(name)}/resource/actions?${query(resource)}`,
    );
    return (answer.actions ?? []).filter(({ disabled }) => !disabled).map((action) => action.name);
  }

  async run(name: string, resource: AppResource, action: string): Promise<void> {
    await this.call("POST", `${path(name)}/resource/actions?${query(resource)}`, action);
  }

  /** @param cascade whether what it has deployed goes too. @default true */
  async delete(name: string, cascade = true): Promise<void> {
    await this.call("DELETE", `${path(name)}?cascade=${cascade}`);
  }

  /** Any other call. @throws ArgocdError */
  async call<Result>(method: string, target: string, body?: unknown): Promise<Result> {
    const { status, body: answer } = await this.#network.request(`https://${this.#host}${target}`, {
      method,
      headers: {
        // Argo CD refuses anything but a GET without it (415), against requests from foreign pages.
        "content-type": "application/json",
        ...(this.#token && { authorization: `Bearer ${this.#token}` }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      within: 30_000,
    });
    const text = answer.toString();
    if (status >= 300) throw new ArgocdError(status, messageOf(text) || `Argo CD answered ${status}`);
    return (text ? JSON.parse(text) : {}) as Result;
  }
}

const path = (name: string) => `/api/v1/applications/${encodeURIComponent(name)}`;

function query({ group, version, kind, namespace, name }: AppResource): string {
  return new URLSearchParams({
    group: group ?? "",
    version,
    kind,
    namespace: namespace ?? "",
    resourceName: name,
  }).toString();
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? "";
  } catch {
    return text.trim();
  }
}
