import { existsSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { DiffKind, DiffResult } from "../../../provider/plugin/protocol";
import { hasUnknown, type OpenValues, revealAll, type Values } from "../../../provider/plugin/values";
import { activeCluster, type Connection, parseKubeconfig } from "../api/kubeconfig";

/** The provider's configuration, as far as the stand-in honours it (names as in `kubernetes.ProviderArgs`). */
export interface Settings {
  /** `undefined` when the kubeconfig is missing or unreadable; `unusable` says why. */
  connection?: Connection;
  unusable?: string;
  /** Namespace for objects that name none. */
  namespace: string;
  enablePatchForce: boolean;
  upsertExistingObjects: boolean;
  enableSecretMutable: boolean;
  enableConfigMapMutable: boolean;
  deleteUnreachable: boolean;
}

type Flag = { [Key in keyof Settings]: Settings[Key] extends boolean ? Key : never }[keyof Settings];

/** The same variables as the real provider reads. */
const variables: Record<Exclude<Flag, undefined>, string> = {
  enablePatchForce: "PULUMI_K8S_ENABLE_PATCH_FORCE",
  upsertExistingObjects: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
  enableSecretMutable: "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
  enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
  deleteUnreachable: "PULUMI_K8S_DELETE_UNREACHABLE",
};

/** Configuration that the real provider knows and the stand-in doesn't: refused, not ignored. */
export const unsupported = ["renderYamlToDirectory", "helmReleaseSettings", "alwaysRender"];

/** Reads the configuration of one provider instance. Flags arrive as booleans or as JSON text. */
export function readSettings(args: Values, environment: NodeJS.ProcessEnv): Settings {
  const { values } = revealAll(args);
  const flag = (name: Exclude<Flag, undefined>) =>
    String(values[name] ?? environment[variables[name]] ?? "false") === "true";
  const settings: Settings = {
    namespace: "default",
    enablePatchForce: flag("enablePatchForce"),
    upsertExistingObjects: flag("upsertExistingObjects"),
    enableSecretMutable: flag("enableSecretMutable"),
    enableConfigMapMutable: flag("enableConfigMapMutable"),
    deleteUnreachable: flag("deleteUnreachable"),
  };
  try {
    settings.connection = parseKubeconfig(kubeconfigText(values), choiceOf(values));
    settings.namespace = text(values["namespace"]) || settings.connection.namespace;
  } catch (error) {
    settings.unusable = (error as Error).message;
  }
  return settings;
}

/**
 * What a changed configuration means, by the real provider's rules: another cluster entry (server, authority) behind
 * the active context replaces the provider and with it every object; so does a kubeconfig that isn't known yet. New
 * credentials for the same cluster are an update. A `clusterIdentifier` takes over: only its change replaces.
 */
export function diffSettings(olds: Values, news: Values): DiffResult {
  const [before, after] = [revealAll(olds).values, revealAll(news).values];
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => key !== "version" && !isDeepStrictEqual(before[key], after[key]),
  );
  const identified = after["clusterIdentifier"] !== undefined;
  const replaces = new Set<string>();
  if (identified && before["clusterIdentifier"] !== undefined && changed.includes("clusterIdentifier")) {
    replaces.add("clusterIdentifier");
  } else if (!(identified && !changed.includes("clusterIdentifier")) && pointsElsewhere(before, after)) {
    for (const key of ["kubeconfig", "context", "cluster"]) if (changed.includes(key)) replaces.add(key);
  }
  const kind = (key: string): DiffKind => {
    const base = before[key] === undefined ? "add" : after[key] === undefined ? "delete" : "update";
    return replaces.has(key) ? `${base}-replace` : base;
  };
  return { properties: Object.fromEntries(changed.map((key) => [key, kind(key)])) };
}

function pointsElsewhere(before: OpenValues, after: OpenValues): boolean {
  if (["kubeconfig", "context", "cluster"].some((key) => hasUnknown(after[key]))) return true;
  try {
    const old = activeCluster(kubeconfigText(before), choiceOf(before));
    const next = activeCluster(kubeconfigText(after), choiceOf(after));
    return old !== undefined && next !== undefined && !isDeepStrictEqual(old, next);
  } catch {
    return false; // one of them can't be read: not a reason to replace everything
  }
}

const text = (value: unknown) => (typeof value === "string" ? value : "");
const choiceOf = (values: OpenValues) => ({
  context: text(values["context"]),
  cluster: text(values["cluster"]),
});

function kubeconfigText(values: OpenValues): string {
  const given = values["kubeconfig"];
  if (typeof given === "object" && given !== null) return JSON.stringify(given);
  if (typeof given !== "string" || given === "") {
    throw new Error("the provider has no kubeconfig; the stand-in takes none from the surroundings");
  }
  return !given.includes("\n") && existsSync(given) ? readFileSync(given, "utf8") : given;
}
