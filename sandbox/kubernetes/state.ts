import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Addon } from "../emulators/alibaba/ports";

export interface ClusterState {
  id: string;
  kind: "fleet" | "member";
  /** Of a Fleet: the members that are attached to it. */
  members: { id: string; name: string }[];
  /** Of a Fleet: how GitOps was switched on last. */
  highAvailability?: boolean;
  /** Add-ons that are installed. */
  addons?: Addon[];
}

/** Which clusters exist, over restarts. What is in the clusters is etcd's business. */
export class ClusterBook {
  readonly #file: string;
  readonly #clusters: ClusterState[];

  constructor(file: string) {
    this.#file = file;
    this.#clusters = read(file);
  }

  all(): readonly ClusterState[] {
    return this.#clusters;
  }

  /** @throws Error for a cluster that doesn't exist */
  get(id: string): ClusterState {
    const cluster = this.#clusters.find((known) => known.id === id);
    if (!cluster) throw new Error(`there is no cluster ${id}`);
    return cluster;
  }

  /** Adds a cluster unless it's known. */
  add(id: string, kind: ClusterState["kind"]): void {
    if (this.#clusters.some((known) => known.id === id)) return;
    this.#clusters.push({ id, kind, members: [] });
    this.#save();
  }

  remove(id: string): void {
    const index = this.#clusters.findIndex((known) => known.id === id);
    if (index < 0) return;
    this.#clusters.splice(index, 1);
    for (const fleet of this.#clusters) fleet.members = fleet.members.filter((member) => member.id !== id);
    this.#save();
  }

  setHighAvailability(fleetId: string, highAvailability: boolean): void {
    this.get(fleetId).highAvailability = highAvailability;
    this.#save();
  }

  addons(id: string): readonly Addon[] {
    return this.#clusters.find((known) => known.id === id)?.addons ?? [];
  }

  /** Notes an add-on, in place of the one with the same name. */
  addAddon(id: string, addon: Addon): void {
    const cluster = this.get(id);
    cluster.addons = [...this.addons(id).filter(({ name }) => name !== addon.name), addon];
    this.#save();
  }

  removeAddon(id: string, name: string): void {
    const cluster = this.get(id);
    cluster.addons = this.addons(id).filter((addon) => addon.name !== name);
    this.#save();
  }

  attach(fleetId: string, member: { id: string; name: string }): void {
    const fleet = this.get(fleetId);
    fleet.members = [...fleet.members.filter(({ id }) => id !== member.id), member];
    this.#save();
  }

  detach(fleetId: string, memberId: string): void {
    const fleet = this.get(fleetId);
    fleet.members = fleet.members.filter(({ id }) => id !== memberId);
    this.#save();
  }

  #save(): void {
    const draft = `${this.#file}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(this.#clusters, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.#file);
  }
}

function read(file: string): ClusterState[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ClusterState[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
