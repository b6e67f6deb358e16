import type { Holdings } from "../../../world/holdings";

/**
 * What the clouds hold, as a table that can be compared: one line a thing, ids and commits left out, because the
 * clouds choose them. Things that exist without the program are marked `given` and come last.
 */
export function tableOfHoldings({ alibaba, github, clusters }: Holdings): string[] {
  const line = (...parts: (string | boolean | string[])[]) => parts.flat().map(String).join(" ");
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
    ...(fleetOf?.configMaps ?? []).map((name) => line("config map", name)),
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
    "cm",
    "cmd-params-cm",
    "gpg-keys-cm",
    "image-updater-config",
    "notifications-cm",
    "rbac-cm",
    "ssh-known-hosts-cm",
    "tls-certs-cm",
  ].map((name) => `config map argocd-${name}`),
  "project default",
  "secret argocd-initial-admin-secret password",
  "secret argocd-notifications-secret",
  "secret argocd-secret server.secretkey",
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

export const heldByDev = [
  ...hosted(1),
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
  "cluster role binding member ackone-delivery:argocd",
  "endpoint acme-dev Registry RUNNING",
  "fleet acme-dev Default running vpc-bp1devplatform00000001 gitops single private-argocd public-api deletable",
  "fork acme/echo-deploy ackone-samples/echo-deploy public main",
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
  "allowed acme-prod Registry 127.0.0.1/32",
  "allowed acme-prod Registry 198.51.100.0/24",
  ...applications("acme-prod", { dev: "prod-dev", staging: "prod-staging", production: "prod-production" }),
  ...["echo-server", "echo-web-server", "greeter"].flatMap((name) => [
    `binding echo/${name} GITHUB:acme-prod/${name} auto oversea`,
    `fork acme-prod/${name} ackone-samples/${name} public main`,
    `image repository echo/${name} PRIVATE immutable`,
    rule(`echo/${name}`),
  ]),
  ...Array<string>(3).fill("cluster role binding member ackone-delivery:argocd"),
  "endpoint acme-prod Registry RUNNING",
  "fleet acme-prod Default running vpc-bp1prodplatform0000001 gitops ha public-argocd public-api protected",
  "fork acme-prod/echo-deploy ackone-samples/echo-deploy public main",
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
