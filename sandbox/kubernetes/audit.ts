import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Who asked for what: changes only, without bodies, so that no Secret gets into the log. */
const policy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
  verbs: [create, update, patch, delete, deletecollection]
- level: None
`;

const logOf = (logs: string, clusterId: string) => join(logs, `audit-${clusterId}.log`);

/** The flags with which an API server writes its audit log, one JSON object a line, before it answers. */
export function auditArgs(scratch: string, logs: string, clusterId: string): string[] {
  const file = join(scratch, "audit-policy.yaml");
  writeFileSync(file, policy);
  return [
    `--audit-policy-file=${file}`,
    `--audit-log-path=${logOf(logs, clusterId)}`,
    "--audit-log-mode=blocking",
  ];
}

/** One change of an object, as the API server saw it. */
export interface Change {
  verb: string;
  /** Plural of the kind, e.g. `applications`. */
  resource: string;
  namespace: string;
  name: string;
  /** Whose login it was, e.g. `fleet-admin` for the kubeconfig of a Fleet. */
  user: string;
  userAgent: string;
  /** HTTP status of the answer. */
  status: number;
  /** When the answer was complete, milliseconds. */
  at: number;
}

interface AuditEvent {
  verb: string;
  user?: { username?: string };
  userAgent?: string;
  stageTimestamp: string;
  objectRef?: { resource: string; namespace?: string; name?: string };
  responseStatus?: { code?: number };
}

/** Every change that the API server of this cluster has answered, oldest first. */
export function readChanges(logs: string, clusterId: string): Change[] {
  const file = logOf(logs, clusterId);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trim().split("\n").filter(Boolean);
  return lines.map((line) => {
    const event = JSON.parse(line) as AuditEvent;
    return {
      verb: event.verb,
      resource: event.objectRef?.resource ?? "",
      namespace: event.objectRef?.namespace ?? "",
      name: event.objectRef?.name ?? "",
      user: event.user?.username ?? "",
      userAgent: event.userAgent ?? "",
      status: event.responseStatus?.code ?? 0,
      at: Date.parse(event.stageTimestamp),
    };
  });
}
