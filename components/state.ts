/** What the engine knows of the stack when a run begins. */
import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/** A resource that the stack has. */
export interface Held {
  urn: string;
  type: string;
  outputs: Record<string, unknown>;
}

/** One read for a run; a run is known by its connection to the engine. */
const reads = new WeakMap<object, Promise<Held[] | undefined>>();

/** All resources that the stack has; undefined, with a warning, when the state can't be read. */
export function readState(): Promise<Held[] | undefined> {
  const run = pulumi.runtime.getMonitor() as unknown as object;
  const read = reads.get(run) ?? readStateOnce();
  reads.set(run, read);
  return read;
}

/**
 * Milliseconds between two tries. The engine writes its state while the program reads it, and a backend on a disk
 * (`file://`) doesn't do that in one piece: "failed to load checkpoint: EOF" is over in a moment.
 */
const pauses = [100, 200, 400, 800, 1600];

async function readStateOnce(): Promise<Held[] | undefined> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  for (const pause of [...pauses, undefined]) {
    try {
      return await resourcesOf(stackName);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (pause !== undefined && /failed to load checkpoint/.test(message)) {
        await sleep(pause);
        continue;
      }
      await pulumi.log.warn(
        `The state of ${stackName} can't be read, so that nothing is looked up before it is created: ${message}`,
      );
      return undefined;
    }
  }
  return undefined;
}

async function resourcesOf(stackName: string): Promise<Held[]> {
  const answer = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName })) as {
    outputs?: Record<string, { type: string; outputs?: Record<string, unknown> }>;
  };
  return Object.entries(answer.outputs ?? {}).map(([urn, { type, outputs = {} }]) => ({
    urn,
    type,
    outputs,
  }));
}

/** The value of an Output, undefined when it is unknown; without making the reader depend on where it comes from. */
export async function settled<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  // Part of every Output, but not of its published type.
  const inner = output as unknown as { promise(): Promise<T>; isKnown: Promise<boolean> };
  const [value, known] = await Promise.all([inner.promise(), inner.isKnown]);
  return known ? value : undefined;
}
