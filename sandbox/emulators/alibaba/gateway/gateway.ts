import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { newRequestId } from "../account/ids";
import type { Store } from "../account/store";
import type { Cloud } from "../cloud";
import type { AnyAction, Product } from "./action";
import { type Call, type CallLog, maskedParameters } from "./calls";
import { plain } from "./envelopes";
import { ApiError, BusinessError, throttled, unknownAction, unknownVersion } from "./errors";
import type { Fault, Faults } from "./faults";
import { readParameters } from "./parameters";
import { type GatewayRequest, readRequest } from "./request";
import { matchRoute } from "./routes";
import type { SignatureCheck } from "./signature";

interface Target {
  readonly product: Product;
  readonly name: string;
  readonly action: AnyAction;
  readonly parameters: ReadonlyMap<string, string>;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

/**
 * The way of every call: which product and action, who is it, what shall go wrong, are the parameters right, do
 * it, save, answer, log.
 */
export class Gateway {
  constructor(
    private readonly products: readonly Product[],
    private readonly cloud: Cloud,
    private readonly store: Store,
    private readonly signatures: SignatureCheck,
    private readonly faults: Faults,
    private readonly calls: CallLog,
    private readonly stopping: AbortSignal,
  ) {}

  async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = Date.now();
    const requestId = newRequestId();
    let request: GatewayRequest | undefined;
    let target: Target | undefined;
    let faults: Fault[] = [];
    let answer: Answer;
    let silent = false;
    try {
      request = await readRequest(message);
      target = this.find(request);
      this.signatures.verify(request);
      faults = this.faults.take(target.product.name, target.name);
      const hang = faults.find(({ kind }) => kind === "hang");
      await this.wait(faults.filter(({ kind }) => kind === "delay" || kind === "hang"));
      if (hang) {
        silent = true;
        answer = { status: 0, body: {} };
      } else {
        this.refuse(target, faults);
        const values = readParameters(target.action.parameters, target.parameters);
        const result = await target.action.run(values as never, this.cloud);
        answer = { status: 200, body: target.product.envelope.success(result, requestId) };
        silent = faults.some(({ kind }) => kind === "lostReply");
      }
    } catch (error) {
      const envelope = target?.product.envelope ?? plain;
      answer = envelope.failure(asAnswerable(error), requestId, request?.host ?? "");
    }
    this.store.save();
    this.log(started, requestId, request, target, faults, answer);
    await this.wait(faults.filter(({ kind }) => kind === "lateReply"));
    if (silent || response.destroyed) {
      response.destroy();
      return;
    }
    response.writeHead(answer.status, {
      "content-type": "application/json;charset=utf-8",
      "x-acs-request-id": requestId,
    });
    response.end(JSON.stringify(answer.body));
  }

  /** The version picks the product, as every product here has its own; the action or the route does the rest. */
  private find(request: GatewayRequest): Target {
    const product = this.products.find(({ version }) => version === request.version);
    if (!product) throw unknownVersion();
    const route = product.routes ? matchRoute(product.routes, request) : undefined;
    const name = product.routes ? (route?.action ?? "") : request.action;
    const action = Object.hasOwn(product.actions, name) ? product.actions[name] : undefined;
    if (!action) throw unknownAction();
    const parameters = new Map([...request.parameters, ...(route?.parameters ?? [])]);
    return { product, name, action, parameters };
  }

  private refuse({ product, name }: Target, faults: Fault[]): void {
    for (const { kind, status = 500, code = "InternalError" } of faults) {
      if (kind === "deny") throw product.denied(name);
      if (kind === "throttle") throw throttled();
      if (kind === "error") throw new ApiError(status, code, "The request processing has failed.");
    }
  }

  private async wait(faults: Fault[]): Promise<void> {
    for (const { kind, ms } of faults) {
      const forever = 24 * 60 * 60 * 1000;
      await sleep(ms ?? (kind === "hang" ? forever : 1000), undefined, { signal: this.stopping }).catch(
        () => undefined,
      );
    }
  }

  private log(
    started: number,
    requestId: string,
    request: GatewayRequest | undefined,
    target: Target | undefined,
    faults: Fault[],
    { status, body }: Answer,
  ): void {
    const code = "Code" in body ? body.Code : "code" in body ? body.code : undefined;
    const call: Call = {
      time: new Date(started).toISOString(),
      product: target?.product.name ?? "",
      action: target?.name ?? request?.action ?? "",
      params: maskedParameters(target?.parameters ?? request?.parameters ?? new Map()),
      status,
      code: code === undefined ? (status === 0 ? "" : "success") : String(code),
      requestId,
      ms: Date.now() - started,
      ...(faults.length > 0 && { faults: faults.map(({ kind }) => kind) }),
    };
    this.calls.add(call);
  }
}

function asAnswerable(error: unknown): ApiError | BusinessError {
  if (error instanceof ApiError || error instanceof BusinessError) return error;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ApiError(500, "InternalError", `The emulator failed: ${message}`);
}
