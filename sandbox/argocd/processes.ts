import { join } from "node:path";
import type { Objects } from "../kubernetes/api/objects";
import { argocdNamespace } from "../kubernetes/fleet/hosted-argocd";
import type { HostedFleet } from "../kubernetes/ports";
import type { ProcessSpec } from "../supervisor";
import { componentFolder, type Programs } from "./folders";
import { parametersOf } from "./parameters";
import type { Component } from "./ports";
import { answersHttp, answersHttps, answersRedis, listens } from "./probes";

/** How often Argo CD looks at Git by itself, where the Fleet's argocd-cm doesn't say. */
export interface Polling {
  /** Seconds between two looks at an Application's repository; revisions are remembered as long. */
  resync: number;
  /** Seconds of random delay on top. */
  jitter: number;
}

/** Everything that the processes of one Fleet's Argo CD have in common. */
export interface Surroundings {
  fleet: HostedFleet;
  /** An administrator's access to the Fleet. */
  objects: Objects;
  /** Folder of this Fleet. */
  home: string;
  /** Folder with the programs under their names. */
  bin: string;
  programs: Programs;
  folders: { logs: string; pids: string };
  kubeconfigFile: string;
  /** Where git asks repo-server for a password; of this instance alone. */
  askPassSocket: string;
  /** PEM of the sandbox's authority, and a file with the system's authorities as well. */
  ca: string;
  caBundle: string;
  redisPassword: string;
  /** Loopback ports by `<component>` or `<component>-<purpose>`. */
  ports: ReadonlyMap<string, number>;
  /** Address of the sandbox's HTTPS proxy, the only way to a public host. */
  proxy?: string;
  polling: Polling;
}

export type ArgocdComponent = Exclude<Component, "image-updater">;

/** Ports that a component listens on besides its own. */
export const portNames = [
  "redis",
  "repo-server",
  "repo-server-metrics",
  "application-controller-metrics",
  "server",
  "server-metrics",
  "applicationset-controller-metrics",
  "applicationset-controller-probe",
  "applicationset-controller-webhook",
];

/** Describes the process of one component, with the variables that the Fleet's ConfigMaps have for it now. */
export async function describe(component: ArgocdComponent, around: Surroundings): Promise<ProcessSpec> {
  const { command, args, env = {}, ready } = commandOf(component, around);
  const { home, tmp } = componentFolder(around.home, component);
  const id = `argocd-${component}-${around.fleet.id}`;
  return {
    name: `argocd-${component} ${around.fleet.id}`,
    command,
    args,
    cwd: home,
    env: {
      PATH: `${around.bin}:${process.env["PATH"] ?? ""}`,
      HOME: home,
      TMPDIR: tmp,
      ...env,
      ...(await parametersOf(around.objects, component)),
    },
    logFile: join(around.folders.logs, `${id}.log`),
    pidFile: join(around.folders.pids, `${id}.pid`),
    secrets: [around.redisPassword],
    ready,
    readyWithin: 120_000, // 1-2 s; a busy machine that starts everything at once takes longer
    stopWithin: 3000,
  };
}

type Command = Pick<ProcessSpec, "command" | "args" | "env" | "ready">;

function commandOf(component: ArgocdComponent, around: Surroundings): Command {
  switch (component) {
    case "redis":
      return redis(around);
    case "repo-server":
      return repoServer(around);
    case "application-controller":
      return applicationController(around);
    case "server":
      return server(around);
    case "applicationset-controller":
      return applicationSetController(around);
  }
}

function redis(around: Surroundings): Command {
  const port = portOf(around, "redis");
  return {
    command: around.programs.miniredis,
    args: ["--address", `127.0.0.1:${port}`],
    env: { MINIREDIS_PASSWORD: around.redisPassword },
    ready: answersRedis(port, around.redisPassword),
  };
}

