import { imageList } from "./annotations";
import type { Application } from "./applications";
import { warningsOf } from "./decide";
import { type Evaluation, evaluate, type ImageResult, type TagsByImage } from "./evaluate";
import { nameOf, nameWithTag, tagText } from "./image-reference";
import type { Log } from "./log";
import { inParallel } from "./parallel";
import { type LookUp, plan, type Query, type Settings } from "./plan";
import { type ClusterPort, type GitPort, LookupError, type RegistryPort } from "./ports";
import type { RegistryTag } from "./tag-selection";
import { writeOf } from "./write";
import { writeBranchName } from "./write-back";

/** The ports that a cycle works with. */
export interface World {
  cluster: ClusterPort;
  registries: RegistryPort;
  git: GitPort;
}

export interface CycleSettings extends Settings {
  /** Applications that are worked on at the same time. */
  maxConcurrency: number;
}

/** As the last line of a cycle counts them. */
export interface CycleResult {
  applications: number;
  imagesConsidered: number;
  imagesSkipped: number;
  /** Images whose live tag isn't the newest, also when git says the newest already and there is no commit. */
  imagesUpdated: number;
  errors: number;
}

/**
 * One round through all Applications (cmd/run.go, runImageUpdater). What goes wrong with one of them is a line in the
 * log, and doesn't stop the others.
 *
 * @param signal ends the round after what is being pushed
 * @throws Error when the Applications can't be listed
 */
export async function runCycle(
  world: World,
  settings: CycleSettings,
  log: Log,
  signal: AbortSignal,
): Promise<CycleResult> {
  const namespace = settings.namespace ?? "argocd";
  const result: CycleResult = {
    applications: 0,
    imagesConsidered: 0,
    imagesSkipped: 0,
    imagesUpdated: 0,
    errors: 0,
  };
  const planned: { application: Application; plan: LookUp }[] = [];
  for (const application of await world.cluster.applications(namespace)) {
    const each = plan(application, settings);
    const own = log.with({ application: application.metadata.name });
    if (each.outcome === "look up") {
      planned.push({ application, plan: each });
    } else if (each.outcome === "error") {
      result.applications += 1;
      result.errors += 1;
      own.error(each.reason);
    } else {
      const isMarked = imageList(application.metadata.annotations ?? {}) !== undefined;
      own.at(isMarked ? "warn" : "trace", `skipping app: ${each.reason}`);
    }
  }
  const count = planned.length;
  log.info(`Starting image update cycle, considering ${count} annotated application(s) for update`);
  await inParallel(planned, settings.maxConcurrency, async ({ application, plan: each }) => {
    if (signal.aborted) return;
    result.applications += 1;
    const own = log.with({ application: application.metadata.name });
    await update(application, each, world, result, own, signal);
  });
  return result;
}

async function update(
  application: Application,
  planned: LookUp,
  world: World,
  result: CycleResult,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const evaluation = evaluate(planned, await lookUp(planned, world.registries, log));
  if (signal.aborted) return;
  for (const [index, each] of evaluation.results.entries()) {
    const query = planned.images[index]!;
    const own = logOf(each, query, log);
    for (const warning of warningsOf(query)) own.warn(warning);
    tell(each, own);
    const isLive = "live" in query;
    if (isLive || each.outcome === "error") result.imagesConsidered += 1;
    if (each.outcome === "error") result.errors += 1;
    if (each.outcome === "skip") result.imagesSkipped += 1;
  }
  const count = evaluation.changes.length;
  if (count === 0) return;
  const { name } = application.metadata;
  log.info(`Committing ${count} parameter update(s) for application ${name}`);
  try {
    const written = await write(application, planned, evaluation, world);
    result.imagesUpdated += count;
    if (written) {
      log.info("Successfully updated the live application spec");
      await world.cluster.report(application, evaluation.changes).catch((error: Error) => {
        log.warn(`Event could not be sent: ${error.message}`);
      });
    } else {
      log.debug("target parameter file and marshaled data are the same, skipping commit.");
    }
  } catch (error) {
    if (signal.aborted) return;
    result.errors += 1;
    log.error(`Could not update application spec: ${(error as Error).message}`);
  }
}

/** @returns whether anything was written */
async function write(
  application: Application,
  planned: LookUp,
  evaluation: Evaluation,
  { cluster, git }: World,
): Promise<boolean> {
  const { writeBack, source } = planned;
  if (writeBack.method === "argocd") {
    const written = writeOf(application, planned, evaluation, undefined);
    if (written?.method !== "argocd") return false;
    await cluster.updateSource(application, source, written);
    return true;
  }
  const { writeBranch } = writeBack;
  const branch = writeBranch === "" ? "" : writeBranchName(writeBranch, evaluation.changes);
  return git.change(writeBack, branch, (file) => {
    const written = writeOf(application, planned, evaluation, file);
    return written?.method === "git" ? written : undefined;
  });
}

/** Asks the registries for all images of an Application that are live. */
async function lookUp(planned: LookUp, registries: RegistryPort, log: Log): Promise<TagsByImage> {
  const queries = planned.images.filter((each): each is Query => "live" in each);
  const found: TagsByImage = {};
  for (const query of queries) {
    const name = nameOf(query.image);
    try {
      const tags = await registries.tags(query, planned);
      for (const { problem } of tags) {
        if (problem !== undefined) log.with({ alias: query.image.alias }).error(problem);
      }
      const before = found[name];
      found[name] = Array.isArray(before) ? merge(before, tags) : tags;
    } catch (error) {
      const during = error instanceof LookupError ? { during: error.during } : {};
      found[name] = { error: (error as Error).message, ...during };
    }
  }
  return found;
}

/** Two entries of image-list may be about the same repository, with other tags read for each. */
function merge(left: RegistryTag[], right: RegistryTag[]): RegistryTag[] {
  const known = new Map(left.map((tag) => [tag.name, tag]));
  return right.map((tag) => {
    const other = known.get(tag.name);
    return { ...other, ...tag, builds: [...(other?.builds ?? []), ...(tag.builds ?? [])] };
  });
}

function logOf(result: ImageResult, query: LookUp["images"][number], log: Log): Log {
  const { alias, host, name } = result.image;
  const own = log.with({ alias, image_name: name, registry: host });
  return "live" in query && query.live.tag ? own.with({ image_tag: tagText(query.live.tag) }) : own;
}

/** The line for an image, in the words of the real one. */
function tell(result: ImageResult, log: Log): void {
  if ("query" in result) {
    const image = nameWithTag({ ...result.image, tag: result.tag });
    if (result.outcome === "update") log.info(`Setting new image to ${image}`);
    else log.debug(`Image '${image}' already on latest allowed version`);
  } else if (result.outcome === "error") {
    log.error(result.reason);
  } else {
    log.debug(`${result.reason}, skipping`);
  }
}
