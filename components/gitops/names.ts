/** Names of Kubernetes objects and namespaces, checked before the API server would refuse them. */
import type { Rule } from "../validation";

/** Namespaces that belong to Kubernetes, ACK or ACK One; nothing of a service may be deployed into them. */
const reservedNamespaces = new Set([
  "ack-cluster-gateway",
  "ack-multiple-clusters",
  "argo-rollouts",
  "argocd",
  "arms-prom",
  "default",
  "kruise-rollout",
  "kruise-system",
  "kube-node-lease",
  "kube-public",
  "kube-queue",
  "kube-system",
]);

/** A DNS label (RFC 1123) of at most 63 characters, as namespaces, Secrets and Applications are called here. */
export const labelRule: Rule<string> = (name) => {
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) {
    return "is not a Kubernetes name; use lower-case letters, digits and inner dashes, like echo-dev";
  }
  return name.length > 63 ? `has ${name.length} characters; use at most 63` : undefined;
};

/** A namespace of a member cluster that a service may be deployed into. */
export const namespaceRule: Rule<string> = (namespace) =>
  reservedNamespaces.has(namespace)
    ? "is reserved for the cluster itself; choose a namespace of the service's own, like echo-dev"
    : labelRule(namespace);