function repoServer(around: Surroundings): Command {
  const { home } = componentFolder(around.home, "repo-server");
  const metrics = portOf(around, "repo-server-metrics");
  const { proxy } = around;
  return {
    command: join(around.bin, "argocd-repo-server"),
    args: [
      ...address("", portOf(around, "repo-server")),
      ...address("metrics-", metrics),
      `--redis=127.0.0.1:${portOf(around, "redis")}`,
    ],
    env: {
      ...common(around),
      ARGOCD_RECONCILIATION_TIMEOUT: `${around.polling.resync}s`,
      ARGOCD_ASK_PASS_SOCK: around.askPassSocket,
      ARGOCD_GPG_ENABLED: "false",
      ARGOCD_GNUPGHOME: join(home, "gpg"),
      ARGOCD_PLUGINSOCKFILEPATH: join(home, "plugins"),
      ARGOCD_TLS_DATA_PATH: join(home, "tls"),
      ARGOCD_SSH_DATA_PATH: join(home, "ssh"),
      HELM_CACHE_HOME: join(home, "helm"),
      HELM_CONFIG_HOME: join(home, "helm"),
      HELM_DATA_HOME: join(home, "helm"),
      GIT_CONFIG_NOSYSTEM: "1",
      // Public hosts exist in the sandbox alone: with its certificates, behind its proxy.
      SSL_CERT_FILE: around.caBundle,
      GIT_SSL_CAINFO: around.caBundle,
      ...(proxy && { HTTPS_PROXY: proxy, NO_PROXY: "127.0.0.1,localhost" }),
      GOMEMLIMIT: "200MiB",
    },
    ready: answersHttp(metrics, "/healthz"),
  };
}

/** Its metrics are on all interfaces: Argo CD 3.1 has the address in its code. */
function applicationController(around: Surroundings): Command {
  const metrics = portOf(around, "application-controller-metrics");
  const { home } = componentFolder(around.home, "application-controller");
  return {
    command: join(around.bin, "argocd-application-controller"),
    args: [`--metrics-port=${metrics}`, ...services(around), `--namespace=${argocdNamespace}`],
    env: {
      ...common(around),
      HOSTNAME: "argocd-application-controller-0", // the shard is in the name
      KUBECACHEDIR: join(home, "kubecache"),
      ARGOCD_RECONCILIATION_TIMEOUT: `${around.polling.resync}s`,
      ARGOCD_RECONCILIATION_JITTER: `${around.polling.jitter}s`,
      GOMEMLIMIT: "400MiB",
    },
    ready: answersHttp(metrics, "/healthz"),
  };
}

function server(around: Surroundings): Command {
  const port = portOf(around, "server");
  const { home } = componentFolder(around.home, "server");
  return {
    command: join(around.bin, "argocd-server"),
    args: [
      ...address("", port),
      ...address("metrics-", portOf(around, "server-metrics")),
      ...services(around),
      "--dex-server=http://127.0.0.1:1", // ACK One has its own single sign-on; nobody answers here
      `--staticassets=${join(home, "assets")}`,
      `--namespace=${argocdNamespace}`,
    ],
    env: { ...common(around), GOMEMLIMIT: "200MiB" },
    ready: answersHttps(port, "/healthz", around.ca),
  };
}

function applicationSetController(around: Surroundings): Command {
  const listen = (purpose: string) => `127.0.0.1:${portOf(around, `applicationset-controller-${purpose}`)}`;
  return {
    command: join(around.bin, "argocd-applicationset-controller"),
    args: [
      `--metrics-addr=${listen("metrics")}`,
      `--probe-addr=${listen("probe")}`,
      `--webhook-addr=${listen("webhook")}`,
      `--argocd-repo-server=127.0.0.1:${portOf(around, "repo-server")}`,
      `--namespace=${argocdNamespace}`,
    ],
    env: { ...common(around), NAMESPACE: argocdNamespace, GOMEMLIMIT: "200MiB" },
    ready: listens(portOf(around, "applicationset-controller-webhook")),
  };
}

const common = ({ kubeconfigFile, redisPassword }: Surroundings) => ({
  KUBECONFIG: kubeconfigFile,
  ARGOCD_FAKE_IN_CLUSTER: "true", // "in-cluster" is what KUBECONFIG says
  REDIS_PASSWORD: redisPassword,
});

const services = (around: Surroundings) => [
  `--redis=127.0.0.1:${portOf(around, "redis")}`,
  `--repo-server=127.0.0.1:${portOf(around, "repo-server")}`,
];

const address = (prefix: string, port: number) => [`--${prefix}address=127.0.0.1`, `--${prefix}port=${port}`];

function portOf({ ports }: Surroundings, name: string): number {
  const port = ports.get(name);
  if (port === undefined) throw new Error(`no port for ${name}`);
  return port;
}
