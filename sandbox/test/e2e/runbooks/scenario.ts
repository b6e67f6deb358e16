import { expect } from "chai";
import { assess, type Standing } from "../../../operations/assess";
import { versionText } from "../../../operations/images";
import { type OperatorContext, observe } from "../../../operations/index";
import type { Observed } from "../../../operations/observe";
import type { Sandbox } from "../../../sandbox";
import { waitFor } from "../../../supervisor/index";
import type { Block } from "./blocks";
import type { Typist } from "./typist";

/** What a scenario works on: a sandbox whose dev stack is up, and a person at a shell. */
export interface Stage {
  sandbox: Sandbox;
  context: OperatorContext;
  typist: Typist;
  /** What the last pasted block printed. */
  printed: string;
}

/** Pastes a block of the scenario's runbook. */
export interface Paste {
  paste: Block["name"];
  /** Values of variables that the reader writes into the block. */
  set?: Readonly<Record<string, string>>;
  /** For blocks that are expected to fail: what they say. */
  fails?: RegExp;
}

/** Brings about what the runbook is for, or looks whether it helped. */
export interface Act {
  act: string;
  run(stage: Stage): Promise<void>;
}

/** One time that somebody follows a runbook. */
export interface Scenario {
  /** A sentence about how it ends. */
  name: string;
  document: Block["document"];
  steps: (Paste | Act)[];
}

/** Milliseconds. */
const limit = 180_000;

/** Waits until an environment is as wanted. @throws Error with what it looked like last */
export async function eventually(
  { context }: Stage,
  service: string,
  environment: string,
  what: string,
  holds: (seen: Observed, standing: Standing) => boolean,
): Promise<void> {
  await waitFor(
    `${service}-${environment}: ${what}`,
    async () => {
      const seen = await observe(context, service, environment, { refresh: true });
      const standing = assess(seen);
      return holds(seen, standing)
        ? undefined
        : `${standing.kind}: ${standing.says}; ${seen.application.status?.sync?.status}, wanted ${versionText(seen.wanted)}`;
    },
    { within: limit, every: 500 },
  );
}

/** The environment runs this version, whole and healthy. */
export const runs = (service: string, environment: string, version: string): Act => ({
  act: `${service}-${environment} runs ${version}`,
  run: (stage) =>
    eventually(
      stage,
      service,
      environment,
      `runs ${version}`,
      ({ live, application }) =>
        versionText(live) === version && application.status?.health?.status === "Healthy",
    ),
});

/** Git asks for this version, and Argo CD knows. */
export const isAskedFor = (service: string, environment: string, version: string): Act => ({
  act: `Git asks for ${version} in ${service}-${environment}`,
  run: (stage) =>
    eventually(
      stage,
      service,
      environment,
      `is asked for ${version}`,
      ({ wanted }) => versionText(wanted) === version,
    ),
});

/** Git asks for what runs, as Argo CD says after a new look. */
export const isSynced = (service: string, environment: string): Act => ({
  act: `${service}-${environment} is Synced`,
  run: (stage) =>
    eventually(
      stage,
      service,
      environment,
      "is Synced",
      ({ application }) => application.status?.sync?.status === "Synced",
    ),
});

/**
 * No canary of the environment waits for a person any more.
 * @param again what approves it once more while one still does, as the page tells its reader
 */
export const isHeeded = (service: string, environment: string, again: string): Act => ({
  act: `the canary of ${service}-${environment} goes on`,
  run: async ({ context, typist }) => {
    let heeded = 0;
    const probe = async () => {
      const { canaries } = await observe(context, service, environment);
      const waiting = canaries.filter(({ standing }) => standing === "waiting");
      // Twice in a row: Kruise may be about to overwrite the approval that the first look saw.
      heeded = waiting.length === 0 ? heeded + 1 : 0;
      if (heeded === 2) return undefined;
      if (heeded === 1) return "looked once";
      await typist.paste(again);
      return `${waiting.map(({ name }) => name)} had to be approved again`;
    };
    await waitFor("the step after the approval", probe, { within: 60_000, every: 2000 });
  },
});

export const isStopped = (service: string, environment: string, version: string): Act => ({
  act: `a canary of ${service}-${environment} waits with a part of its pods on ${version}`,
  run: (stage) =>
    eventually(
      stage,
      service,
      environment,
      "waits",
      ({ live }, { kind }) =>
        kind === "waiting" && Object.values(live).some((tags) => tags.length === 2 && tags.includes(version)),
    ),
});

/** What the last block printed. */
export const printed = (pattern: RegExp): Act => ({
  act: `it says ${pattern}`,
  run: async (stage) => {
    expect(stage.printed).to.match(pattern);
  },
});
