import { readFileSync } from "node:fs";
import { join } from "node:path";
import { versionText } from "../../../operations/images";
import { observe } from "../../../operations/observe";
import { waitFor } from "../../../supervisor/index";
import type { Act, Stage } from "./scenario";

/** Finished rounds of Image Updater, by its log. */
export function cyclesOf({ sandbox }: Pick<Stage, "sandbox">): number {
  const fleet = sandbox.clusters.clusters().find(({ kind }) => kind === "fleet")!;
  const log = join(sandbox.home.root, "argocd", "logs", `argocd-image-updater-${fleet.id}.log`);
  return readFileSync(log, "utf8").split("Processing results:").length - 1;
}

/** The environment still runs this version when Image Updater has had five more rounds. */
export const stays = (service: string, environment: string, version: string): Act => ({
  act: `${service}-${environment} stays on ${version} for five rounds of Image Updater`,
  async run(stage) {
    const last = cyclesOf(stage) + 5;
    let leave = (_: Error) => {};
    const until = new Promise<Error>((resolve) => {
      leave = resolve;
    });
    await waitFor(
      "five rounds of Image Updater",
      async () => {
        const { live } = await observe(stage.context, service, environment);
        if (versionText(live) !== version) leave(new Error(`it runs ${versionText(live)} now`));
        const now = cyclesOf(stage);
        return now >= last ? undefined : `${last - now} to go`;
      },
      { within: 300_000, every: 500, until },
    );
  },
});
