import { type ContainerStatus, type Pod, timestamp } from "./pod";

type Condition = { type: string; status: "True" | "False"; reason?: string; message?: string };

/**
 * The status of a pod as its containers make it ("Pod Lifecycle" of Kubernetes' documentation). Written as a strategic
 * merge patch: conditions are merged by type, so that those of others stay.
 */
export class PodStatus {
  readonly #pod: Pod;
  readonly #now: () => string;
  readonly #since = new Map<string, { status: string; at: string }>();
  readonly #startTime: string;

  /** @param now the clock, as Kubernetes writes times */
  constructor(pod: Pod, now: () => string = timestamp) {
    this.#pod = pod;
    this.#now = now;
    this.#startTime = pod.status?.startTime ?? now();
  }

  /** @param init in the order of the pod; a container that hasn't begun is missing */
  describe(init: ContainerStatus[], main: ContainerStatus[]): Record<string, unknown> {
    const { spec } = this.#pod;
    const initialized =
      init.filter((each) => each.state.terminated?.exitCode === 0 || each.started).length >=
      (spec.initContainers?.length ?? 0);
    const unready = main.filter(({ ready }) => !ready).map(({ name }) => name);
    const phase = this.#phase(initialized, init, main);
    const finished = phase === "Succeeded" || phase === "Failed";
    const ready: Omit<Condition, "type"> =
      !finished && initialized && unready.length === 0 && main.length === spec.containers.length
        ? { status: "True" }
        : {
            status: "False",
            reason: phase === "Succeeded" ? "PodCompleted" : "ContainersNotReady",
            message: `containers with unready status: [${unready.join(" ")}]`,
          };
    const conditions: Condition[] = [
      { type: "PodScheduled", status: "True" },
      { type: "Initialized", status: initialized ? "True" : "False" },
      { type: "ContainersReady", ...ready },
      { type: "Ready", ...ready },
    ];
    return {
      phase,
      startTime: this.#startTime,
      conditions: conditions.map((condition) => this.#dated(condition)),
      containerStatuses: main,
      ...(init.length > 0 ? { initContainerStatuses: init } : {}),
    };
  }

  #phase(initialized: boolean, init: ContainerStatus[], main: ContainerStatus[]): string {
    const gaveUp = init.some(({ state }) => state.terminated && state.terminated.exitCode !== 0);
    if (gaveUp) return "Failed";
    const ended = main.filter(({ state }) => state.terminated);
    if (main.length > 0 && ended.length === main.length) {
      return ended.every(({ state }) => state.terminated?.exitCode === 0) ? "Succeeded" : "Failed";
    }
    const begun = main.some(
      ({ state, restartCount }) => state.running || state.terminated || restartCount > 0,
    );
    return initialized && begun ? "Running" : "Pending";
  }

  /** With the time since when it has been so: a Deployment counts from it. */
  #dated(condition: Condition) {
    const before = this.#since.get(condition.type);
    const at = before?.status === condition.status ? before.at : this.#now();
    this.#since.set(condition.type, { status: condition.status, at });
    const { reason = null, message = null } = condition; // null takes an earlier reason away
    return { ...condition, reason, message, lastTransitionTime: at };
  }
}
