import { type Canary, stepText } from "./canary";
import { sameVersions, versionText } from "./images";
import type { Observed } from "./observe";

/** Where an environment stands on its way to the version that it shall run. */
export interface Standing {
  /**
   * - `arrived`: runs it, healthy.
   * - `waiting`: a canary waits for a person.
   * - `moving`: on its way.
   * - `failing`: won't get there by itself.
   */
  kind: "arrived" | "waiting" | "moving" | "failing";
  /** One line for people. */
  says: string;
}

/** Judges what was seen while or after Argo CD deploys. An Application counts as done when its pods say so. */
export function assess(seen: Observed): Standing {
  const { application, canaries, live, wanted, failing } = seen;
  const { health, operationState: operation } = application.status ?? {};
  const state = health?.status ?? "Unknown";
  const line = (...more: string[]) => [versionText(live), state, ...more].filter(Boolean).join(", ");
  if (operation?.phase === "Failed" || operation?.phase === "Error") {
    return { kind: "failing", says: line(`sync failed: ${operation.message ?? "no message"}`) };
  }
  if (failing.length > 0) return { kind: "failing", says: line(failing.join("; ")) };
  const busy = application.operation !== undefined || operation?.phase === "Running";
  const started = !busy && startedAll(seen);
  if (started && canaries.some(isWaiting) && canaries.every((each) => isWaiting(each) || isSettled(each))) {
    return { kind: "waiting", says: line(...canaries.filter(isWaiting).map(canaryText)) };
  }
  if (!busy && canaries.every(isSettled) && sameVersions(live, wanted) && state === "Healthy") {
    return { kind: "arrived", says: line() };
  }
  if (!busy && state === "Degraded" && started)
    return { kind: "failing", says: line(...canaries.map(canaryText)) };
  return {
    kind: "moving",
    says: line(busy ? "syncing" : "", ...canaries.filter((each) => !isSettled(each)).map(canaryText)),
  };
}

const isWaiting = ({ standing }: Canary) => standing === "waiting";
const isSettled = ({ standing }: Canary) => standing === "settled";

/** Every wanted version has pods. Before that, what Argo CD and the canaries say is about the last deployment. */
function startedAll({ live, wanted }: Observed): boolean {
  return Object.entries(wanted).every(([alias, tags]) => tags.every((tag) => live[alias]?.includes(tag)));
}

/** `echo-server at step 1 of 3`. */
export function canaryText(canary: Canary): string {
  const at = canary.standing === "aborted" ? "aborted" : stepText(canary);
  return at ? `${canary.name} at ${at}`.replace("at aborted", "aborted") : "";
}
