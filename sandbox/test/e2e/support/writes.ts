import { join } from "node:path";
import { readChanges } from "../../../kubernetes/audit";
import type { Sandbox } from "../../../sandbox";

/**
 * Every write that the clouds and clusters were asked for since a moment, as `<who> <what>`, in three lists one after
 * the other. A write that was refused counts as well; an API server that renews its own lease doesn't.
 *
 * @param since milliseconds
 */
export function writesSince(sandbox: Sandbox, since: number): string[] {
  const { alibaba, github, clusters, home } = sandbox;
  const openApi = alibaba
    .calls()
    .filter(({ time, action }) => Date.parse(time) >= since && !/^(Describe|Get|List|Query)/.test(action))
    .map(({ product, action }) => `${product} ${action}`);
  const rest = github
    .calls()
    .filter(({ time, method }) => Date.parse(time) >= since && !["GET", "HEAD"].includes(method))
    .map(({ method, path }) => `github ${method} ${path}`);
  const objects = clusters
    .clusters()
    .flatMap(({ id }) => readChanges(join(home.kubernetes, "logs"), id))
    .filter(({ at, resource }) => at >= since && resource !== "leases")
    .map(({ verb, resource, namespace, name }) => `kubernetes ${verb} ${resource} ${namespace}/${name}`);
  return [...openApi, ...rest, ...objects];
}
