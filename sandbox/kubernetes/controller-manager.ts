import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessSpec } from "../supervisor";
import { KubeClient } from "./api/client";
import type { Authority } from "./pki";

export const controllerManagerName = (clusterId: string) => `kube-controller-manager ${clusterId}`;

/**
 * The controllers that a cluster without nodes has work for. Left out are those about nodes, volumes, certificates
 * and traffic: nothing in the sandbox could do what they ask for.
 */
const controllers = [
  ...["deployment", "replicaset", "statefulset", "job", "cronjob", "ttl-after-finished"],
  ...["namespace", "garbage-collector"],
  ...["serviceaccount", "serviceaccount-token", "root-ca-certificate-publisher", "clusterrole-aggregation"],
].map((name) => `${name}-controller`);

/**
 * The kube-controller-manager of one cluster. As in a real one each controller acts as its own service account, so
 * the audit log says who did what.
 */
export async function describeControllerManager(options: {
  binary: string;
  home: string;
  clusterId: string;
  port: number;
  authority: Authority;
  /** Key with which tokens of service accounts are signed. */
  serviceAccountKey: string;
  folders: { logs: string; pids: string };
  /** YAML: `system:kube-controller-manager` at this cluster's API server. */
  kubeconfig: string;
}): Promise<ProcessSpec> {
  const { clusterId, folders, port } = options;
  const server = await options.authority.server("kube-controller-manager");
  const ca = options.authority.certificate;
  const scratch = join(options.home, "clusters", clusterId);
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const kubeconfig = join(scratch, "controller-manager.kubeconfig");
  writeFileSync(kubeconfig, options.kubeconfig, { mode: 0o600 });
  return {
    name: controllerManagerName(clusterId),
    command: options.binary,
    args: [
      `--kubeconfig=${kubeconfig}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${port}`,
      `--tls-cert-file=${server.certFile}`,
      `--tls-private-key-file=${server.keyFile}`,
      `--cert-dir=${scratch}`,
      `--controllers=${controllers.join(",")}`,
      "--use-service-account-credentials=true",
      `--service-account-private-key-file=${options.serviceAccountKey}`,
      `--root-ca-file=${join(options.home, "pki", "ca.crt")}`,
      "--leader-elect=false", // there is one
      // The defaults are meant for many clients of a busy API server; here a burst is what somebody waits for.
      "--kube-api-qps=100",
      "--kube-api-burst=200",
      "--profiling=false",
    ],
    env: { GOMEMLIMIT: "120MiB" },
    logFile: join(folders.logs, `kube-controller-manager-${clusterId}.log`),
    pidFile: join(folders.pids, `kube-controller-manager-${clusterId}.pid`),
    ready: async (signal) => {
      const client = new KubeClient({ server: `https://127.0.0.1:${port}`, ca, namespace: "default" });
      try {
        const answer = await client.call<string>("GET", "/healthz", { signal });
        return answer === "ok" ? undefined : String(answer);
      } finally {
        client.close();
      }
    },
    readyWithin: 60_000, // 0.2 s alone; five at once on a busy machine take longer
  };
}
