import type { Alibaba } from "../emulators/alibaba";
import type { PushEvent } from "../emulators/github";
import type { ClusterHostProcess } from "../kubernetes";
import type { KubeObject } from "../kubernetes/api/client";

/** A push to a repository of the GitHub emulator, with the time at which the emulator had it. */
export interface PushView {
  /** Milliseconds since 1970. */
  at: number;
  /** `owner/name` */
  repository: string;
  ref: string;
  before: string;
  after: string;
  login: string;
  commits: { id: string; author: string; message: string; files: string[] }[];
}

/** An Argo CD Application as it stands now. */
export interface ApplicationView {
  name: string;
  project: string;
  /** Name of the member cluster in Argo CD, and the namespace there. */
  cluster: string;
  namespace: string;
  automatic: boolean;
  /** `Synced`, `OutOfSync`, or `Unknown` before Argo CD has looked at it. */
  sync: string;
  /** `Healthy`, `Progressing`, `Suspended`, `Degraded`, `Missing` or `Unknown`. */
  health: string;
  /** Commit that Argo CD compared with, and that of the last sync. */
  revision?: string;
  syncedRevision?: string;
  /** Phase of the last operation: `Running`, `Succeeded`, `Failed`, `Error`. */
  phase?: string;
  message?: string;
  /** Images of the pods that run, `host/namespace/name:tag`. */
  images: string[];
}

/** What moves when a release travels. */
export interface PipelineView {
  builds: ReturnType<Alibaba["dump"]>["builds"];
  pushes: PushView[];
  applications: ApplicationView[];
}

/** Remembers the latest pushes. */
export class PushLog {
  readonly #pushes: PushView[] = [];

  add({ owner, name, ref, before, after, login, commits }: PushEvent): void {
    this.#pushes.push({
      at: Date.now(),
      repository: `${owner}/${name}`,
      ref,
      before,
      after,
      login,
      commits: commits.map(({ id, author, message, added, modified, removed }) => ({
        id,
        author: author.name,
        message,
        files: [...added, ...modified, ...removed],
      })),
    });
    if (this.#pushes.length > 1000) this.#pushes.shift();
  }

  all(): PushView[] {
    return [...this.#pushes];
  }
}

export async function readPipeline(
  alibaba: Alibaba,
  pushes: PushLog,
  host: ClusterHostProcess,
): Promise<PipelineView> {
  const fleets = host.clusters().filter(({ kind }) => kind === "fleet");
  const applications = await Promise.all(fleets.map(({ id }) => applicationsOf(host, id)));
  return { builds: alibaba.dump().builds, pushes: pushes.all(), applications: applications.flat() };
}

async function applicationsOf(host: ClusterHostProcess, fleet: string): Promise<ApplicationView[]> {
  const objects = await host.objects(fleet);
  const [apiVersion, kind] = ["argoproj.io/v1alpha1", "Application"];
  if (!(await objects.type(apiVersion, kind))) return [];
  return (await objects.list(apiVersion, kind, "argocd")).map(viewOf);
}

interface Spec {
  project: string;
  destination: { name: string; namespace: string };
  syncPolicy?: { automated?: unknown };
}

interface Status {
  sync?: { status?: string; revision?: string };
  health?: { status?: string };
  operationState?: { phase?: string; message?: string; syncResult?: { revision?: string } };
  summary?: { images?: string[] };
}

function viewOf(application: KubeObject): ApplicationView {
  const spec = application["spec"] as unknown as Spec;
  const status = (application["status"] ?? {}) as Status;
  return {
    name: application.metadata.name,
    project: spec.project,
    cluster: spec.destination.name,
    namespace: spec.destination.namespace,
    automatic: spec.syncPolicy?.automated !== undefined,
    sync: status.sync?.status ?? "Unknown",
    health: status.health?.status ?? "Unknown",
    revision: status.sync?.revision,
    syncedRevision: status.operationState?.syncResult?.revision,
    phase: status.operationState?.phase,
    message: status.operationState?.message,
    images: status.summary?.images ?? [],
  };
}
