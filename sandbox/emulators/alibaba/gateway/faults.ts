/** What can go wrong with a call, on demand. */
export interface Fault {
  /** An action such as `CreateNamespace`, `adcp:ChangeResourceGroup` where two products share a name, or `*`. */
  readonly action: string;
  /**
   * - `delay`: the call is worked on after `ms`.
   * - `throttle`: refused with `Throttling.User`, nothing is done.
   * - `error`: refused with `status` (default 500) and `code` (default `InternalError`), nothing is done. Status 200
   *   makes cr answer `IsSuccess: false`.
   * - `deny`: refused as for a caller without the RAM permission, nothing is done.
   * - `lostReply`: the work is done, the connection is closed without an answer.
   * - `lateReply`: the work is done, the answer comes after `ms`: time to end a client that doesn't know yet.
   * - `hang`: nothing is done and nothing answered; after `ms` (default: never) the connection is closed.
   */
  readonly kind: "delay" | "throttle" | "error" | "lostReply" | "lateReply" | "hang" | "deny";
  /** For how many calls. @default until cleared */
  readonly times?: number;
  readonly ms?: number;
  readonly status?: number;
  readonly code?: string;
}

/** The switches of the emulator. They are not part of the account: a restart begins without faults. */
export class Faults {
  private active: { fault: Fault; left: number }[] = [];
  private bound = true;

  set(fault: Fault): void {
    this.active.push({ fault, left: fault.times ?? Infinity });
  }

  /** Refuses an action as RAM does; short for `set({action, kind: "deny"})`. */
  deny(action: string): void {
    this.set({ action, kind: "deny" });
  }

  /** Removes the faults of one action, or all. */
  clear(action?: string): void {
    this.active = action === undefined ? [] : this.active.filter(({ fault }) => fault.action !== action);
  }

  list(): Fault[] {
    return this.active.map(({ fault }) => fault);
  }

  /** Whether a source code account is bound in the console of ACR. @default true */
  get sourceAccountBound(): boolean {
    return this.bound;
  }

  set sourceAccountBound(bound: boolean) {
    this.bound = bound;
  }

  /** The faults of this call, each counted as used; several of them may apply, for example a delay and an error. */
  take(product: string, action: string): Fault[] {
    const names = [action, `${product}:${action}`, "*"];
    const hit = this.active.filter(({ fault }) => names.includes(fault.action));
    for (const each of hit) each.left--;
    this.active = this.active.filter(({ left }) => left > 0);
    return hit.map(({ fault }) => fault);
  }
}
