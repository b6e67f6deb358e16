import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ProcessSpec } from "../supervisor";
import type { KubeClient } from "./api/client";
import { auditArgs } from "./audit";
import type { Etcd } from "./etcd";
import type { Authority } from "./pki";

export const apiServerName = (clusterId: string) => `kube-apiserver ${clusterId}`;

/**
 * The kube-apiserver of one cluster. Users are known by client certificates and service accounts by tokens that
 * the server signs; nobody is anonymous.
 */
export async function describeApiServer(options: {
  binary: string;
  home: string;
  clusterId: string;
  port: number;
  authority: Authority;
  etcd: Etcd;
  serviceAccountKey: string;
  folders: { logs: string; pids: string };
  /** An administrator's client of this cluster, to see whether it is ready. */
  admin: KubeClient;
}): Promise<ProcessSpec> {
  const { clusterId, folders } = options;
  const server = await options.authority.server("kube-apiserver");
  const scratch = join(options.home, "clusters", clusterId);
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  return {
    name: apiServerName(clusterId),
    command: options.binary,
    args: [
      ...options.etcd.clientArgs(clusterId),
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--secure-port=${options.port}`,
      `--tls-cert-file=${server.certFile}`,
      `--tls-private-key-file=${server.keyFile}`,
      `--cert-dir=${scratch}`,
      `--client-ca-file=${join(options.home, "pki", "ca.crt")}`,
      "--anonymous-auth=false",
      "--authorization-mode=RBAC",
      "--endpoint-reconciler-type=none", // no nodes could reach it
      "--service-cluster-ip-range=172.21.0.0/20",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-signing-key-file=${options.serviceAccountKey}`,
      `--service-account-key-file=${options.serviceAccountKey}`,
      "--profiling=false",
      ...auditArgs(scratch, folders.logs, clusterId),
    ],
    // A soft limit above what an API server lives on: one below it makes the collector burn a whole core.
    env: { GOMEMLIMIT: "450MiB" },
    logFile: join(folders.logs, `kube-apiserver-${clusterId}.log`),
    pidFile: join(folders.pids, `kube-apiserver-${clusterId}.pid`),
    ready: async (signal) => {
      const answer = await options.admin.call<string>("GET", "/readyz", { signal });
      return answer === "ok" ? undefined : String(answer);
    },
    readyWithin: 120_000, // 2-3 s; a busy machine that starts five at once takes longer
    stopWithin: 8000,
  };
}
