import type { ObjectKey } from "../api/objects";

/** Groups that the API server itself serves: their kinds are typed, custom resources aren't. */
const builtIn = /^(v1|(apps|batch|autoscaling|policy|(\w+\.)*k8s\.io)\/\w+)$/;

export const isBuiltIn = (apiVersion: string) => builtIn.test(apiVersion);

/** Kinds of built-in groups that belong to no namespace. */
const clusterScoped = new Set([
  ...[
    "Namespace",
    "Node",
    "PersistentVolume",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
  ],
  ...["StorageClass", "PriorityClass", "IngressClass", "RuntimeClass", "APIService", "CSIDriver", "CSINode"],
  ...["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "VolumeAttachment", "FlowSchema"],
  ...["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "PriorityLevelConfiguration"],
]);

/** Whether a built-in kind is namespaced; `undefined` for a custom resource: only the server knows. */
export function knownScope(apiVersion: string, kind: string): boolean | undefined {
  return isBuiltIn(apiVersion) ? !clusterScoped.has(kind) : undefined;
}

/** API version and kind of a type token: `kubernetes:core/v1:ConfigMapPatch` -> `v1`, `ConfigMap`. */
export function kindOfToken(token: string): { apiVersion: string; kind: string } {
  const [, module = "", name = ""] = token.split(":");
  return { apiVersion: module.replace(/^core\//, ""), kind: name.replace(/Patch$/, "") };
}

/** A Patch resource owns some fields of an object that somebody else created. */
export function isPatch(token: string, kind: string): boolean {
  return token.endsWith(`:${kind}Patch`);
}

/** `namespace/name`, or `name` for a kind without namespaces. */
export function idOf({ namespace, name }: Pick<ObjectKey, "namespace" | "name">): string {
  return namespace ? `${namespace}/${name}` : name;
}

export function parseId(id: string): { namespace?: string; name: string } {
  const slash = id.indexOf("/");
  return slash < 0 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/**
 * Properties of built-in kinds that can't be changed in place, as the real provider lists them. Data of Secrets and
 * ConfigMaps is among them unless the provider's `enableSecretMutable` or `enableConfigMapMutable` says otherwise.
 */
export function immutableProperties(
  apiVersion: string,
  kind: string,
  mutable: { enableSecretMutable: boolean; enableConfigMapMutable: boolean },
): string[] {
  const identity = ["metadata.name", "metadata.namespace"];
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const properties: Record<string, string[]> = {
    ConfigMap: mutable.enableConfigMapMutable ? [] : ["data", "binaryData"],
    Secret: mutable.enableSecretMutable ? ["type"] : ["type", "stringData", "data"],
    Service: ["spec.clusterIP"],
    PersistentVolumeClaim: ["spec"],
    "rbac.authorization.k8s.io RoleBinding": ["roleRef"],
    "rbac.authorization.k8s.io ClusterRoleBinding": ["roleRef"],
    "apps Deployment": ["spec.selector"],
    "apps StatefulSet": [
      "spec.selector",
      "spec.serviceName",
      "spec.podManagementPolicy",
      "spec.volumeClaimTemplates",
    ],
    "batch Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
    "storage.k8s.io StorageClass": ["parameters", "provisioner"],
  };
  return [...identity, ...(properties[group ? `${group} ${kind}` : kind] ?? [])];
}
