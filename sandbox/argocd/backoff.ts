/** How a component that ends by itself is started again. */
export interface RestartPolicy {
  /** Milliseconds before the second restart; each further one waits twice as long. */
  base: number;
  /** Milliseconds that no restart waits longer than. */
  limit: number;
  /** After so many milliseconds of running, an end counts as the first one again. */
  forgiven: number;
}

/** What a kubelet does ("Pod Lifecycle", container restarts): at once, then after 10 s, 20 s, 40 s … 5 min. */
export const kubernetesPolicy: RestartPolicy = { base: 10_000, limit: 300_000, forgiven: 600_000 };

/** Counts how often one component ended, and says how long its next start waits. */
export class Backoff {
  /** Like `RESTARTS` of kubectl. */
  restarts = 0;
  readonly #policy: RestartPolicy;
  #inRow = 0;

  constructor(policy: RestartPolicy = kubernetesPolicy) {
    this.#policy = policy;
  }

  /**
   * @param ranFor milliseconds from its last start to its end
   * @returns milliseconds to wait
   */
  next(ranFor: number): number {
    const { base, limit, forgiven } = this.#policy;
    if (ranFor >= forgiven) this.#inRow = 0;
    const wait = this.#inRow === 0 ? 0 : Math.min(base * 2 ** (this.#inRow - 1), limit);
    this.#inRow += 1;
    this.restarts += 1;
    return wait;
  }
}
