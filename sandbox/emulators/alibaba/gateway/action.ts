import type { AnyJob } from "../account/jobs";
import type { Cloud } from "../cloud";
import type { ApiError, BusinessError } from "./errors";
import type { Shape, Values } from "./parameters";

/** One operation of a product: its parameter table and what it does. */
export interface Action<S extends Shape, R extends object> {
  readonly parameters: S;
  run(request: Values<S>, cloud: Cloud): R | Promise<R>;
}

/** Any action, whatever it takes. */
export interface AnyAction {
  readonly parameters: Shape;
  run(request: never, cloud: Cloud): object | Promise<object>;
}

/** Defines an action. Export it under the name of the action: that name is what clients call. */
export function action<S extends Shape, R extends object>(
  parameters: S,
  run: (request: Values<S>, cloud: Cloud) => R | Promise<R>,
): Action<S, R> {
  return { parameters, run };
}

/** How a REST style (ROA) product finds an action; `{name}` in the path becomes a parameter. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
}

/** What a product writes into its answers. */
export interface Envelope {
  success(result: object, requestId: string): object;
  failure(error: ApiError | BusinessError, requestId: string, host: string): { status: number; body: object };
}

/** A product of the OpenAPI in one version. */
export interface Product {
  /** As in `<name>.<region>.aliyuncs.com` and in RAM actions. */
  readonly name: string;
  readonly version: string;
  readonly actions: Readonly<Record<string, AnyAction>>;
  /** For REST style products: the route of each action. */
  readonly routes?: Readonly<Record<string, Route>>;
  readonly jobs: readonly AnyJob[];
  readonly envelope: Envelope;
  /** What a caller without the permission for an action is told. */
  denied(action: string): ApiError;
}
