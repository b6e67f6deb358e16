import type { OperatorContext } from "../operations";
import { operations } from "../operations";
import type { Platform } from "../operations/platform";
import { waitFor } from "../supervisor";
import type { PipelineView } from "../world/pipeline";

/** The version that the sample charts ask for before anything was released. */
export const firstVersion = "v1.0.0";

/** Minutes that a build, or a first deployment, may take on a busy machine. */
const patience = 300_000;

/** Looks at the pipeline of a running sandbox. */
export type Look = () => Promise<PipelineView>;

/** Services none of whose images was ever built. */
export function unreleased({ services }: Platform, { builds }: Pick<PipelineView, "builds">): string[] {
  const isBuilt = (reference: string) =>
    builds.some(({ repository, status }) => status === "SUCCESS" && reference.endsWith(`/${repository}`));
  return Object.keys(services).filter(
    (name) => !Object.values(services[name]!.images).some(({ reference }) => isBuilt(reference)),
  );
}

/** Applications of environments that wait for a person, where nothing was deployed yet. */
export function undeployed(
  { services, environments }: Platform,
  { applications }: Pick<PipelineView, "applications">,
): { service: string; environment: string }[] {
  return Object.keys(environments)
    .filter((name) => !environments[name]!.automatic)
    .flatMap((environment) => Object.keys(services).map((service) => ({ service, environment })))
    .filter(({ service, environment }) =>
      applications.some(({ name, images }) => name === `${service}-${environment}` && images.length === 0),
    );
}

/**
 * What people do once for a new platform: release every service for the first time, and deploy it to the environments
 * that wait for a person. Image Updater follows images that run only, so before that nothing is written back for them.
 *
 * @param say tells what is being done
 * @returns whether there was anything to do
 */
export async function releaseFirst(
  context: OperatorContext,
  look: Look,
  say: (line: string) => void,
): Promise<boolean> {
  const platform = await context.platform();
  const { environments, services } = platform;
  const quiet = { ...context, print: say };
  const begun = await look();
  const released = unreleased(platform, begun);
  for (const service of released) await operations["release"]!.run(quiet, [service, firstVersion]);
  const automatic = Object.keys(environments).filter((name) => environments[name]!.automatic);
  const deployed = Object.keys(services).flatMap((service) =>
    automatic.map((environment) => `${service}-${environment}`),
  );
  await waitFor(`the first deployment of ${deployed.join(", ")}`, () => healthy(look, deployed, say), {
    within: patience,
    every: 300,
  });
  const rest = undeployed(platform, begun);
  for (const { service, environment } of rest) {
    await operations["promote"]!.run(quiet, [service, environment]);
  }
  return released.length + rest.length > 0;
}

/** @returns undefined when all of them are Synced and Healthy */
async function healthy(
  look: Look,
  names: readonly string[],
  say: (line: string) => void,
): Promise<string | undefined> {
  const { applications, builds } = await look();
  const failed = builds.find(({ status }) => status === "FAILED");
  if (failed) throw new Error(`the build of ${failed.repository}:${failed.tag} failed: ${failed.reason}`);
  const missing = names.flatMap((name) => {
    const application = applications.find((each) => each.name === name);
    const { sync = "Unknown", health = "Unknown" } = application ?? {};
    return sync === "Synced" && health === "Healthy" ? [] : [`${name} is ${sync}, ${health}`];
  });
  if (missing.length === 0) return undefined;
  say(missing.join("; "));
  return missing.join("; ");
}
