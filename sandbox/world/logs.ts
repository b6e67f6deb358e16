import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Home } from "./home";

const ending = /\.(log|jsonl)$/;

/** The logs of all parts of a sandbox, as paths. */
export function findLogs({ root, logs, kubernetes }: Pick<Home, "root" | "logs" | "kubernetes">): string[] {
  const folders = [
    logs,
    join(kubernetes, "logs"),
    join(root, "argocd", "logs"),
    join(root, "registry"),
    join(root, "github"),
  ];
  return folders.flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((file) => ending.test(file))
          .sort()
          .map((file) => join(folder, file))
      : [],
  );
}

/**
 * @param name file name without its ending
 * @throws Error that names those there are
 */
export function readLog(logs: readonly string[], name: string): string {
  const nameOf = (file: string) => basename(file).replace(ending, "");
  const file = logs.find((each) => nameOf(each) === name);
  if (file) return readFileSync(file, "utf8");
  throw new Error(`There is no log "${name}". There are: ${logs.map(nameOf).join(", ") || "none yet"}`);
}
