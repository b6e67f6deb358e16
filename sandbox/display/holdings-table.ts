import type { Holdings } from "../world/holdings";
import { table } from "./table";

/** What exists and where, for people: one row a thing, the clouds in the order in which a release meets them. */
export function holdingsTable({ alibaba, github, clusters }: Holdings): string {
  const rows: string[][] = [];
  for (const { name, forkOf, visibility, archived } of github.repositories) {
    const what = forkOf ? `fork of ${forkOf}` : "sample, given";
    rows.push([
      "GitHub",
      "repository",
      name,
      [what, visibility, archived ? "archived" : ""].filter(Boolean).join(", "),
    ]);
  }
  for (const { name, id, edition, status } of alibaba.instances) {
    rows.push(["ACR", "instance", name, `${id}, ${edition}, ${status}`]);
  }
  for (const { module, status, instance } of alibaba.endpoints) {
    const allowed = alibaba.aclEntries.filter((each) => each.instance === instance && each.module === module);
    const list = allowed.map(({ entry }) => entry).join(" ") || "nobody";
    rows.push(["ACR", "internet endpoint", module, `${status}, allows ${list}`]);
  }
  for (const { vpcId, status } of alibaba.vpcLinks) rows.push(["ACR", "VPC link", vpcId, status]);
  for (const { namespace, name, visibility } of alibaba.repositories) {
    const path = `${namespace}/${name}`;
    const source = alibaba.bindings.find(({ repository }) => repository === path)?.source ?? "no source";
    rows.push(["ACR", "image repository", path, `${visibility}, builds ${source}`]);
    for (const rule of alibaba.rules.filter(({ repository }) => repository === path)) {
      rows.push(["ACR", "build rule", `${rule.pushType} ${rule.pushName}`, `${path}:${rule.imageTag}`]);
    }
  }
  for (const { name, id, state, gitops } of alibaba.fleets) {
    rows.push(["ACK One", "Fleet", name, `${id}, ${state}, GitOps ${gitops ? "on" : "off"}`]);
  }
  for (const { name, id, state } of alibaba.members)
    rows.push(["ACK One", "member cluster", name, `${id}, ${state}`]);
  for (const { kind, secrets, projects, applications } of clusters.filter(({ kind }) => kind === "fleet")) {
    for (const { name, keys } of secrets)
      rows.push([`Kubernetes, ${kind}`, "Secret", `argocd/${name}`, keys.join(" ")]);
    for (const name of projects) rows.push([`Kubernetes, ${kind}`, "AppProject", `argocd/${name}`, ""]);
    for (const { name, destination, sync } of applications) {
      rows.push([`Kubernetes, ${kind}`, "Application", `argocd/${name}`, `${sync} sync to ${destination}`]);
    }
  }
  return table(["Where", "What", "Name", "Details"], rows);
}
