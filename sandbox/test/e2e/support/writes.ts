import { join } from "node:path";
import { readChanges } from "../../../kubernetes/audit";
import type { Sandbox } from "../../../sandbox";

/** The logins in the kubeconfigs that the stack gets. Argo CD and the clusters' own controllers have others. */
const stackLogins = ["fleet-admin", "cluster-admin"];

/**
 * Every write that a stack has asked clouds and clusters for since a moment, as `<who> <what>`, in three lists one after
 * the other. A write that was refused counts as well.
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
    // Argo CD fetches, which git does with POST.
    .filter(({ path }) => !path.endsWith("/git-upload-pack"))
    .map(({ method, path }) => `github ${method} ${path}`);
  const objects = clusters
    .clusters()
    .flatMap(({ id }) => readChanges(join(home.kubernetes, "logs"), id))
    .filter(({ at, user }) => at >= since && stackLogins.includes(user))
    .map(({ verb, resource, namespace, name }) => `kubernetes ${verb} ${resource} ${namespace}/${name}`);
  return [...openApi, ...rest, ...objects];
}
