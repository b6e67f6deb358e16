import { rcompare, valid } from "semver";
import type { Platform } from "../operations/platform";
import { nextPatch } from "../operations/version";
import type { PipelineView } from "../world/pipeline";
import type { Release } from "../world/release";
import { firstVersion } from "./first-release";

/** The release after the newest one that was ever built of a service, failed builds included: their tags are taken. */
export function nextRelease(
  { services, environments, deployment }: Platform,
  service: string,
  { builds }: Pick<PipelineView, "builds">,
): Release {
  const references = Object.values(services[service]!.images).map(({ reference }) => reference);
  const paths = references.map((reference) => reference.split("/").slice(1).join("/"));
  const tags = builds
    .filter(({ repository, tag }) => paths.includes(repository) && valid(tag) !== null)
    .map(({ tag }) => tag);
  const [newest = firstVersion] = tags.sort(rcompare);
  return {
    service,
    tag: nextPatch(newest),
    since: Date.now(),
    images: paths,
    deployment: deployment.repository,
    environments: Object.keys(environments),
  };
}
