/**
 * The Kubernetes side of the sandbox: real API servers for the Fleet and its members, and on them what ACK One
 * brings along. The emulator of ACK One's OpenAPI drives it through `ClusterHost`.
 */
import { join } from "node:path";
import type { ClusterHost } from "../emulators/alibaba/ports";
import { type Crash, PortBook } from "../supervisor";
import type { Objects } from "./api/objects";
import { Clusters } from "./clusters";
import { Finalizers } from "./finalizers";
import { disableGitops, enableGitops, gitopsIsOn } from "./fleet/gitops";
import { clearMember, prepareMember, registerMember, unregisterMember } from "./fleet/members";
import { Authority, type KeyPair } from "./pki";
import { ClusterBook } from "./state";

export type { ClusterHost } from "../emulators/alibaba/ports";

export interface ClusterHostOptions {
  /** The folder that this part of the sandbox owns: data, certificates, logs, process ids. */
  home: string;
  /** Paths of the programs. */
  bin: { etcd: string; kubeApiserver: string };
  /** Folder of Argo CD's manifests, with `crds/` in it. */
  argocdManifests: string;
  /** Region of the Fleets; it stands in the hosted Argo CD's default configuration. @default "cn-hangzhou" */
  region?: string;
  /** Where ports are remembered. @default `ports.json` in `home` */
  ports?: PortBook;
  /** Told when etcd or an API server ends that nobody stopped. */
  onCrash?: (crash: Crash) => void;
}

/** A cluster host that runs, and what else the sandbox needs of it. */
export interface ClusterHostProcess extends ClusterHost {
  /** PEM certificate of the sandbox's authority. */
  readonly ca: string;
  /** Certificate and key (PEM) of a server on 127.0.0.1, for the emulators' HTTPS. */
  readonly tls: KeyPair;
  /** Writes the system's authorities and the sandbox's into a file, for SSL_CERT_FILE and NODE_EXTRA_CA_CERTS. */
  writeCaBundle(file: string): void;
  /** Clusters that exist, whether or not they run. */
  clusters(): { id: string; kind: "fleet" | "member"; server: string; members: string[] }[];
  /** An administrator's access to a cluster that runs, for tests and displays. */
  objects(id: string): Promise<Objects>;
  /** Processes that run and the milliseconds that each took to be ready. */
  status(): { name: string; readyAfter: number }[];
}

/** Starts etcd and the API servers of the clusters that existed before; resolves when all of them answer. */
export async function startClusterHost(options: ClusterHostOptions): Promise<ClusterHostProcess> {
  const authority = await Authority.open(join(options.home, "pki"));
  const tls = await authority.server("emulators");
  const ports = options.ports ?? new PortBook(join(options.home, "ports.json"));
  const clusters = await Clusters.open({ ...options, authority, ports });
  const host = new Host(options, authority, { key: tls.key, cert: tls.cert }, clusters);
  try {
    await host.resume();
  } catch (error) {
    await host.stop();
    throw error;
  }
  return host;
}

class Host implements ClusterHostProcess {
  readonly ca: string;
  readonly tls: KeyPair;
  readonly #options: ClusterHostOptions;
  readonly #authority: Authority;
  readonly #clusters: Clusters;
  readonly #book: ClusterBook;
  readonly #finalizers = new Map<string, Finalizers>();

  constructor(options: ClusterHostOptions, authority: Authority, tls: KeyPair, clusters: Clusters) {
    this.ca = authority.certificate;
    this.tls = tls;
    this.#options = options;
    this.#authority = authority;
    this.#clusters = clusters;
    this.#book = new ClusterBook(join(options.home, "clusters.json"));
  }

  /** Starts what ran before. */
  async resume(): Promise<void> {
    await Promise.all(this.#book.all().map(({ id, kind }) => this.ensure(id, kind)));
  }

  async ensure(id: string, kind: "fleet" | "member"): Promise<void> {
    const objects = await this.#clusters.start(id);
    this.#book.add(id, kind);
    if (this.#finalizers.has(id)) return;
    const finalizers = new Finalizers(objects);
    this.#finalizers.set(id, finalizers);
    if (kind === "fleet" && (await gitopsIsOn(objects))) finalizers.followArgo();
  }

  async remove(id: string): Promise<void> {
    await this.#finalizers.get(id)?.stop();
    this.#finalizers.delete(id);
    await this.#clusters.remove(id);
    this.#book.remove(id);
  }

  kubeconfig(
    id: string,
    user: string,
    validForSeconds: number,
  ): Promise<{ yaml: string; expiration: string }> {
    this.#book.get(id);
    return this.#clusters.kubeconfig(id, user, validForSeconds);
  }

  async gitops(fleetId: string, enabled: boolean, highAvailability: boolean): Promise<void> {
    const fleet = await this.#clusters.objects(fleetId);
    if (!enabled) return disableGitops(fleet);
    const region = this.#options.region ?? "cn-hangzhou";
    await enableGitops(fleet, { id: fleetId, region, highAvailability }, this.#options.argocdManifests);
    this.#finalizers.get(fleetId)?.followArgo();
    await Promise.all(this.#book.get(fleetId).members.map((member) => this.#register(fleetId, member)));
  }

  async attach(fleetId: string, member: { id: string; name: string }): Promise<void> {
    this.#book.get(fleetId);
    await this.ensure(member.id, "member");
    await prepareMember(await this.#clusters.objects(member.id));
    this.#book.attach(fleetId, member);
    if (await gitopsIsOn(await this.#clusters.objects(fleetId))) await this.#register(fleetId, member);
  }

  async detach(fleetId: string, memberId: string): Promise<void> {
    const attached = this.#book.all().find(({ id }) => id === fleetId)?.members ?? [];
    if (!attached.some(({ id }) => id === memberId)) return;
    await unregisterMember(await this.#clusters.objects(fleetId), memberId);
    await clearMember(await this.#clusters.objects(memberId));
    this.#book.detach(fleetId, memberId);
  }

  writeCaBundle(file: string): void {
    this.#authority.writeBundle(file);
  }

  clusters(): ReturnType<ClusterHostProcess["clusters"]> {
    return this.#book.all().map(({ id, kind, members }) => ({
      id,
      kind,
      server: this.#clusters.address(id),
      members: members.map((member) => member.id),
    }));
  }

  objects(id: string): Promise<Objects> {
    return this.#clusters.objects(id);
  }

  status(): { name: string; readyAfter: number }[] {
    return this.#clusters.status();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#finalizers.values()].map((finalizers) => finalizers.stop()));
    this.#finalizers.clear();
    await this.#clusters.stop();
  }

  async #register(fleetId: string, member: { id: string; name: string }): Promise<void> {
    const [fleet, objects] = await Promise.all([
      this.#clusters.objects(fleetId),
      this.#clusters.objects(member.id),
    ]);
    const server = this.#clusters.address(member.id);
    await registerMember(fleet, objects, { ...member, server, ca: this.ca });
  }
}
