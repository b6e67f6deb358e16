import type { Engine } from "../../../engine/engine";

/** A resource as the engine keeps it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  stackTrace?: unknown;
}

export async function stateOf(engine: Engine): Promise<StateResource[]> {
  const { deployment } = await engine.stack.exportStack();
  return (deployment as { resources?: StateResource[] }).resources ?? [];
}

export const nameOf = ({ urn }: { urn: string }) => urn.slice(urn.lastIndexOf("::") + 2);
