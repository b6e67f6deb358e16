import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BuildContext } from "../../builder/context";
import { DockerfileBuild } from "../../builder/evaluate";

/** Folders with files in them, removed together. */
export class Folders {
  readonly #made: string[] = [];

  with(files: Record<string, string>): string {
    const folder = mkdtempSync(join(tmpdir(), "builder-"));
    this.#made.push(folder);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  }

  remove(): void {
    for (const folder of this.#made.splice(0)) rmSync(folder, { recursive: true, force: true });
  }

  /** Builds a Dockerfile with these files around it. */
  async build(
    dockerfile: string,
    files: Record<string, string> = {},
    {
      buildArgs = {},
      platform = "linux/amd64",
    }: { buildArgs?: Record<string, string>; platform?: string } = {},
  ) {
    const context = BuildContext.read(this.with(files), "/");
    return new DockerfileBuild(dockerfile, context, buildArgs, platform).run();
  }
}
