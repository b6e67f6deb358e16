import { expect } from "chai";
import { assess } from "../../../operations/assess";
import { versionText } from "../../../operations/images";
import { type Observed, observe } from "../../../operations/observe";
import { Reads } from "../../../operations/reads";
import { Shell } from "../../../operations/shell";
import { waitFor } from "../../../supervisor";
import { describeApplication, type Pipeline } from "../support/pipeline";

/** Pods of one workload: how many run each tag. */
export type Pods = Record<string, number>;

/** Milliseconds that an environment may take to look as it should. */
const patience = 120_000;

/** Pods of a workload on the member cluster, by the name of their container. Those that are being deleted don't count. */
export async function podsOf({ operator }: Pipeline, environment: string, container: string): Promise<Pods> {
  const { environments } = await operator.platform();
  const pods: Pods = {};
  for (const { metadata, spec } of await new Reads(operator).pods(environments[environment]!)) {
    if (metadata.deletionTimestamp !== undefined) continue;
    for (const { image } of spec.containers.filter(({ name }) => name === container)) {
      const tag = image.slice(image.lastIndexOf(":") + 1);
      pods[tag] = (pods[tag] ?? 0) + 1;
    }
  }
  return pods;
}

/** Waits until each of these workloads has exactly these pods. */
export async function hasPods(
  pipeline: Pipeline,
  environment: string,
  workloads: readonly string[],
  wanted: Pods,
): Promise<void> {
  for (const workload of workloads) {
    const probe = async () => {
      const pods = await podsOf(pipeline, environment, workload);
      return sorted(pods) === sorted(wanted) ? undefined : sorted(pods);
    };
    await waitFor(`pods of ${workload} in ${environment} to be ${sorted(wanted)}`, probe, {
      within: patience,
      every: 200,
    });
  }
}

const sorted = (pods: Pods) => JSON.stringify(Object.entries(pods).sort());

/**
 * Ends what an earlier test may have left under way in an environment.
 * @returns the one version that runs there now, healthy
 */
export async function atRest(pipeline: Pipeline, service: string, environment: string): Promise<string> {
  const look = () => observe(pipeline.operator, service, environment, { refresh: true });
  let seen = await look();
  if (assess(seen).kind === "waiting") await pipeline.run("approve", service, environment);
  if (seen.canaries.some(({ standing }) => standing === "aborted")) {
    await pipeline.run("rollback", service, environment);
  }
  const probe = async () => {
    seen = await look();
    return rests(seen) ? undefined : `${seen.application.status?.sync?.status}, ${assess(seen).says}`;
  };
  await waitFor(`${service}-${environment} to come to rest`, probe, { within: patience, every: 500 });
  return versionText(seen.live);
}

/** One version runs, healthy, and nothing is under way. A newer one may wait to be promoted. */
function rests({ application: { status, operation }, canaries, live }: Observed): boolean {
  const tags = new Set(Object.values(live).flat());
  return (
    operation === undefined &&
    status?.operationState?.phase !== "Running" &&
    status?.health?.status === "Healthy" &&
    canaries.every(({ standing }) => standing === "settled") &&
    tags.size === 1
  );
}

/** Waits until Git asks for a version in an environment, and Argo CD knows. */
export async function asksFor(
  { operator }: Pipeline,
  service: string,
  environment: string,
  version: string,
): Promise<void> {
  const probe = async () => {
    const asked = versionText((await observe(operator, service, environment, { refresh: true })).wanted);
    return asked === version ? undefined : asked;
  };
  await waitFor(`Git to ask for ${version} in ${service}-${environment}`, probe, {
    within: patience,
    every: 500,
  });
}

/** Expects an Application to look the same each time that Argo CD has looked at Git and the cluster anew. */
export async function keeps(pipeline: Pipeline, name: string, wanted: string, refreshes = 4): Promise<void> {
  const shell = new Shell(pipeline.operator);
  for (let refresh = 0; refresh < refreshes; refresh++) {
    await shell.read(["argocd", "app", "get", name, "--refresh", "--output", "json"]);
    expect(describeApplication(await pipeline.application(name))).to.equal(wanted);
  }
}

/** The commands that an operation ran: lines of their own, as a person could paste them. */
export function commandsIn(printed: string): string[] {
  return printed
    .split("\n")
    .filter((line) => line.startsWith("$ "))
    .map((line) => line.slice(2));
}
