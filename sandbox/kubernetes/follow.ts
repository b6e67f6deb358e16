import type { KubeObject } from "./api/client";
import type { Objects } from "./api/objects";

/**
 * Tells about every object of a kind, now and at each change, until `signal` ends it: list, then watch, again when
 * the server ends the watch or goes away.
 */
export async function follow(
  objects: Objects,
  type: { apiVersion: string; kind: string },
  onObject: (object: KubeObject) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const path = await objects.path(type);
      const list = await objects.client.call<{ items: KubeObject[]; metadata: { resourceVersion: string } }>(
        "GET",
        path,
        {
          signal,
        },
      );
      for (const item of list.items) onObject({ ...item, ...type });
      const query = { resourceVersion: list.metadata.resourceVersion, timeoutSeconds: "300" };
      const onEvent = ({ type: event, object }: { type: string; object: KubeObject }) => {
        if (event === "ADDED" || event === "MODIFIED") onObject(object);
      };
      await objects.client.watch(path, query, onEvent, signal);
    } catch {
      await pause(500, signal); // a restart of the API server, an expired resource version: list again
    }
  }
}

/** Resolves after `milliseconds`, or at once when `signal` ends. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
