/** What an environment of a service looks like right now, as Argo CD and the member cluster tell. */
import { type Canary, type Engine, readCanary } from "./canary";
import type { OperatorContext } from "./context";
import { imagesIn, type Versions, versionsOf } from "./images";
import { applicationOf, environmentOf, serviceOf } from "./platform";
import { Reads } from "./reads";
import { Shell } from "./shell";

/** The parts of an Application that matter here (Argo CD: `argoproj.io/v1alpha1`). */
export interface Application {
  metadata: { name: string };
  operation?: unknown;
  status?: {
    sync?: { status?: string; revision?: string };
    health?: { status?: string };
    operationState?: { phase?: string; message?: string; startedAt?: string };
    conditions?: { type: string; message: string }[];
    resources?: { group?: string; kind: string; name: string }[];
    history?: Deployment[];
  };
}

/** An entry of `argocd app history`. */
export interface Deployment {
  id: number;
  /** Commit of the deployment repository. */
  revision: string;
  deployedAt: string;
}

/** What of a pod matters here. */
export interface Pod {
  metadata: { name: string; deletionTimestamp?: string };
  spec: { containers: { name: string; image: string }[] };
  status?: {
    containerStatuses?: { image?: string; state?: { waiting?: { reason?: string; message?: string } } }[];
  };
}

export interface Observed {
  service: string;
  environment: string;
  application: Application;
  canaries: Canary[];
  /** What the pods run. */
  live: Versions;
  /** What the deployment repository asks for. */
  wanted: Versions;
  /** Pods of the wanted version that don't start: `echo-server-5f: CrashLoopBackOff`. */
  failing: string[];
}

export interface ObserveOptions {
  /** Ask Git anew instead of what Argo CD remembers. */
  refresh?: boolean;
  /** Commit of the deployment repository whose versions are the wanted ones. @default the newest */
  revision?: string;
}

export async function observe(
  context: OperatorContext,
  service: string,
  environment: string,
  { refresh, revision }: ObserveOptions = {},
): Promise<Observed> {
  const reads = new Reads(context);
  const application = await reads.application(applicationOf(service, environment), refresh);
  const at = revision ?? application.status?.sync?.revision;
  const wanted = wantedVersions(context, service, environment, at);
  return observeWith(reads, context, service, environment, application, wanted);
}

/** Several at once: what they have in common is read once. Gives an Error for one that can't be observed. */
export async function observeAll(
  context: OperatorContext,
  places: readonly { service: string; environment: string }[],
): Promise<(Observed | Error)[]> {
  const reads = new Reads(context);
  const all = new Map((await reads.applications()).map((each) => [each.metadata.name, each]));
  return Promise.all(
    places.map(async ({ service, environment }) => {
      const name = applicationOf(service, environment);
      const application = all.get(name);
      if (!application) return new Error(`Argo CD has no Application ${name}`);
      const wanted = wantedVersions(context, service, environment, application.status?.sync?.revision);
      const observed = observeWith(reads, context, service, environment, application, wanted);
      return observed.catch((error: Error) => error);
    }),
  );
}

async function observeWith(
  reads: Reads,
  context: OperatorContext,
  service: string,
  environment: string,
  application: Application,
  asked: Promise<Versions>,
): Promise<Observed> {
  const platform = await context.platform();
  const definition = serviceOf(platform, service);
  const where = environmentOf(platform, environment);
  const [wanted, pods, ...rollouts] = await Promise.all([
    asked,
    reads.pods(where),
    ...enginesOf(application).map(async (engine) =>
      (await reads.rollouts(where, engine)).filter(({ metadata }) =>
        owns(application, engine, metadata.name),
      ),
    ),
  ]);
  const running = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return {
    service,
    environment,
    application,
    canaries: rollouts.flat().map(readCanary),
    live: versionsOf(
      definition,
      running.flatMap(({ spec }) => spec.containers.map(({ image }) => image)),
    ),
    wanted,
    failing: failingPods(running, (image) => isWanted(versionsOf(definition, [image]), wanted)),
  };
}

/** The versions that a commit of the deployment repository asks for. */
export async function wantedVersions(
  context: OperatorContext,
  service: string,
  environment: string,
  revision: string | undefined,
): Promise<Versions> {
  const definition = serviceOf(await context.platform(), service);
  const at = revision ? ["--revision", revision] : [];
  const manifests = await new Shell(context).read([
    ...["argocd", "app", "manifests", applicationOf(service, environment), "--source", "git", ...at],
  ]);
  return versionsOf(definition, imagesIn(manifests));
}

/** Pods that wait for something that time doesn't heal, of the images that count. */
export function failingPods(pods: readonly Pod[], counts: (image: string) => boolean): string[] {
  const hopeless =
    /^(CrashLoopBackOff|ImagePullBackOff|ErrImagePull|InvalidImageName|CreateContainer\w*Error)$/;
  return pods.flatMap(({ metadata, spec, status }) => {
    const waiting = status?.containerStatuses
      ?.map(({ state }) => state?.waiting)
      .find((each) => each?.reason !== undefined && hopeless.test(each.reason));
    if (!waiting || !spec.containers.some(({ image }) => counts(image))) return [];
    const message = waiting.reason?.startsWith("Crash") ? "" : waiting.message;
    return [`${metadata.name}: ${waiting.reason}${message ? ` (${message})` : ""}`];
  });
}

function isWanted(image: Versions, wanted: Versions): boolean {
  return Object.entries(image).some(([alias, tags]) => tags.some((tag) => wanted[alias]?.includes(tag)));
}

function enginesOf({ status }: Application): Engine[] {
  const groups = status?.resources?.flatMap(({ kind, group }) =>
    kind === "Rollout" && group ? [group] : [],
  );
  return [...new Set(groups)] as Engine[];
}

/** A namespace may hold the Rollouts of several services. */
function owns({ status }: Application, engine: Engine, name: string): boolean {
  return (status?.resources ?? []).some(
    (each) => each.kind === "Rollout" && each.group === engine && each.name === name,
  );
}
