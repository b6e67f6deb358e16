/** Works on all items, at most `limit` at a time, and gives the results in the order of the items. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

/** Lets one piece of work for a key go on at a time, in the order in which they came. */
export class Queues {
  readonly #tails = new Map<string, Promise<unknown>>();

  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#tails.set(
      key,
      mine.catch(() => undefined),
    );
    return mine;
  }
}

/** Lets a number of requests a second pass, evenly. */
export class RateLimit {
  readonly #between: number;
  #next = 0;

  /** @param perSecond Infinity for no limit */
  constructor(perSecond: number) {
    this.#between = 1000 / perSecond;
  }

  async pass(): Promise<void> {
    const now = Date.now();
    const turn = Math.max(now, this.#next);
    this.#next = turn + this.#between;
    if (turn > now) await new Promise((resolve) => setTimeout(resolve, turn - now));
  }
}
