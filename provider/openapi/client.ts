/** The one way in which this provider talks to Alibaba Cloud: calls with retries, and waits. */
import type { Environment } from "./endpoint";
import type { Action } from "./operations";
import { defaultRetryPolicy, type RetryPolicy, retry } from "./retry";
import { type Parameters, Transport, type TransportSettings } from "./transport";
import { defaultWaitPolicy, type Wait, type WaitPolicy, waitFor } from "./wait";

export interface ClientSettings extends TransportSettings {
  retry?: Partial<RetryPolicy>;
  wait?: Partial<WaitPolicy>;
}

export class OpenApi {
  readonly #transport: Transport;
  readonly #retry: RetryPolicy;
  readonly #wait: WaitPolicy;

  /** `signal` ends pauses and waits; a request that is under way is never cut off, lest its reply be lost. */
  constructor(
    settings: ClientSettings,
    private readonly signal: AbortSignal,
    env: Environment = process.env,
  ) {
    this.#transport = new Transport(settings, env);
    this.#retry = { ...defaultRetryPolicy, ...settings.retry };
    this.#wait = { ...defaultWaitPolicy, ...settings.wait };
  }

  get region(): string {
    return this.#transport.settings.region;
  }

  /** A call that may safely happen twice. The type argument is the shape of the reply that the caller relies on. */
  async call<Reply>(action: Action, parameters: Parameters): Promise<Reply> {
    return (await retry(() => this.#transport.send(action, parameters), this.#retry, this.signal)) as Reply;
  }

  /**
   * A call that makes something. Before every further attempt, `existing` looks for what an earlier attempt may have made
   * although its reply was lost.
   */
  create<Made>(
    action: Action,
    parameters: Parameters,
    made: (reply: Record<string, unknown>) => Made,
    existing: () => Promise<Made | undefined>,
  ): Promise<Made> {
    const attempt = async () => made(await this.#transport.send(action, parameters));
    return retry(attempt, this.#retry, this.signal, existing);
  }

  wait<T>(wait: Wait<T>): Promise<T> {
    return waitFor(wait, this.#wait, this.signal);
  }
}
