/**
 * What a member needs before Argo CD can install Argo Rollouts there: the namespace, and rights for exactly the objects
 * of the manifests.
 *
 * Nobody may create a role with more rights than his own, so Argo CD's account needs the verb `escalate`. Limited to the
 * controller's roles by name it only works on roles that exist: a creation has no name when rights are checked. So the
 * roles are created here, empty, and Argo CD fills them.
 *
 * This doesn't fence in Argo CD's account, which may fill these roles with anything and bind itself to them. What it is
 * asked to deploy is fenced in by the AppProject of the controller, which has one source and one pinned revision.
 *
 * Source: Kubernetes documentation, "Using RBAC Authorization", privilege escalation prevention.
 */
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import type { rbac } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { argocdServiceAccount } from "../fleet/member-cluster";

/** The namespace is written into the manifests: the controller's rights are bound to its account there. */
export const argoRolloutsNamespace = "argo-rollouts";

/** The controller's account, its role and the binding between them all have this name. */
const controller = "argo-rollouts";

/** Rights of the controller, and what it adds to the standard roles `admin`, `edit` and `view`. */
const controllerRoles = [
  controller,
  `${controller}-aggregate-to-admin`,
  `${controller}-aggregate-to-edit`,
  `${controller}-aggregate-to-view`,
];

const definitions = [
  "analysisruns.argoproj.io",
  "analysistemplates.argoproj.io",
  "clusteranalysistemplates.argoproj.io",
  "experiments.argoproj.io",
  "rollouts.argoproj.io",
];

const rbacGroup = "rbac.authorization.k8s.io";
const rightsName = "ackone-delivery:argocd-argo-rollouts";
const labels = { "app.kubernetes.io/managed-by": "ackone-delivery" };
const change = ["get", "update", "patch", "delete"];
const write = ["get", "list", "watch", "create", "update", "patch", "delete"];

const clusterRules: rbac.v1.PolicyRule[] = [
  {
    apiGroups: [rbacGroup],
    resources: ["clusterroles"],
    resourceNames: controllerRoles,
    verbs: [...change, "escalate"],
  },
  { apiGroups: [rbacGroup], resources: ["clusterroles"], resourceNames: [controller], verbs: ["bind"] },
  {
    apiGroups: [rbacGroup],
    resources: ["clusterrolebindings"],
    resourceNames: [controller],
    verbs: change,
  },
  {
    apiGroups: ["apiextensions.k8s.io"],
    resources: ["customresourcedefinitions"],
    resourceNames: definitions,
    // Not deleted: Argo CD leaves definitions, and with them the services' objects, when the Application goes.
    verbs: ["get", "create", "update", "patch"],
  },
];

const namespaceRules: rbac.v1.PolicyRule[] = [
  { apiGroups: [""], resources: ["serviceaccounts", "services", "configmaps", "secrets"], verbs: write },
  { apiGroups: ["apps"], resources: ["deployments"], verbs: write },
];

/**
 * Creates all of it on the member.
 *
 * @param name Of the component; the children's names start with it.
 * @param options With the component as parent and the member's provider.
 * @returns What must exist as long as the Application does.
 */
export function prepareMember(name: string, options: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const namespace = new Namespace(
    `${name}-namespace`,
    { metadata: { name: argoRolloutsNamespace, labels } },
    options,
  );
  return [
    namespace,
    ...emptyRoles(name, options),
    ...grantCluster(name, options),
    ...grantNamespace(name, namespace, options),
  ];
}

/** Rules are Argo CD's; what isn't named here, a later run leaves alone. */
function emptyRoles(name: string, options: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const roles = controllerRoles.map(
    (role) =>
      new ClusterRole(
        `${name}-${role.replace(controller, "controller")}`,
        { metadata: { name: role, labels } },
        options,
      ),
  );
  const binding = new ClusterRoleBinding(
    `${name}-controller-binding`,
    {
      metadata: { name: controller, labels },
      roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: controller },
      subjects: [{ kind: "ServiceAccount", name: controller, namespace: argoRolloutsNamespace }],
    },
    options,
  );
  return [...roles, binding];
}

function grantCluster(name: string, options: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const metadata = { name: rightsName, labels };
  const role = new ClusterRole(`${name}-argocd-role`, { metadata, rules: clusterRules }, options);
  const binding = new ClusterRoleBinding(
    `${name}-argocd-binding`,
    {
      metadata,
      roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", ...argocdServiceAccount }],
    },
    options,
  );
  return [role, binding];
}

function grantNamespace(
  name: string,
  { metadata: { name: namespace } }: Namespace,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const metadata = { name: rightsName, namespace, labels };
  const role = new Role(`${name}-argocd-namespace-role`, { metadata, rules: namespaceRules }, options);
  const binding = new RoleBinding(
    `${name}-argocd-namespace-binding`,
    {
      metadata,
      roleRef: { apiGroup: rbacGroup, kind: "Role", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", ...argocdServiceAccount }],
    },
    options,
  );
  return [role, binding];
}
