/** Makes the next builds of a repository go wrong, though nothing is wrong with its sources. */
export interface BuildFault {
  /** `<namespace>/<name>` or `<name>` of an image repository, or `*`. */
  readonly repository: string;
  /**
   * - `fail`: the build machine is lost in the middle of the build.
   * - `delay`: the build stands still for `ms` before it begins.
   */
  readonly kind: "fail" | "delay";
  /** For how many builds. @default 1 */
  readonly times?: number;
  /** @default 5000 */
  readonly ms?: number;
  /** What the log says. @default "the build machine was lost" */
  readonly message?: string;
}

/** The builds that are to go wrong. Not part of the account: a restart begins without. */
export class BuildFaults {
  private active: { fault: BuildFault; left: number }[] = [];

  set(fault: BuildFault): void {
    this.active.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.active = [];
  }

  list(): BuildFault[] {
    return this.active.map(({ fault }) => fault);
  }

  /** The faults of this build, each counted as used. */
  take(namespace: string, name: string): BuildFault[] {
    const names = [name, `${namespace}/${name}`, "*"];
    const hit = this.active.filter(({ fault }) => names.includes(fault.repository));
    for (const each of hit) each.left--;
    this.active = this.active.filter(({ left }) => left > 0);
    return hit.map(({ fault }) => fault);
  }
}
