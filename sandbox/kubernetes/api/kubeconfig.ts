import { parse } from "yaml";

/** How to reach one API server, as the active context of a kubeconfig says. */
export interface Connection {
  /** e.g. `https://127.0.0.1:20443` */
  server: string;
  /** PEM; absent means the system's authorities. */
  ca?: string;
  /** PEM client certificate and key. */
  cert?: string;
  key?: string;
  /** Bearer token. */
  token?: string;
  /** Namespace of the context. Default `default`. */
  namespace: string;
}

type Entry<Key extends string, Content> = { name: string } & { [key in Key]?: Content };

interface Kubeconfig {
  "current-context"?: string;
  clusters?: Entry<"cluster", Record<string, unknown>>[];
  contexts?: Entry<"context", { cluster?: string; user?: string; namespace?: string }>[];
  users?: Entry<"user", Record<string, unknown>>[];
}

/**
 * Reads the active context of a kubeconfig (YAML or JSON text, nothing but inline credentials).
 * @throws Error that says what is missing; never with the text, which holds keys
 */
export function parseKubeconfig(
  text: string,
  choose: { context?: string; cluster?: string } = {},
): Connection {
  const config = read(text);
  const contextName = choose.context || config["current-context"];
  const context = config.contexts?.find(({ name }) => name === contextName)?.context;
  if (!context) throw new Error(`the kubeconfig has no context ${JSON.stringify(contextName ?? "")}`);
  const cluster = activeCluster(text, choose);
  const server = cluster?.["server"];
  if (typeof server !== "string")
    throw new Error(`the kubeconfig names no server for the context ${contextName}`);
  if (cluster?.["insecure-skip-tls-verify"]) throw new Error("insecure-skip-tls-verify is not supported");
  const user = config.users?.find(({ name }) => name === context.user)?.user ?? {};
  if ("exec" in user || "auth-provider" in user) {
    throw new Error(
      "a kubeconfig with an exec or auth-provider plugin is not supported; use a certificate or a token",
    );
  }
  return {
    server: server.replace(/\/$/, ""),
    namespace: context.namespace || "default",
    ca: decoded(cluster?.["certificate-authority-data"]),
    cert: decoded(user["client-certificate-data"]),
    key: decoded(user["client-key-data"]),
    token: typeof user["token"] === "string" ? user["token"] : undefined,
  };
}

/** The cluster entry (server, authority) that the active context points to; `undefined` if there is none. */
export function activeCluster(
  text: string,
  choose: { context?: string; cluster?: string } = {},
): Record<string, unknown> | undefined {
  const config = read(text);
  const contextName = choose.context || config["current-context"];
  const context = config.contexts?.find(({ name }) => name === contextName)?.context;
  const clusterName = choose.cluster || context?.cluster;
  return config.clusters?.find(({ name }) => name === clusterName)?.cluster;
}

export type KubeconfigParts = {
  server: string;
  ca: string;
  user: string;
} & ({ cert: string; key: string } | { token: string });

/** A kubeconfig as ACK hands them out: one cluster called `kubernetes`, one user, credentials inline. */
export function renderKubeconfig(clusterId: string, parts: KubeconfigParts): string {
  const base64 = (pem: string) => Buffer.from(pem).toString("base64");
  const context = `${parts.user}-${clusterId}`;
  const credentials =
    "token" in parts
      ? `token: ${parts.token}`
      : `client-certificate-data: ${base64(parts.cert)}\n    client-key-data: ${base64(parts.key)}`;
  return `apiVersion: v1
kind: Config
clusters:
- name: kubernetes
  cluster:
    server: ${parts.server}
    certificate-authority-data: ${base64(parts.ca)}
contexts:
- name: ${JSON.stringify(context)}
  context:
    cluster: kubernetes
    user: ${JSON.stringify(parts.user)}
current-context: ${JSON.stringify(context)}
preferences: {}
users:
- name: ${JSON.stringify(parts.user)}
  user:
    ${credentials}
`;
}

function read(text: string): Kubeconfig {
  let config: unknown;
  try {
    config = parse(text);
  } catch {
    throw new Error("the kubeconfig is not valid YAML");
  }
  if (typeof config !== "object" || config === null) throw new Error("the kubeconfig is empty");
  return config as Kubeconfig;
}

const decoded = (value: unknown): string | undefined =>
  typeof value === "string" ? Buffer.from(value, "base64").toString("utf8") : undefined;
