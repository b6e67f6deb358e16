import { waitFor } from "../../supervisor";
import type { KubeObject } from "../api/client";
import type { ObjectKey, Objects } from "../api/objects";
import { argocdNamespace, hostedManager } from "./hosted-argocd";

/** What ACK One puts on a cluster that is attached to a Fleet ("Custom GitOps operations ... RBAC permissions"). */
const memberNamespace = "ack-multiple-clusters";
const account = "argocd-ackone-sa";
const role = "ack-mc:argocd-ackone-dev";
const rbac = "rbac.authorization.k8s.io/v1";
const year = 365 * 24 * 3600;

export interface Member {
  id: string;
  name: string;
  /** e.g. `https://127.0.0.1:20444` */
  server: string;
  /** PEM */
  ca: string;
}

/** Name of the cluster in Argo CD: what an Application's `destination.name` says. */
export const destinationName = (member: { id: string; name: string }) => `${member.id}-${member.name}`;

/** Creates the account on the member with which the hosted Argo CD will act there. Idempotent. */
export async function prepareMember(member: Objects): Promise<void> {
  for (const object of memberObjects()) await member.createIfAbsent(object, hostedManager);
}

/** Takes away from the member what {@link prepareMember} put there. Idempotent. */
export async function clearMember(member: Objects): Promise<void> {
  await member.delete({ apiVersion: rbac, kind: "ClusterRoleBinding", name: role });
  await member.delete({ apiVersion: rbac, kind: "ClusterRole", name: role });
  const key = { apiVersion: "v1", kind: "Namespace", name: memberNamespace };
  await member.delete(key);
  const probe = async () => ((await member.get(key)) ? "it is still there" : undefined);
  await waitFor(`the end of the namespace ${memberNamespace}`, probe, { within: 60_000 });
}

/** Makes the member known to the Fleet's Argo CD: a cluster Secret with a fresh token of the member's account. */
export async function registerMember(fleet: Objects, memberObjects: Objects, member: Member): Promise<void> {
  const token = await memberObjects.client.call<{ status: { token: string } }>(
    "POST",
    `/api/v1/namespaces/${memberNamespace}/serviceaccounts/${account}/token`,
    {
      body: {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { expirationSeconds: year },
      },
    },
  );
  const config = {
    bearerToken: token.status.token,
    tlsClientConfig: { insecure: false, caData: Buffer.from(member.ca).toString("base64") },
  };
  await fleet.apply(
    {
      apiVersion: "v1",
      kind: "Secret",
      type: "Opaque",
      metadata: {
        name: secretName(member.id),
        namespace: argocdNamespace,
        labels: { "argocd.argoproj.io/secret-type": "cluster" },
        annotations: { cluster_id: member.id, cluster_name: member.name },
      },
      stringData: { name: destinationName(member), server: member.server, config: JSON.stringify(config) },
    },
    { manager: hostedManager, force: true },
  );
}

/** Removes the cluster Secret; fine when it isn't there. */
export async function unregisterMember(fleet: Objects, memberId: string): Promise<void> {
  await fleet.delete(secretKey(memberId));
}

const secretName = (memberId: string) => `cluster-${memberId}`;
const secretKey = (memberId: string): ObjectKey => ({
  apiVersion: "v1",
  kind: "Secret",
  namespace: argocdNamespace,
  name: secretName(memberId),
});

/**
 * The documents don't print the role's rules. These let Argo CD see everything and run ordinary workloads;
 * namespaces, CRDs, RBAC and custom resources need a binding of one's own, as the documents say.
 */
function memberObjects(): KubeObject[] {
  const all = ["*"];
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: memberNamespace } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: account, namespace: memberNamespace } },
    {
      apiVersion: rbac,
      kind: "ClusterRole",
      metadata: { name: role },
      rules: [
        { apiGroups: all, resources: all, verbs: ["get", "list", "watch"] },
        {
          apiGroups: [""],
          resources: [
            "configmaps",
            "secrets",
            "services",
            "serviceaccounts",
            "persistentvolumeclaims",
            "pods",
          ],
          verbs: all,
        },
        { apiGroups: ["apps", "batch", "autoscaling", "networking.k8s.io"], resources: all, verbs: all },
      ],
    },
    {
      apiVersion: rbac,
      kind: "ClusterRoleBinding",
      metadata: { name: role },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{ kind: "ServiceAccount", name: account, namespace: memberNamespace }],
    },
  ];
}
