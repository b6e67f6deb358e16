/**
 * The decision about one Application in one cycle (pkg/argocd/update.go, UpdateApplication). Pure: ports do the rest.
 * `decide` is the whole of it; a cycle calls its two halves, because the file is only read when an image changes.
 */
import type { Application } from "./applications";
import { evaluate, type ImageResult, isFound, type TagsByImage } from "./evaluate";
import { nameOf, tagText } from "./image-reference";
import { type Passed, plan, type Query, type Settings } from "./plan";
import { type Write, writeOf } from "./write";
import type { Change } from "./write-back";

export type { Write } from "./write";

/** What the world said about a plan. */
export interface Answers {
  tags: TagsByImage;
  /** Content of the target file; undefined when there is none. For a kustomization its file's content. */
  file?: string;
}

export interface Decision {
  outcome: "update" | "up to date" | "skip" | "error";
  reason: string;
  changes: Change[];
  warnings: string[];
  write?: Write;
  /** The one line for the log. */
  line: string;
}

/** Decides about an Application, given what registry and git said. */
export function decide(application: Application, settings: Settings, answers: Answers): Decision {
  const planned = plan(application, settings);
  const name = application.metadata.name;
  if (planned.outcome !== "look up") {
    return conclude(name, planned.outcome, planned.reason);
  }
  const { results, changes } = evaluate(planned, answers.tags);
  const warnings = planned.images.flatMap(warningsOf);
  const reason = results.map(describe).join("; ");
  if (changes.length === 0) {
    const outcomes = (["error", "up to date", "skip"] as const).filter((outcome) =>
      results.some((each) => each.outcome === outcome),
    );
    return conclude(name, outcomes[0] ?? "skip", reason, warnings);
  }
  try {
    const write = writeOf(application, planned, { results, changes }, answers.file);
    return write === undefined
      ? conclude(name, "up to date", `${reason}; the file in git says so already, no commit`, warnings)
      : { ...conclude(name, "update", reason, warnings), changes, write };
  } catch (error) {
    const why = `Could not update application spec: ${(error as Error).message}`;
    return conclude(name, "error", why, warnings);
  }
}

/** What is wrong with the settings of an image. */
export function warningsOf(planned: Query | Passed): string[] {
  return "outcome" in planned ? planned.warnings : planned.settings.warnings;
}

function conclude(
  name: string,
  outcome: Decision["outcome"],
  reason: string,
  warnings: string[] = [],
): Decision {
  const line = `application=${name} decision="${outcome}" ${[...warnings, reason].join("; ")}`;
  return { outcome, reason, changes: [], warnings, line };
}

/** An image's result for the one line. */
function describe(result: ImageResult): string {
  if (!isFound(result)) {
    return result.reason;
  }
  const name = nameOf(result.image);
  return result.outcome === "update"
    ? `${name} from '${tagText(result.old)}' to '${tagText(result.tag)}'`
    : `${name}:${tagText(result.tag)} already on latest allowed version`;
}
