/** Something that goes wrong on purpose. One of the effects, optionally after a delay. */
export interface Fault {
  /** HTTP method; any when left out. */
  method?: string;
  /**
   * Path without `/api/v3` and without the query: `*` stands for one segment, `**` at the end for the rest.
   * @example "/repos/*&#47;*&#47;forks"
   * @example "/acme/echo-deploy.git/**"
   */
  path: string;
  /** How many calls it hits. @default every one until it is cleared */
  times?: number;
  /** Milliseconds to wait before anything else happens. */
  delay?: number;
  /** Answer with this status instead of doing the work. */
  status?: number;
  /** The message of that answer. */
  message?: string;
  /**
   * Refuse as GitHub's secondary rate limit does: 403 or 429 with `Retry-After` in seconds
   * ("Rate limits for the REST API").
   */
  rateLimit?: { status: 403 | 429; retryAfter: number };
  /** Do the work, then wait so many milliseconds before answering: time to end a client that doesn't know yet. */
  replyDelay?: number;
  /** Do the work, then drop the connection instead of answering. */
  lostReply?: boolean;
  /** Never answer, and do nothing. Ends when the faults are cleared or the emulator stops. */
  hang?: boolean;
}

/** The switches of one emulator. Not persisted: a restart starts without faults. */
export class Faults {
  private active: { fault: Fault; left: number; pattern: RegExp }[] = [];
  private hanging: (() => void)[] = [];

  add(fault: Fault): void {
    const effects = [
      fault.delay,
      fault.status,
      fault.rateLimit,
      fault.replyDelay,
      fault.lostReply,
      fault.hang,
    ];
    if (effects.every((effect) => effect === undefined)) {
      throw new Error("a fault needs an effect: delay, status, rateLimit, replyDelay, lostReply or hang");
    }
    this.active.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY, pattern: matcher(fault.path) });
  }

  list(): Fault[] {
    return this.active.map((one) => one.fault);
  }

  /** Switches everything off; hanging calls are dropped. */
  clear(): void {
    this.active = [];
    for (const release of this.hanging.splice(0)) release();
  }

  /** The first fault for this call, counted as used. */
  take(method: string, path: string): Fault | undefined {
    const found = this.active.find(
      ({ fault, pattern }) => (fault.method === undefined || fault.method === method) && pattern.test(path),
    );
    if (!found) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.active.splice(this.active.indexOf(found), 1);
    return found.fault;
  }

  /** Waits until the faults are cleared. */
  untilCleared(): Promise<void> {
    return new Promise((resolve) => this.hanging.push(resolve));
  }
}

function matcher(path: string): RegExp {
  const rest = path.endsWith("/**");
  const segments = (rest ? path.slice(0, -3) : path).split("/");
  const parts = segments.map((one) => one.split("*").map(escapeText).join("[^/]*"));
  return new RegExp(`^${parts.join("/")}${rest ? "(/.*)?" : ""}$`);
}

const escapeText = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
