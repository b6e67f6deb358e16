import type { Holdings } from "../world/holdings";
import { table } from "./table";

/** Kubernetes objects that the hosted Argo CD and its members bring along; nobody looks for those here. */
const hosted = /^(argocd-|cluster-c[0-9a-f]{32}$|default$)/;

/** What exists and where, for people: one row a thing, in the order in which a release meets them. */
export function holdingsTable({ alibaba, github, clusters }: Holdings): string {
  const rows: string[][] = [];
  for (const { name, forkOf, visibility, archived } of github.repositories) {
    const details = [forkOf ? `fork of ${forkOf}` : "given", visibility, archived ? "archived" : ""];
    rows.push(["GitHub repository", name, details.filter(Boolean).join(", ")]);
  }
  for (const { name, id, edition, status } of alibaba.instances) {
    rows.push(["ACR instance", name, `${id}, ${edition}, ${status}`]);
  }
  for (const { module, status, instance } of alibaba.endpoints) {
    const allowed = alibaba.aclEntries.filter((each) => each.instance === instance && each.module === module);
    const list = allowed.map(({ entry }) => entry).join(" ") || "nobody";
    rows.push(["ACR internet endpoint", module, `${status}, allows ${list}`]);
  }
  for (const { vpcId, status } of alibaba.vpcLinks) rows.push(["ACR VPC link", vpcId, status]);
  for (const { namespace, name, visibility } of alibaba.repositories) {
    const path = `${namespace}/${name}`;
    const source = alibaba.bindings.find(({ repository }) => repository === path)?.source ?? "nothing yet";
    rows.push(["ACR image repository", path, `${visibility}, builds ${source}`]);
    for (const rule of alibaba.rules.filter(({ repository }) => repository === path)) {
      const { pushType, pushName, imageTag } = rule;
      rows.push(["ACR build rule", path, `${pushType} ${pushName} -> ${imageTag}`]);
    }
  }
  for (const { name, id, state, gitops } of alibaba.fleets) {
    rows.push(["ACK One Fleet", name, `${id}, ${state}, GitOps ${gitops ? "on" : "off"}`]);
  }
  for (const { name, id, state } of alibaba.members) rows.push(["Member cluster", name, `${id}, ${state}`]);
  for (const { secrets, projects, applications } of clusters.filter(({ kind }) => kind === "fleet")) {
    for (const { name, keys } of secrets.filter(({ name }) => !hosted.test(name))) {
      rows.push(["Secret on the Fleet", `argocd/${name}`, `keys ${keys.join(" ")}`]);
    }
    for (const name of projects.filter((each) => !hosted.test(each))) {
      rows.push(["AppProject on the Fleet", `argocd/${name}`, ""]);
    }
    for (const { name, destination, sync } of applications) {
      const to = destination.replace(/^c[0-9a-f]{32}-/, "");
      rows.push(["Application on the Fleet", `argocd/${name}`, `${sync} sync to ${to}`]);
    }
  }
  return table(["What", "Name", "Details"], rows);
}
