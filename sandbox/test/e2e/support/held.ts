import type { Holdings } from "../../../world/holdings";
import { world } from "../../../world/world";

/**
 * What the clouds hold, as a table that can be compared: one line a thing, ids and commits left out, because the
 * clouds choose them. Things that exist without the program are marked `given` and come last.
 */
export function tableOfHoldings({ alibaba, github, clusters }: Holdings): string[] {
  const line = (...parts: (string | boolean | string[])[]) => parts.flat().map(String).join(" ");
  const nameOf = (cluster: string) => world.members.find(({ id }) => id === cluster)?.name ?? cluster;
  const fleetOf = clusters.find(({ kind }) => kind === "fleet");
  return [
    ...alibaba.instances.map((each) =>
      line("instance", each.name, each.edition, each.payment, each.renewal, each.status),
    ),
    ...alibaba.namespaces.map((each) => line("namespace", each.instance, each.name, each.visibility)),
    ...alibaba.endpoints.map((each) => line("endpoint", each.instance, each.module, each.status)),
    ...alibaba.aclEntries.map((each) => line("allowed", each.instance, each.module, each.entry)),
    ...alibaba.vpcLinks.map((each) =>
      line("vpc link", each.instance, each.vpcId, each.vSwitchId, each.status),
    ),
    ...alibaba.repositories.map((each) =>
      line(
        "image repository",
        `${each.namespace}/${each.name}`,
        each.visibility,
        each.tagImmutability ? "immutable" : "mutable",
      ),
    ),
    ...alibaba.bindings.map((each) =>
      line(
        "binding",
        each.repository,
        each.source,
        each.autoBuild ? "auto" : "manual",
        each.overseaBuild ? "oversea" : "mainland",
      ),
    ),
    ...alibaba.rules.map((each) =>
      line(
        "rule",
        each.repository,
        each.pushType,
        each.pushName,
        each.imageTag,
        `${each.dockerfileLocation}${each.dockerfileName}`,
        each.platforms,
      ),
    ),
    ...alibaba.fleets.map((each) =>
      line(
        "fleet",
        each.name,
        each.profile,
        each.state,
        each.vpcId,
        each.gitops ? "gitops" : "no-gitops",
        each.highAvailability ? "ha" : "single",
        each.publicAccess ? "public-argocd" : "private-argocd",
        each.publicApiServer ? "public-api" : "private-api",
        each.deletionProtection ? "protected" : "deletable",
      ),
    ),
    ...alibaba.members.map((each) => line("member", each.fleet, each.name, each.state)),
    ...alibaba.addons.map((each) => line("add-on", nameOf(each.cluster), each.name, each.state)),
    ...alibaba.permissions.map((each) =>
      line("permission", each.fleet, each.userId, each.roleName, each.namespace),
    ),
    ...github.repositories
      .filter(({ forkOf }) => forkOf !== "")
      .map((each) =>
        line(
          "fork",
          each.name,
          each.forkOf,
          each.visibility,
          each.archived ? "archived" : each.defaultBranch,
        ),
      ),
    ...github.hooks.map((each) => line("hook", each.repository, each.events)),
    ...clusters.flatMap(({ clusterRoleBindings, kind }) =>
      clusterRoleBindings.map((name) => line("cluster role binding", kind, name)),
    ),
    ...(fleetOf?.projects ?? []).map((name) => line("project", name)),
    ...(fleetOf?.secrets ?? []).map(({ name, keys }) => line("secret", withoutId(name), keys)),
    ...(fleetOf?.configMaps ?? []).map(({ name, keys }) => line("config map", name, keys)),
    ...(fleetOf?.applications ?? []).map((each) =>
      line("application", each.name, each.project, withoutId(each.destination), each.sync),
    ),
  ].sort();
}

const withoutId = (text: string) => text.replace(/c[0-9a-f]{32}/g, "<cluster>");

/** What the hosted Argo CD and an attached member bring along themselves. */
const hosted = (members: number) => [
  ...Array<string>(members).fill("cluster role binding member ack-mc:argocd-ackone-dev"),
  ...[
    // Of these, the stack sets what the controllers of canaries need to be seen and steered.
    "cm accounts.admin application.resourceTrackingMethod resource.customizations.actions.rollouts.kruise.io_Rollout resource.customizations.health.rollouts.kruise.io_Rollout url",
    "cmd-params-cm applicationsetcontroller.log.format controller.log.format controller.sharding.algorithm reposerver.log.format server.insecure server.log.format",
    "gpg-keys-cm",
    "image-updater-config registries.conf",
    "notifications-cm",
    "rbac-cm policy.csv policy.default scopes",
    "ssh-known-hosts-cm ssh_known_hosts",
    "tls-certs-cm",
  ].map((map) => `config map argocd-${map}`),
  "config map kube-root-ca.crt ca.crt",
  "project default",
  "secret argocd-initial-admin-secret password",
  "secret argocd-notifications-secret",
  // The stack adds one key: with what GitHub signs pushes.
  "secret argocd-secret admin.password admin.passwordMtime server.secretkey webhook.github.secret",
  "secret argocd-server-tls tls.crt tls.key",
  ...Array<string>(members).fill("secret cluster-<cluster> config name server"),
];

