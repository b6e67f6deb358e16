/**
 * What the stand-in decides, row by row, so that anybody with the real one can check it: the rule, the world, and the
 * outcome with the new tag or the reason, and with the repository, branch and file that are written.
 */
import { expect } from "chai";
import type { Decision } from "../../../image-updater/decide";
import { decideIn, host, image, type World } from "../support";

type Row = [
  rule: string,
  world: World,
  outcome: "update" | "up to date" | "skip" | "error",
  /** The new tag of an update, else the reason; or what is in the reason. */
  says?: string | RegExp,
  /** Repository, branch and file. */
  written?: string,
];

export const vpc = host.replace("-registry.", "-registry-vpc.");
export const repository = "https://git.example.com/acme/echo-deploy.git";
export const elsewhere = "https://git.example.com/acme/values.git";
export const override = ".argocd-source-echo-dev.yaml";
export const toChart = `${repository} main charts/echo/${override}`;
/** A chart, and a repository with its values. */
export const chart = { path: "charts/echo", helm: {} };
export const values = { repoURL: elsewhere, targetRevision: "live", path: "values", ref: "values" };
export const isLatest = `${image}:v1.0.0 already on latest allowed version`;
export const noKeys =
  "Could not update application spec: could not find an image-name annotation for image echo-dev/echo-server";

/** A test for each row. */
export function conforms(rows: readonly Row[]): void {
  for (const [rule, world, outcome, says, written] of rows) {
    it(`${rule}: ${outcome}`, () => {
      const decision = decideIn(world);
      expect(decision.outcome, decision.line).to.equal(outcome);
      expect(decision.line).to.match(/^application=echo-dev decision="[^\n]+$/);
      if (says instanceof RegExp) {
        expect(decision.reason).to.match(says);
      } else if (says !== undefined && outcome === "update") {
        const { new: tag } = decision.changes[0]!;
        expect(tag.digest || tag.name).to.equal(says);
      } else if (says !== undefined) {
        expect(decision.reason).to.equal(says);
      }
      if (written !== undefined) {
        expect(whereTo(decision)).to.equal(written);
      }
    });
  }
}

function whereTo({ write }: Decision): string {
  return write?.method === "git"
    ? `${write.to.repository} ${write.branch || write.to.branch} ${write.to.target.path}`
    : "the Application";
}
