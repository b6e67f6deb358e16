import { assess } from "./assess";
import { sameVersions } from "./images";
import type { Observed } from "./observe";

/** How the sandbox's operations are typed. */
const typed = (...words: string[]) => ["npm run sandbox --", ...words].join(" ");

/**
 * What a person would type next for an environment.
 * @param automatic whether it deploys by itself
 * @returns undefined when there is nothing to do
 */
export function nextCommand(seen: Observed, automatic: boolean): string | undefined {
  const { service, environment, application, canaries, live, wanted } = seen;
  const { kind } = assess(seen);
  const aborted = canaries.some(({ standing }) => standing === "aborted");
  if (kind === "waiting") return typed("approve", service, environment);
  if (kind === "failing" && automatic) return typed("rollback", service, environment, "--in git");
  if (aborted) return typed("rollback", service, environment);
  if (kind === "failing") {
    const running = canaries.some(({ standing }) => standing !== "settled");
    return typed(running ? "abort" : "rollback", service, environment);
  }
  if (automatic || (kind === "moving" && application.status?.sync?.status === "Synced")) return undefined;
  const outOfSync = application.status?.sync?.status === "OutOfSync" || !sameVersions(live, wanted);
  return outOfSync ? typed("promote", service, environment) : undefined;
}
