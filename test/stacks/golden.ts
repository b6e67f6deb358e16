/**
 * The resources of every committed stack, as `type name <- parent`, in files next to this one. A change of a name or a
 * parent replaces the resource in everybody's cloud, so it has to be seen: write the files anew with
 * `npx tsx test/stacks/golden.ts` and read the difference.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Recording } from "../support/mocks";
import { runProgram } from "./program";

const file = (stack: string) => join(__dirname, "golden", `${stack}.txt`);

export function goldenOf(stack: string): string[] {
  return readFileSync(file(stack), "utf8").trimEnd().split("\n");
}

export function tableOf(recording: Recording): string[] {
  return recording.resources
    .map(({ type, name, parent }) => `${type} ${name}${parent === undefined ? "" : ` <- ${parent}`}`)
    .sort();
}

async function write(): Promise<void> {
  for (const stack of ["dev", "prod"] as const) {
    writeFileSync(file(stack), `${tableOf(await runProgram(stack)).join("\n")}\n`);
  }
}

if (require.main === module) {
  void write();
}
