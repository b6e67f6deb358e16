import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** One line of a build's log, as ListRepoBuildRecordLog gives it. */
export interface BuildLogLine {
  /** Undocumented values; here the build machine's steps, like `CLONE`, `BUILD` and `PUSH`. */
  readonly stage: string;
  readonly message: string;
}

/** Keeps the logs of builds, one file each: they are many lines, and the account is written anew for every call. */
export class BuildLogs {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  add(buildId: string, stage: string, message: string): void {
    const lines = message.split("\n").map((line) => `${JSON.stringify([stage, line])}\n`);
    appendFileSync(this.fileOf(buildId), lines.join(""), { mode: 0o600 });
  }

  /** Oldest first; none for a build that has said nothing yet. */
  read(buildId: string): BuildLogLine[] {
    const file = this.fileOf(buildId);
    if (!existsSync(file)) return [];
    return readFileSync(file, "utf8").split("\n").flatMap(parse);
  }

  /** Removes the logs of builds that are gone with their repository. */
  keepOnly(buildIds: readonly string[]): void {
    const wanted = new Set(buildIds.map((id) => `${id}.log`));
    for (const file of readdirSync(this.folder)) {
      if (!wanted.has(file)) rmSync(join(this.folder, file), { force: true });
    }
  }

  private fileOf(buildId: string): string {
    return join(this.folder, `${buildId}.log`);
  }
}

/** A kill may have cut the last line off; the next one then stands behind it. Such a line is left out. */
function parse(line: string): BuildLogLine[] {
  if (line === "") return [];
  try {
    const [stage, message] = JSON.parse(line) as [string, string];
    return [{ stage, message }];
  } catch {
    return [];
  }
}
