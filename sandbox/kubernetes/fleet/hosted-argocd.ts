import { randomBytes } from "node:crypto";
import type { KubeObject } from "../api/client";

/** Namespace of the hosted Argo CD on every Fleet. */
export const argocdNamespace = "argocd";

/** Field manager of everything that ACK One puts on a Fleet: whoever patches one of its fields has a conflict. */
export const hostedManager = "ack-one-gitops";

const labels = (name: string) => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/part-of": "argocd",
});

const configMap = (name: string, data: Record<string, string> = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: argocdNamespace, labels: labels(name) },
  ...(Object.keys(data).length > 0 ? { data } : {}),
});

const secret = (name: string, stringData: Record<string, string> = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  type: "Opaque",
  metadata: { name, namespace: argocdNamespace, labels: labels(name) },
  ...(Object.keys(stringData).length > 0 ? { stringData } : {}),
});

/**
 * What is there from the start: the registry of the Fleet's region, by its VPC host, with credentials in the
 * Secret `acr` (ACK One, "Use Image Updater"). A program that uses an Enterprise instance replaces it.
 */
const defaultRegistries = (region: string) => `registries:
- name: AlibabaCloud Container Registry
  api_url: https://registry-vpc.${region}.aliyuncs.com
  prefix: registry-vpc.${region}.aliyuncs.com
  insecure: no
  credentials: secret:argocd/acr#acr
`;

/**
 * The objects that the hosted Argo CD brings along, in the order in which they are made. Those that already
 * exist are left alone, so random values stay what they were. What is not here argocd-server makes when it first
 * starts: the administrator's password, its hash and the Secret `argocd-initial-admin-secret` that tells it.
 */
export function hostedObjects(fleet: { id: string; region: string }): KubeObject[] {
  const { id, region } = fleet;
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: argocdNamespace } },
    configMap("argocd-cm", {
      "accounts.admin": "apiKey, login",
      "application.resourceTrackingMethod": "annotation",
      url: `https://argocd.${id}.${region}.alicontainer.com`,
    }),
    configMap("argocd-rbac-cm", { "policy.csv": "", "policy.default": "", scopes: "[groups]" }),
    configMap("argocd-cmd-params-cm", {
      "controller.sharding.algorithm": "legacy",
      "server.insecure": "false",
      "controller.log.format": "text",
      "server.log.format": "text",
      "reposerver.log.format": "text",
      "applicationsetcontroller.log.format": "text",
    }),
    configMap("argocd-notifications-cm"),
    configMap("argocd-image-updater-config", { "registries.conf": defaultRegistries(region) }),
    configMap("argocd-ssh-known-hosts-cm", { ssh_known_hosts: "" }),
    configMap("argocd-tls-certs-cm"),
    configMap("argocd-gpg-keys-cm"),
    secret("argocd-secret", { "server.secretkey": randomBytes(32).toString("base64") }),
    secret("argocd-notifications-secret"),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "argocd-server", namespace: argocdNamespace, labels: labels("argocd-server") },
      spec: {
        type: "LoadBalancer",
        selector: { "app.kubernetes.io/name": "argocd-server" },
        ports: [
          { name: "http", port: 80, protocol: "TCP", targetPort: 8080 },
          { name: "https", port: 443, protocol: "TCP", targetPort: 8080 },
        ],
      },
    },
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: { name: "default", namespace: argocdNamespace },
      spec: {
        sourceRepos: ["*"],
        destinations: [{ server: "*", namespace: "*" }],
        clusterResourceWhitelist: [{ group: "*", kind: "*" }],
      },
    },
  ];
}
