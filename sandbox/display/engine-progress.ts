import type { EngineEvent } from "@pulumi/pulumi/automation";

/**
 * Follows the engine's events of one `up` or `destroy` and says in one line where it stands:
 * `31 of 54 done, working on acme-dev-instance (42 s), acme-dev-fleet (12 s)`.
 */
export class EngineProgress {
  private readonly running = new Map<string, number>();
  private done = 0;

  constructor(
    private readonly onChange: (line: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  readonly onEvent = (event: EngineEvent): void => {
    const started = event.resourcePreEvent?.metadata;
    // Components end when all of their children have: only what a provider works on says anything.
    const real = started?.new?.custom ?? started?.old?.custom;
    if (started && real && started.op !== "same") this.running.set(started.urn, this.now());
    const ended = event.resOutputsEvent?.metadata ?? event.resOpFailedEvent?.metadata;
    if (ended && this.running.delete(ended.urn)) this.done += 1;
    if (started || ended) this.onChange(this.line());
  };

  line(): string {
    const names = [...this.running].map(([urn, since]) => {
      const seconds = Math.round((this.now() - since) / 1000);
      return `${urn.slice(urn.lastIndexOf("::") + 2)}${seconds > 2 ? ` (${seconds} s)` : ""}`;
    });
    const shown = names.slice(0, 4).join(", ") + (names.length > 4 ? `, ${names.length - 4} more` : "");
    return `${this.done} done${names.length ? `, working on ${shown}` : ""}`;
  }
}
