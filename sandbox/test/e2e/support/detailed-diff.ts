import type { EngineEvent, PreviewOptions } from "@pulumi/pulumi/automation";
import type { Engine } from "../../../engine/engine";

/** By resource: property -> kind of the difference, such as `update` or `update-replace`. */
export type Differences = Record<string, Record<string, string>>;

/** What a preview says about resources that it would update or replace, property by property. */
export async function previewDifferences(engine: Engine, options: PreviewOptions = {}): Promise<Differences> {
  const found: Differences = {};
  const onEvent = ({ resourcePreEvent }: EngineEvent) => {
    const metadata = resourcePreEvent?.metadata;
    if (!metadata || !["update", "replace"].includes(metadata.op)) return;
    const kinds = Object.entries(metadata.detailedDiff ?? {}).map(([path, { diffKind }]) => [path, diffKind]);
    found[metadata.urn.slice(metadata.urn.lastIndexOf("::") + 2)] = Object.fromEntries(kinds);
  };
  await engine.stack.preview({ ...options, onEvent });
  return found;
}
