import type { KubeObject } from "../kubernetes/api/client";
import type { Objects } from "../kubernetes/api/objects";
import { argocdNamespace } from "../kubernetes/fleet/hosted-argocd";
import type { Component } from "./ports";

type Table = Partial<Record<Component, Record<string, string>>>;

/**
 * The keys of argocd-cm and argocd-cmd-params-cm that Argo CD's Deployments hand to their containers as variables
 * (its `manifests/base`), as far as they don't say where something listens: that is the sandbox's business. All
 * other keys are read by Argo CD itself, without a restart.
 */
const fromSettings: Table = {
  "application-controller": {
    "timeout.reconciliation": "ARGOCD_RECONCILIATION_TIMEOUT",
    "timeout.reconciliation.jitter": "ARGOCD_RECONCILIATION_JITTER",
    "timeout.hard.reconciliation": "ARGOCD_HARD_RECONCILIATION_TIMEOUT",
  },
  "repo-server": { "timeout.reconciliation": "ARGOCD_RECONCILIATION_TIMEOUT" },
};

const fromCommandParameters: Table = {
  "application-controller": {
    "controller.status.processors": "ARGOCD_APPLICATION_CONTROLLER_STATUS_PROCESSORS",
    "controller.operation.processors": "ARGOCD_APPLICATION_CONTROLLER_OPERATION_PROCESSORS",
    "controller.repo.server.timeout.seconds": "ARGOCD_APPLICATION_CONTROLLER_REPO_SERVER_TIMEOUT_SECONDS",
    "controller.repo.error.grace.period.seconds": "ARGOCD_REPO_ERROR_GRACE_PERIOD_SECONDS",
    "controller.self.heal.timeout.seconds": "ARGOCD_APPLICATION_CONTROLLER_SELF_HEAL_TIMEOUT_SECONDS",
    "controller.self.heal.backoff.timeout.seconds":
      "ARGOCD_APPLICATION_CONTROLLER_SELF_HEAL_BACKOFF_TIMEOUT_SECONDS",
    "controller.self.heal.backoff.cap.seconds": "ARGOCD_APPLICATION_CONTROLLER_SELF_HEAL_BACKOFF_CAP_SECONDS",
    "controller.sync.timeout.seconds": "ARGOCD_APPLICATION_CONTROLLER_SYNC_TIMEOUT",
    "controller.kubectl.parallelism.limit": "ARGOCD_APPLICATION_CONTROLLER_KUBECTL_PARALLELISM_LIMIT",
    "controller.sharding.algorithm": "ARGOCD_CONTROLLER_SHARDING_ALGORITHM",
    "controller.diff.server.side": "ARGOCD_APPLICATION_CONTROLLER_SERVER_SIDE_DIFF",
    "controller.resource.health.persist": "ARGOCD_APPLICATION_CONTROLLER_PERSIST_RESOURCE_HEALTH",
    "controller.log.format": "ARGOCD_APPLICATION_CONTROLLER_LOGFORMAT",
    "controller.log.level": "ARGOCD_APPLICATION_CONTROLLER_LOGLEVEL",
    "application.namespaces": "ARGOCD_APPLICATION_NAMESPACES",
  },
  server: {
    "server.disable.auth": "ARGOCD_SERVER_DISABLE_AUTH",
    "server.enable.gzip": "ARGOCD_SERVER_ENABLE_GZIP",
    "server.repo.server.timeout.seconds": "ARGOCD_SERVER_REPO_SERVER_TIMEOUT_SECONDS",
    "server.api.content.types": "ARGOCD_API_CONTENT_TYPES",
    "server.webhook.parallelism.limit": "ARGOCD_SERVER_WEBHOOK_PARALLELISM_LIMIT",
    "server.sync.replace.allowed": "ARGOCD_SYNC_WITH_REPLACE_ALLOWED",
    "server.log.format": "ARGOCD_SERVER_LOGFORMAT",
    "server.log.level": "ARGOCD_SERVER_LOG_LEVEL",
    "application.namespaces": "ARGOCD_APPLICATION_NAMESPACES",
  },
  "repo-server": {
    "reposerver.parallelism.limit": "ARGOCD_REPO_SERVER_PARALLELISM_LIMIT",
    "reposerver.repo.cache.expiration": "ARGOCD_REPO_CACHE_EXPIRATION",
    "reposerver.git.request.timeout": "ARGOCD_GIT_REQUEST_TIMEOUT",
    "reposerver.git.lsremote.parallelism.limit": "ARGOCD_GIT_LS_REMOTE_PARALLELISM_LIMIT",
    "reposerver.enable.git.submodule": "ARGOCD_GIT_MODULES_ENABLED",
    "reposerver.log.format": "ARGOCD_REPO_SERVER_LOGFORMAT",
    "reposerver.log.level": "ARGOCD_REPO_SERVER_LOGLEVEL",
  },
  "applicationset-controller": {
    "applicationsetcontroller.policy": "ARGOCD_APPLICATIONSET_CONTROLLER_POLICY",
    "applicationsetcontroller.enable.policy.override":
      "ARGOCD_APPLICATIONSET_CONTROLLER_ENABLE_POLICY_OVERRIDE",
    "applicationsetcontroller.enable.progressive.syncs":
      "ARGOCD_APPLICATIONSET_CONTROLLER_ENABLE_PROGRESSIVE_SYNCS",
    "applicationsetcontroller.concurrent.reconciliations.max":
      "ARGOCD_APPLICATIONSET_CONTROLLER_CONCURRENT_RECONCILIATIONS",
    "applicationsetcontroller.requeue.after": "ARGOCD_APPLICATIONSET_CONTROLLER_REQUEUE_AFTER",
    "applicationsetcontroller.global.preserved.annotations":
      "ARGOCD_APPLICATIONSET_CONTROLLER_GLOBAL_PRESERVED_ANNOTATIONS",
    "applicationsetcontroller.log.format": "ARGOCD_APPLICATIONSET_CONTROLLER_LOGFORMAT",
    "applicationsetcontroller.log.level": "ARGOCD_APPLICATIONSET_CONTROLLER_LOGLEVEL",
  },
};

/** The variables that the Fleet's ConfigMaps have for a component now; read at each of its starts. */
export async function parametersOf(
  fleet: Objects,
  component: Component,
  signal?: AbortSignal,
): Promise<Record<string, string>> {
  const [settings, parameters] = await Promise.all(
    ["argocd-cm", "argocd-cmd-params-cm"].map((name) =>
      fleet.get({ apiVersion: "v1", kind: "ConfigMap", namespace: argocdNamespace, name }, signal),
    ),
  );
  return {
    ...variables(settings, fromSettings[component]),
    ...variables(parameters, fromCommandParameters[component]),
  };
}

function variables(configMap: KubeObject | undefined, table: Record<string, string> = {}) {
  const data = (configMap?.["data"] ?? {}) as Record<string, string>;
  const known = Object.entries(table).filter(([key]) => data[key] !== undefined);
  return Object.fromEntries(known.map(([key, variable]) => [variable, data[key] as string]));
}
