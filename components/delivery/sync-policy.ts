/**
 * When Argo CD brings a member cluster in line with Git.
 *
 * The result never has an empty object in it. Argo CD removes those from the Application, and every later preview would
 * show a change.
 */
import { check, oneOf, type Rule } from "../validation";

/**
 * - `automatic`: as soon as Git changes, and whenever somebody changes the cluster by hand.
 * - `manual`: when a person says so. The Application shows "OutOfSync" until then.
 */
export type SyncMode = "automatic" | "manual";

export interface SyncPolicy {
  automated?: { prune: boolean; selfHeal: boolean };
  syncOptions: string[];
}

export const syncModeRule: Rule<string> = oneOf<string>(
  ["automatic", "manual"],
  (words) => `is not a sync mode; use ${words}`,
);

/**
 * The Application's `spec.syncPolicy`.
 *
 * Automatic sync removes what was removed from Git and reverts changes by hand. The namespace is created with the first
 * sync in both modes.
 *
 * @param path Where the mode stands, for the message.
 * @throws {VisibleError}
 */
export function syncPolicy(path: string, mode: SyncMode): SyncPolicy {
  check<string>(path, mode, syncModeRule);
  const automated = { prune: true, selfHeal: true };
  return { ...(mode === "automatic" ? { automated } : {}), syncOptions: ["CreateNamespace=true"] };
}
