/** What an environment of a service looks like right now, as Argo CD and the member cluster tell. */
import { type Canary, type Engine, type RolloutObject, readCanary, resourceOf } from "./canary";
import type { OperatorContext } from "./context";
import { imagesIn, type Versions, versionsOf } from "./images";
import { applicationOf, environmentOf, serviceOf } from "./platform";
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
  const platform = await context.platform();
  const definition = serviceOf(platform, service);
  const { cluster, namespace } = environmentOf(platform, environment);
  const shell = new Shell(context);
  const name = applicationOf(service, environment);
  const kubectl = ["kubectl", "--context", cluster, "--namespace", namespace, "--output", "json", "get"];
  const get = ["argocd", "app", "get", name, "--output", "json", ...(refresh ? ["--refresh"] : [])];
  const application = await shell.readJson<Application>(get);
  const [wanted, pods, ...rollouts] = await Promise.all([
    wantedVersions(context, service, environment, revision ?? application.status?.sync?.revision),
    shell.readJson<{ items: Pod[] }>([...kubectl, "pods"]),
    ...enginesOf(application).map(async (engine) => {
      const { items } = await shell.readJson<{ items: RolloutObject[] }>([...kubectl, resourceOf(engine)]);
      return items.filter(({ metadata }) => owns(application, engine, metadata.name));
    }),
  ]);
  const running = pods.items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
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
