import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../../world/home";

/**
 * The resources that a committed stack must consist of, as `type name`, sorted: the same table that the program's
 * own tests compare with, without the parents, and with what the engine adds by itself.
 */
export function resourcesOf(stack: string): string[] {
  const file = join(projectFolder, "test", "stacks", "golden", `${stack}.txt`);
  const own = readFileSync(file, "utf8").trimEnd().split("\n");
  const resources = own.map((line) => line.replace(/ <- .*/, ""));
  return [...resources, `pulumi:pulumi:Stack ackone-delivery-${stack}`].sort();
}
