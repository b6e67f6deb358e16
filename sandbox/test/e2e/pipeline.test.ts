import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * The files of `pipeline/` share one dev stack with its releases: they run one after the other, in one process. Each runs
 * on its own, too.
 */
const folder = join(import.meta.dirname, "pipeline");
for (const file of readdirSync(folder).sort()) {
  if (file.endsWith(".test.ts")) await import(pathToFileURL(join(folder, file)).href);
}