const rule = (repository: string) =>
  `rule ${repository} GIT_TAG release-(?<imageTag>v[\\w.-]+) \${imageTag} /Dockerfile linux/amd64`;

/** Three environments of two services: Applications by service, with the member cluster of each environment. */
const applications = (platform: string, clusters: Record<string, string>) =>
  ["echo", "greeter"].flatMap((service) =>
    Object.entries(clusters).map(
      ([environment, cluster]) =>
        `application ${service}-${environment} ${platform}-${environment} <cluster>-${cluster}/echo-${environment} ${environment === "dev" ? "automatic" : "manual"}`,
    ),
  );

/** What stays on a cluster when its stack is gone: the alicloud provider uninstalls no add-on. */
export const keptByCluster = (cluster: string, canary: boolean) => [
  `add-on ${cluster} managed-aliyun-acr-credential-helper active`,
  ...(canary
    ? [
        `add-on ${cluster} ack-kruise active`,
        "cluster role binding member kruise-rollout-manager-rolebinding",
      ]
    : []),
];

/** Images are pulled on every member; canaries are steered on some. Both by the name that environments use. */
const installed = (members: Record<string, string>, canaries: string[]) => [
  ...Object.entries(members).flatMap(([name, cluster]) => [
    ...keptByCluster(cluster, canaries.includes(name)),
    "cluster role binding member ackone-delivery:argocd",
  ]),
  ...canaries.flatMap((name) => [
    `application argo-rollouts-${name} argo-rollouts-${name} <cluster>-${members[name]}/argo-rollouts automatic`,
    "cluster role binding member ackone-delivery:argocd-argo-rollouts",
    "cluster role binding member argo-rollouts",
    `project argo-rollouts-${name}`,
  ]),
];

export const heldByDev = [
  ...hosted(1),
  ...installed({ workloads: "dev-workloads" }, ["workloads"]),
  "allowed acme-dev Registry 127.0.0.1/32",
  "allowed acme-dev Registry 198.51.100.0/24",
  ...applications("acme-dev", {
    dev: "dev-workloads",
    staging: "dev-workloads",
    production: "dev-workloads",
  }),
  ...["echo-server", "echo-web-server", "greeter"].flatMap((name) => [
    `binding echo-dev/${name} GITHUB:acme/${name} auto oversea`,
    `fork acme/${name} ackone-samples/${name} public main`,
    `image repository echo-dev/${name} PRIVATE mutable`,
    rule(`echo-dev/${name}`),
  ]),
  "endpoint acme-dev Registry RUNNING",
  "fleet acme-dev Default running vpc-bp1devplatform00000001 gitops single public-argocd public-api deletable",
  "fork acme/echo-deploy ackone-samples/echo-deploy public main",
  "hook acme/echo-deploy push",
  "instance acme-dev Basic Subscription ManualRenewal RUNNING",
  "member acme-dev dev-workloads Successed",
  "namespace acme-dev echo-dev PRIVATE",
  "project acme-dev-dev",
  "project acme-dev-production",
  "project acme-dev-staging",
  "secret acme-dev-deployment password type url username",
  "secret acr acr",
].sort();

/** Three member clusters, a VPC that may pull, an operations team, Argo CD with replicas; tags can't be moved. */
export const heldByProd = [
  ...hosted(3),
  ...installed({ dev: "prod-dev", staging: "prod-staging", production: "prod-production" }, [
    "staging",
    "production",
  ]),
  "allowed acme-prod Registry 127.0.0.1/32",
  "allowed acme-prod Registry 198.51.100.0/24",
  ...applications("acme-prod", { dev: "prod-dev", staging: "prod-staging", production: "prod-production" }),
  ...["echo-server", "echo-web-server", "greeter"].flatMap((name) => [
    `binding echo/${name} GITHUB:acme-prod/${name} auto oversea`,
    `fork acme-prod/${name} ackone-samples/${name} public main`,
    `image repository echo/${name} PRIVATE immutable`,
    rule(`echo/${name}`),
  ]),
  "endpoint acme-prod Registry RUNNING",
  "fleet acme-prod Default running vpc-bp1prodplatform0000001 gitops ha public-argocd public-api protected",
  "fork acme-prod/echo-deploy ackone-samples/echo-deploy public main",
  "hook acme-prod/echo-deploy push",
  "instance acme-prod Advanced Subscription AutoRenewal RUNNING",
  "member acme-prod prod-dev Successed",
  "member acme-prod prod-production Successed",
  "member acme-prod prod-staging Successed",
  "namespace acme-prod echo PRIVATE",
  "permission acme-prod 200000000000000001 gitops-dev argocd",
  "project acme-prod-dev",
  "project acme-prod-production",
  "project acme-prod-staging",
  "secret acme-prod-deployment password type url username",
  "secret acr acr",
  "vpc link acme-prod vpc-bp1prodplatform0000001 vsw-bp1prodplatform0000001 RUNNING",
].sort();
