import type { KubeObject } from "./api/client";
import type { Objects } from "./api/objects";

export interface Follower {
  /** Every object that is there, and every object that is new or has changed. */
  onObject(object: KubeObject): void;
  /** An object that was there and isn't any more. */
  onGone(object: KubeObject): void;
}

/**
 * Tells about every object of a kind, now and at each change, until `signal` ends it: list, then watch, again when
 * the server ends the watch or goes away.
 */
export async function follow(
  objects: Objects,
  type: { apiVersion: string; kind: string },
  follower: Follower,
  signal: AbortSignal,
): Promise<void> {
  const known = new Map<string, KubeObject>();
  const seen = (object: KubeObject) => {
    known.set(String(object.metadata.uid), object);
    follower.onObject({ ...object, ...type });
  };
  const gone = (object: KubeObject) => {
    if (known.delete(String(object.metadata.uid))) follower.onGone({ ...object, ...type });
  };
  while (!signal.aborted) {
    try {
      const path = await objects.path(type);
      const { items, metadata } = await objects.client.call<{
        items: KubeObject[];
        metadata: { resourceVersion: string };
      }>("GET", path, { signal });
      const listed = new Set(items.map((item) => item.metadata.uid));
      for (const [uid, object] of known) if (!listed.has(uid)) gone(object);
      for (const item of items) seen(item);
      const query = { resourceVersion: metadata.resourceVersion, timeoutSeconds: "300" };
      const onEvent = ({ type: event, object }: { type: string; object: KubeObject }) => {
        if (event === "ADDED" || event === "MODIFIED") seen(object);
        if (event === "DELETED") gone(object);
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
