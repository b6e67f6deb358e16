/** What the engine knows of the stack when a run begins. */
import * as pulumi from "@pulumi/pulumi";

/** A resource that the stack has. */
export interface Held {
  urn: string;
  type: string;
  outputs: Record<string, unknown>;
}

/** What the stack's state holds at the start of the run: URNs, and `<type> <id>` of what has an id. */
export interface State {
  urns: Set<string>;
  ids: Set<string>;
  resources: Held[];
}

/** One read for a run; a run is known by its connection to the engine. */
const reads = new WeakMap<object, Promise<State | undefined>>();

/** Undefined, with a warning, when the state can't be read. */
export function readState(): Promise<State | undefined> {
  const run = pulumi.runtime.getMonitor() as unknown as object;
  const read = reads.get(run) ?? readStateOnce();
  reads.set(run, read);
  return read;
}

async function readStateOnce(): Promise<State | undefined> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  try {
    const answer = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName })) as {
      outputs?: Record<string, { type: string; outputs?: Record<string, unknown> }>;
    };
    const resources = Object.entries(answer.outputs ?? {}).map(([urn, { type, outputs = {} }]) => ({
      urn,
      type,
      outputs,
    }));
    return {
      urns: new Set(resources.map(({ urn }) => urn)),
      // A resource that was renamed in the program is known by its id.
      ids: new Set(resources.map(({ type, outputs }) => `${type} ${outputs["id"]}`)),
      resources,
    };
  } catch (error) {
    await pulumi.log.warn(
      `The state of ${stackName} can't be read, so that nothing is looked up before it is created: ${error instanceof Error ? error.message : error}`,
    );
    return undefined;
  }
}

/** The value of an Output, undefined when it is unknown; without making the reader depend on where it comes from. */
export async function settled<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  // Part of every Output, but not of its published type.
  const inner = output as unknown as { promise(): Promise<T>; isKnown: Promise<boolean> };
  const [value, known] = await Promise.all([inner.promise(), inner.isKnown]);
  return known ? value : undefined;
}
