import type { Execution } from "../kubelet/container";
import type { Pod } from "../kubelet/pod";

interface Tenant {
  uid: string;
  /** Names the pod template that it was made from. */
  template: string | undefined;
  /** Resolves when the processes are its own and ready. */
  ready: Promise<void>;
}

/**
 * Makes pods of argocd-server out of the processes that a Fleet has: one argocd-server and one Image Updater, however
 * many pods there are. They belong to one pod. A pod that comes when that one is gone, or was made from another
 * template, takes them over, which restarts them; with high availability the second pod of a template shares them.
 */
export class ServerProcesses {
  readonly #restart: () => Promise<void>;
  readonly #older: ReadonlySet<string>;
  readonly #tenants = new Map<string, Tenant>();
  #owner: Tenant | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * @param older uids of the pods that were there before the processes began: the first of them owns the processes
   * as they are, because what they have read is not older than the pod
   * @param restart resolves when both processes are ready again
   */
  constructor(older: ReadonlySet<string>, restart: () => Promise<void>) {
    this.#older = older;
    this.#restart = restart;
  }

  /** A container of a pod. Those of one pod are ready together. */
  execute(pod: Pod): Execution {
    const uid = String(pod.metadata.uid);
    const tenant = this.#tenants.get(uid) ?? this.#enter(uid, pod.metadata.labels?.["pod-template-hash"]);
    let stop = () => {};
    const stopped = new Promise<{ exitCode: number; message: string }>((resolve) => {
      stop = () => resolve({ exitCode: 0, message: "" });
    });
    const failed = new Promise<{ exitCode: number; message: string }>((resolve) => {
      tenant.ready.catch((error: Error) => resolve({ exitCode: 1, message: error.message }));
    });
    return {
      ready: tenant.ready,
      ended: Promise.race([stopped, failed]),
      stop: async () => {
        this.#leave(tenant);
        stop();
      },
    };
  }

  #enter(uid: string, template: string | undefined): Tenant {
    const tenant: Tenant = { uid, template, ready: Promise.resolve() };
    this.#tenants.set(uid, tenant);
    tenant.ready = this.#next(() => this.#takeOver(tenant));
    tenant.ready.catch(() => this.#leave(tenant)); // its containers are tried again
    return tenant;
  }

  async #takeOver(tenant: Tenant): Promise<void> {
    if (!this.#isHere(tenant)) return;
    const owner = this.#owner;
    if (owner && this.#isHere(owner) && owner.template === tenant.template) return;
    if (owner || !this.#older.has(tenant.uid)) await this.#restart();
    this.#owner = tenant;
  }

  #leave(tenant: Tenant): void {
    if (this.#isHere(tenant)) this.#tenants.delete(tenant.uid);
  }

  #isHere(tenant: Tenant): boolean {
    return this.#tenants.get(tenant.uid) === tenant;
  }

  #next(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work, work);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}
