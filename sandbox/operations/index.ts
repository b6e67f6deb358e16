/**
 * What operators do with a platform, each as thin as a person's own hands: the commands of git, argocd, kubectl and
 * pulumi are printed and run, and on a real cloud the same lines work. docs/runbooks/ explains when to use which.
 */
import { abort } from "./abort";
import { approve } from "./approve";
import type { Operation } from "./operation";
import { promote } from "./promote";
import { release } from "./release";
import { rollback } from "./rollback";
import { buildLog, status } from "./status";

export type { Build, OperatorContext } from "./context";
export { type Observed, observe } from "./observe";
export { type Consoles, type OperatorOptions, openOperator } from "./open";
export type { Operation } from "./operation";
export { type Platform, readPlatform } from "./platform";
export { readStatus, type StatusRow, statusTable } from "./status";

/** By the word that is typed. */
export const operations: Record<string, Operation> = {
  release,
  status,
  promote,
  approve,
  abort,
  rollback,
  "build-log": buildLog,
};
