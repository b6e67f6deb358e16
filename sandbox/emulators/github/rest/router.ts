import type { Action } from "./action";
import { deployKeyActions } from "./deploy-keys";
import { forkActions } from "./forks";
import { hookActions } from "./hooks";
import { ownerActions } from "./owners";
import { refActions } from "./refs";
import { repositoryActions } from "./repositories";

/**
 * The calls that the GitHub provider makes for repositories, forks, hooks, branches and deploy keys. Everything
 * else is unknown here and answered with 404.
 */
const actions: Action[] = [
  ...ownerActions,
  ...repositoryActions,
  ...forkActions,
  ...hookActions,
  ...deployKeyActions,
  ...refActions,
];

/** The action for a call, with the parts of the path it names; undefined when there is none. */
export function route(
  method: string,
  path: string,
): { action: Action; params: Record<string, string> } | undefined {
  const segments = path.split("/").slice(1).map(decode);
  for (const action of actions) {
    const params = action.method === method ? match(action.path.split("/").slice(1), segments) : undefined;
    if (params) return { action, params };
  }
  return undefined;
}

function match(pattern: string[], segments: string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index];
    if (!segment) return undefined;
    if (part.endsWith("+}")) return { ...params, [part.slice(1, -2)]: segments.slice(index).join("/") };
    if (part.startsWith("{")) params[part.slice(1, -1)] = segment;
    else if (part !== segment) return undefined;
  }
  return segments.length === pattern.length ? params : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
