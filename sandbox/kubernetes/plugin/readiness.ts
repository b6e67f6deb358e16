import { waitFor } from "../../supervisor/wait";
import { ApiError, type KubeObject } from "../api/client";
import { keyOf, type Objects } from "../api/objects";
import { annotation, asFields, type Fields } from "./fields";

/** Seconds, as the real provider has them. */
const defaultLimit = 600;
const defaultDeleteLimit = 300;

/** For these the real provider waits by rules of its own, which the stand-in hasn't. */
const judgedByOwnRules = new Set([
  ...["v1/Pod", "v1/Service", "v1/ReplicationController", "v1/PersistentVolumeClaim", "apps/v1/StatefulSet"],
  ...["apps/v1/DaemonSet", "batch/v1/Job", "networking.k8s.io/v1/Ingress"],
]);

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

export interface WaitContext {
  objects: Objects;
  /** Seconds of the option `customTimeouts`. */
  timeout?: number;
  /** Ends every wait: the user has cancelled. */
  cancelled: Promise<Error>;
}

/** @throws Error for a kind whose readiness the stand-in can't judge and isn't told to skip */
export function refuseUnjudged(inputs: Fields): void {
  const kind = `${inputs["apiVersion"]}/${inputs["kind"]}`;
  if (!judgedByOwnRules.has(kind) || skips(inputs) || annotation(inputs, "pulumi.com/waitFor")) return;
  throw new Error(
    `the sandbox's stand-in for the kubernetes provider can't tell when a ${inputs["kind"]} is ready; ` +
      `annotate it with pulumi.com/skipAwait: "true", or use the real provider`,
  );
}

/**
 * Waits until a created or updated object is of use: as its annotation `pulumi.com/waitFor` says, a CRD until it is
 * established, a Deployment until it is available; anything else is at once.
 */
export async function untilReady(
  object: KubeObject,
  inputs: Fields,
  context: WaitContext,
): Promise<KubeObject> {
  if (skips(inputs)) return object;
  const judge = judgeOf(inputs);
  if (!judge) return object;
  let live = object;
  const probe = async () => {
    const found = await context.objects.get(keyOf(object));
    if (!found) return "it is gone";
    live = found;
    return judge(found);
  };
  await waitFor(`${object.kind} ${object.metadata.name}`, probe, {
    within: limit(inputs, context.timeout, defaultLimit),
    until: context.cancelled,
  });
  return live;
}

/** Waits until the object that had this uid is gone. */
export async function untilGone(object: KubeObject, inputs: Fields, context: WaitContext): Promise<void> {
  if (annotation(inputs, "pulumi.com/skipAwait") === "true") return;
  const probe = async () => {
    const found = await context.objects.get(keyOf(object)).catch((error) => {
      if (error instanceof ApiError && error.code === 403) return undefined;
      throw error;
    });
    if (!found || found.metadata.uid !== object.metadata.uid) return undefined;
    const finalizers = found.metadata.finalizers ?? [];
    return finalizers.length > 0
      ? `it waits for its finalizers ${finalizers.join(", ")}`
      : "it is still there";
  };
  await waitFor(`deletion of ${object.kind} ${object.metadata.name}`, probe, {
    within: limit(inputs, context.timeout, defaultDeleteLimit),
    until: context.cancelled,
  });
}

function judgeOf(inputs: Fields): ((live: KubeObject) => string | undefined) | undefined {
  const expression = annotation(inputs, "pulumi.com/waitFor");
  if (expression) return customJudge(expression);
  if (inputs["kind"] === "CustomResourceDefinition") return (live) => condition(live, "Established", "True");
  if (inputs["apiVersion"] === "apps/v1" && inputs["kind"] === "Deployment") return available;
  return undefined;
}

/** `condition=Ready[=True]`, `jsonpath={.status.phase}[=Running]`, or a JSON list of them: all must hold. */
function customJudge(expression: string): (live: KubeObject) => string | undefined {
  const expressions = expression.startsWith("[") ? (JSON.parse(expression) as string[]) : [expression];
  return (live) => {
    for (const one of expressions) {
      const [, type = "", rest = ""] = /^(condition|jsonpath)=(.*)$/.exec(one) ?? [];
      if (!type) return `the annotation pulumi.com/waitFor can't be read: ${one}`;
      const seen = type === "condition" ? condition(live, ...split(rest)) : path(live, rest);
      if (seen !== undefined) return seen;
    }
    return undefined;
  };
}

function split(rest: string): [string, string] {
  const [type = "", status = "True"] = rest.split("=");
  return [type, status];
}

function path(live: KubeObject, rest: string): string | undefined {
  const [, steps = "", wanted] = /^\{?\.?([^}=]*)\}?(?:=(.*))?$/.exec(rest) ?? [];
  const value = steps
    .split(".")
    .reduce<unknown>((at, step) => (at as Fields | undefined)?.[step], asFields(live));
  const holds = wanted === undefined ? value !== undefined : String(value) === wanted;
  return holds ? undefined : `.${steps} is ${JSON.stringify(value)}`;
}

function condition(live: KubeObject, type: string, status: string): string | undefined {
  const conditions = (live["status"] as { conditions?: Condition[] } | undefined)?.conditions ?? [];
  const found = conditions.find((candidate) => candidate.type.toLowerCase() === type.toLowerCase());
  if (found?.status === status) return undefined;
  return found
    ? `${type} is ${found.status}: ${found.message ?? found.reason ?? ""}`
    : `it has no condition ${type}`;
}

/** Available, and no pod of an earlier template is left: what `kubectl rollout status` waits for. */
function available(live: KubeObject): string | undefined {
  const status = (live["status"] ?? {}) as {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
  };
  if ((status.observedGeneration ?? 0) < (live.metadata.generation ?? 0))
    return "not seen by its controller yet";
  const { replicas: wanted = 1 } = live["spec"] as { replicas?: number };
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  return (
    condition(live, "Progressing", "True") ??
    condition(live, "Available", "True") ??
    (updatedReplicas < wanted ? `${updatedReplicas} of ${wanted} pods are new` : undefined) ??
    (replicas > updatedReplicas ? `${replicas - updatedReplicas} old pods are left` : undefined) ??
    (availableReplicas < updatedReplicas
      ? `${availableReplicas} of ${updatedReplicas} pods are available`
      : undefined)
  );
}

const skips = (inputs: Fields) =>
  ["true", "ready"].includes(annotation(inputs, "pulumi.com/skipAwait") ?? "");

/** Milliseconds: the resource option, else the annotation, else the default. */
function limit(inputs: Fields, timeout: number | undefined, fallback: number): number {
  return 1000 * (timeout || Number(annotation(inputs, "pulumi.com/timeoutSeconds")) || fallback);
}
