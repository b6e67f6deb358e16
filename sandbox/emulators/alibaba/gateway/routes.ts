import type { Route } from "./action";
import type { GatewayRequest } from "./request";

/** The action that a REST style request is for, with the parameters in its path. */
export function matchRoute(
  routes: Readonly<Record<string, Route>>,
  request: GatewayRequest,
): { action: string; parameters: Map<string, string> } | undefined {
  const parts = request.path.split("/");
  for (const [action, route] of Object.entries(routes)) {
    const wanted = route.path.split("/");
    if (route.method !== request.method || wanted.length !== parts.length) continue;
    const parameters = new Map<string, string>();
    const fits = wanted.every((part, index) => {
      const given = parts[index] ?? "";
      if (!part.startsWith("{")) return part === given;
      parameters.set(part.slice(1, -1), decodeURIComponent(given));
      return given !== "";
    });
    if (fits) return { action, parameters };
  }
  return undefined;
}
