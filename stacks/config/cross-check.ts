/**
 * Rules that need more than one group of keys: names that point to each other, and names that collide once everything
 * has been derived from them. Groups that are wrong themselves are left out; what is there is still checked.
 */
import { applicationName } from "../../components/delivery/application";
import { forEnvironment } from "../../components/delivery/template";
import { type At, type Checked, checkRepositories } from "./check-repositories";
import { checkService } from "./check-service";
import { argoRolloutsName } from "./derived";
import { needsConfirmation } from "./environments";
import { keyOf, Once, type Problems, shown, suggestion } from "./problems";
import { pullEndpoint } from "./registry";
import type { Groups } from "./schema";

/** @param at The path of a group in the stack file. */
export function crossCheck(config: Checked, at: At, problems: Problems): void {
  checkEnvironments(config, at, problems);
  checkRepositories(config, at, problems);
  checkReach(config, at, problems);
  checkApplicationNames(config, at, problems);
  checkOverlays(config, at, problems);
  for (const [name, service] of Object.entries(config.services ?? {})) {
    checkService(name, service, config, [...at("services"), name], problems);
  }
}

function checkEnvironments({ clusters, environments }: Partial<Groups>, at: At, problems: Problems): void {
  const ids = new Once(at("clusters"), problems);
  for (const [name, { id }] of Object.entries(clusters ?? {})) {
    ids.add(id, [name, "id"], (other) => `is the cluster ${other[0]} as well; attach a cluster once`);
  }
  const places = new Once(at("environments"), problems);
  for (const [name, environment] of Object.entries(environments ?? {})) {
    const path = [...at("environments"), name];
    const { cluster, namespace } = environment;
    if (clusters !== undefined && !Object.hasOwn(clusters, cluster)) {
      const known = suggestion(cluster, Object.keys(clusters));
      problems.add([...path, "cluster"], `${shown(cluster)} is not in ${keyOf(at("clusters"))}; ${known}`);
    }
    places.add(
      `${cluster} ${namespace}`,
      [name, "namespace"],
      (other) =>
        `${shown(namespace)} on ${shown(cluster)} is the environment ${other[0]} as well; every environment needs a namespace of its own`,
    );
    if (needsConfirmation(name, environment)) {
      problems.add(
        [...path, "sync"],
        `"automatic" would deploy every build to ${name} without a person; use manual, or confirm it with unattended: true`,
      );
    }
  }
  if (environments !== undefined && Object.keys(environments).length === 0) {
    problems.add(at("environments"), "{} is empty; a service is deployed to at least one environment");
  }
}

/**
 * Image Updater runs in the Fleet's VPC, where the registry's VPC host name exists only with a link. An instance that was
 * there before may have been linked by somebody else.
 */
function checkReach({ registry, fleet }: Checked, at: At, problems: Problems): void {
  if (registry === undefined || fleet === undefined || "id" in registry.instance) {
    return;
  }
  const { vpcId } = fleet.network;
  if (pullEndpoint(registry) === "vpc" && !registry.vpcLinks.some((link) => link.vpcId === vpcId)) {
    const instead = registry.internet === undefined ? "" : ", or use pullFrom: internet";
    problems.add(
      [...at("registry"), "vpcLinks"],
      `the Fleet's VPC ${shown(vpcId)} is not among them, so that Image Updater can't reach the registry; link it${instead}`,
    );
  }
}

/** `a-b` in `c` and `a` in `b-c` would both be `a-b-c`; and names have no capitals. */
function checkApplicationNames(
  { services, environments, clusters }: Partial<Groups>,
  at: At,
  problems: Problems,
): void {
  const rollouts = new Once(at("clusters"), problems);
  const withRollouts = Object.keys(clusters ?? {}).filter((key) =>
    clusters![key]!.canary.includes("argo-rollouts"),
  );
  for (const key of withRollouts) {
    const name = argoRolloutsName(key);
    rollouts.add(
      name,
      [key],
      (other) => `would share the Application ${name} with the cluster ${other[0]}; rename one of them`,
    );
  }
  const taken = withRollouts.map(argoRolloutsName);
  const names = new Once(at("services"), problems);
  for (const service of Object.keys(services ?? {})) {
    for (const environment of Object.keys(environments ?? {})) {
      const name = applicationName(service, environment);
      if (taken.includes(name)) {
        problems.add(
          [...at("services"), service],
          `in ${environment} would be the Application ${name}, with which Argo CD deploys Argo Rollouts; rename the service`,
        );
      }
      names.add(
        name,
        [service],
        (other) =>
          `in ${environment} would be the Application ${name}, like the service ${other[0]} in ${name.slice(`${other[0]}-`.length)}; rename one of them`,
      );
    }
  }
}

/**
 * What an overlay deploys is called the same whoever deploys it, and every service runs in the namespace of every
 * environment. A chart is different: its objects are named after their release.
 */
function checkOverlays({ services, environments }: Partial<Groups>, at: At, problems: Problems): void {
  const overlays = new Once(at("services"), problems);
  for (const [name, { deploy }] of Object.entries(services ?? {})) {
    if (!("kustomize" in deploy)) {
      continue;
    }
    const path = [name, "deploy", "kustomize"];
    // Templates that differ can still meet in one environment; one sentence for a service is enough.
    Object.keys(environments ?? { "": {} }).every((environment) =>
      overlays.add(
        `${environment} ${forEnvironment("", deploy.kustomize, environment)}`,
        path,
        ([other]) =>
          `${shown(deploy.kustomize)} is deployed by the service ${other} as well, and both would own the same objects; give every service an overlay of its own`,
      ),
    );
  }
}
