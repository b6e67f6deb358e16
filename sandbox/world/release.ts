import { basename } from "node:path/posix";
import type { ApplicationView, PipelineView } from "./pipeline";

/** A release that is under way: what it consists of, and where it goes. */
export interface Release {
  service: string;
  /** Tag of its images, like `v1.0.1`. */
  tag: string;
  /** When it began, milliseconds since 1970: what happened before isn't part of it. */
  since: number;
  /** `namespace/name` of its image repositories. */
  images: readonly string[];
  /** `owner/name` of the deployment repository. */
  deployment: string;
  /** In the order in which it travels. */
  environments: readonly string[];
}

/** How far it has come in one environment. Times are milliseconds since 1970, of when it was first seen. */
export interface EnvironmentLegs {
  /** The commit that writes its tags back is there. */
  writtenBack?: number;
  /** Argo CD has compared with that commit. */
  noticed?: number;
  /** All pods run it, and Argo CD says Healthy. */
  healthy?: number;
  application?: ApplicationView;
}

export interface Legs {
  /** The last of its tags is pushed. */
  pushed?: number;
  /** The last of its images is built. */
  built?: number;
  /** Why a build failed. */
  failed?: string;
  environments: Record<string, EnvironmentLegs>;
}

/** Watches one release on its way: every look at the pipeline may bring it further. */
export class ReleaseWatch {
  readonly release: Release;
  readonly legs: Legs;

  constructor(release: Release) {
    this.release = release;
    this.legs = { environments: Object.fromEntries(release.environments.map((name) => [name, {}])) };
  }

  /** @param now milliseconds since 1970 */
  see(view: PipelineView, now = Date.now()): Legs {
    const { since, tag, images } = this.release;
    const builds = view.builds.filter(
      (each) => each.createdAt >= since && each.tag === tag && images.includes(each.repository),
    );
    const failed = builds.find(({ status }) => status === "FAILED");
    if (failed)
      this.legs.failed = `${failed.repository}:${failed.tag}: ${failed.reason ?? "no reason given"}`;
    const done = images.map((image) =>
      builds.find(({ repository, status }) => repository === image && status === "SUCCESS"),
    );
    if (builds.length >= images.length)
      this.legs.pushed ??= Math.max(...builds.map((each) => each.createdAt));
    if (done.every((each) => each !== undefined)) {
      this.legs.built ??= Math.max(...done.map((each) => each.endedAt ?? now));
    }
    for (const environment of this.release.environments) this.#environment(view, environment, now);
    return this.legs;
  }

  #environment(view: PipelineView, environment: string, now: number): void {
    const { service, since, deployment, tag, images } = this.release;
    const legs = this.legs.environments[environment] as EnvironmentLegs;
    const name = `${service}-${environment}`;
    const application = view.applications.find((each) => each.name === name);
    legs.application = application;
    const written = view.pushes.filter(
      ({ at, repository, commits }) =>
        at >= since &&
        repository === deployment &&
        commits.some(({ files }) => files.some((file) => basename(file) === `.argocd-source-${name}.yaml`)),
    );
    // Several images may come with one commit or with one each; the last one counts.
    const last = written.at(-1);
    if (last === undefined || application === undefined || this.legs.built === undefined) return;
    if (legs.writtenBack !== last.at) delete legs.noticed; // of the commit before it
    legs.writtenBack = last.at;
    const later = view.pushes.filter(({ at, repository }) => repository === deployment && at >= last.at);
    const noticed = later.some(({ after }) => after === application.revision);
    if (noticed) legs.noticed ??= now;
    const running = application.images.filter((image) => images.some((path) => image.includes(`/${path}:`)));
    const all =
      images.every((path) => running.some((image) => image.endsWith(`/${path}:${tag}`))) &&
      running.every((image) => image.endsWith(`:${tag}`));
    if (all && application.sync === "Synced" && application.health === "Healthy") legs.healthy ??= now;
  }
}
