import { waitFor } from "../supervisor/index";
import { assess, type Standing } from "./assess";
import type { OperatorContext } from "./context";
import { type Observed, type ObserveOptions, observe } from "./observe";

/** Milliseconds. A canary with timed pauses takes minutes. */
const patience = 900_000;
const every = 1000;
/** A failure that lasts this long is one: right after a change Argo CD still shows the state before it. */
const grace = 30_000;

export interface Goal extends ObserveOptions {
  /** Whether this is what was waited for; a failing environment ends the wait as well. */
  reached(seen: Observed, standing: Standing): boolean;
}

/**
 * Watches an environment until the goal is reached, and says each change of its state in a line.
 * @throws Error when it fails on the way, or takes longer than a quarter of an hour.
 */
export async function follow(
  context: OperatorContext,
  service: string,
  environment: string,
  { reached, ...options }: Goal,
): Promise<{ seen: Observed; standing: Standing }> {
  const name = `${service} in ${environment}`;
  let said = "";
  let failingSince: number | undefined;
  let last: { seen: Observed; standing: Standing } | undefined;
  await waitFor(
    name,
    async () => {
      const seen = await observe(context, service, environment, options);
      const standing = assess(seen);
      last = { seen, standing };
      if (standing.says !== said) context.print(`  ${name}: ${standing.says}`);
      said = standing.says;
      failingSince = standing.kind === "failing" ? (failingSince ?? Date.now()) : undefined;
      const failed = failingSince !== undefined && Date.now() - failingSince >= grace;
      return reached(seen, standing) || failed ? undefined : standing.says;
    },
    { within: patience, every },
  );
  if (!reached(last!.seen, last!.standing))
    throw new Error(`${name} does not get there: ${last!.standing.says}`);
  return last!;
}
