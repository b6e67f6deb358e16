import { join } from "node:path";
import type { Addon } from "../emulators/alibaba/ports";
import type { PortBook } from "../supervisor";
import { Addons } from "./addons";
import type { Objects } from "./api/objects";
import type { Clusters } from "./clusters";
import { deployArgocdServer, isArgocdServer, podsOfArgocdServer } from "./fleet/argocd-server";
import { clearGitops, disableGitops, enableGitops, gitopsIsOn } from "./fleet/gitops";
import { clearMember, prepareMember, registerMember, unregisterMember } from "./fleet/members";
import { ServerProcesses } from "./fleet/server-processes";
import type { ClusterHostOptions, ClusterHostProcess } from "./index";
import { argoRollouts } from "./kubelet/argo-rollouts";
import { Kubelet } from "./kubelet/index";
import { kruiseRollout } from "./kubelet/kruise-rollout";
import { Programs } from "./kubelet/programs";
import { Pulls } from "./kubelet/pulls";
import type { Authority, KeyPair } from "./pki";
import { ClusterBook } from "./state";

const day = 24 * 3600;

type HostOptions = ClusterHostOptions & { ports: PortBook };

/** Fleets and members on top of control planes: what ACK One and ACK do with them. */
export class Host implements ClusterHostProcess {
  readonly ca: string;
  readonly tls: KeyPair;
  readonly #options: HostOptions;
  readonly #authority: Authority;
  readonly #clusters: Clusters;
  readonly #book: ClusterBook;
  readonly #hosted = new Map<string, Promise<void>>();
  readonly #addons: Addons;
  readonly #kubelets = new Map<string, Kubelet>();

  constructor(options: HostOptions, authority: Authority, tls: KeyPair, clusters: Clusters) {
    this.ca = authority.certificate;
    this.tls = tls;
    this.#options = options;
    this.#authority = authority;
    this.#clusters = clusters;
    this.#book = new ClusterBook(join(options.home, "clusters.json"));
    const { bin, kruiseConfig } = options;
    this.#addons = new Addons(
      bin.kruiseRollout && bin.kustomize && kruiseConfig
        ? { kustomize: bin.kustomize, config: kruiseConfig }
        : undefined,
    );
  }

  /** Starts what ran before. */
  async resume(): Promise<void> {
    await Promise.all(this.#book.all().map(({ id, kind }) => this.ensure(id, kind)));
  }

  async ensure(id: string, kind: "fleet" | "member"): Promise<void> {
    const objects = await this.#clusters.start(id);
    this.#book.add(id, kind);
    if (kind === "member") this.#startKubelet(id, objects);
    if (kind === "fleet" && (await gitopsIsOn(objects))) await this.#startHosted(id);
  }

  async remove(id: string): Promise<void> {
    await this.#stopHosted(id);
    await this.#kubelets.get(id)?.stop();
    this.#kubelets.delete(id);
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
    if (!enabled) {
      await clearGitops(fleet);
      await this.#stopHosted(fleetId);
      return disableGitops(fleet);
    }
    this.#book.setHighAvailability(fleetId, highAvailability);
    await enableGitops(
      fleet,
      { id: fleetId, region: this.#region, highAvailability },
      this.#options.argocdManifests,
    );
    await Promise.all(this.#book.get(fleetId).members.map((member) => this.#register(fleetId, member)));
    await this.#hosted.get(fleetId)?.catch(() => undefined);
    this.#hosted.delete(fleetId); // asked again: high availability may have changed
    await this.#startHosted(fleetId);
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

  async installAddon(clusterId: string, addon: Addon): Promise<void> {
    await this.ensure(clusterId, "member");
    await this.#addons.install(await this.#clusters.objects(clusterId), addon);
    this.#book.addAddon(clusterId, addon);
  }

  async uninstallAddon(clusterId: string, name: string): Promise<void> {
    await this.#addons.uninstall(await this.#clusters.objects(clusterId), name);
    this.#book.removeAddon(clusterId, name);
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

  /** Clients of the API servers first. */
  async stop(): Promise<void> {
    await Promise.all([
      ...[...this.#hosted.keys()].map((id) => this.#stopHosted(id)),
      ...[...this.#kubelets.values()].map((kubelet) => kubelet.stop()),
    ]);
    this.#kubelets.clear();
    await this.#clusters.stop();
  }

  /** The hosted Argo CD of a Fleet, once. */
  #startHosted(fleetId: string): Promise<void> {
    const known = this.#hosted.get(fleetId);
    if (known) return known;
    const start = async () => {
      const highAvailability = this.#book.get(fleetId).highAvailability ?? false;
      const about = { id: fleetId, region: this.#region, highAvailability };
      const objects = await this.#clusters.objects(fleetId);
      await deployArgocdServer(objects, about);
      const older = await podsOfArgocdServer(objects);
      const { yaml } = await this.#clusters.kubeconfig(fleetId, "ack-one-gitops", 365 * day);
      await this.#options.controllers?.start({ ...about, kubeconfig: yaml });
      this.#startServerPods(fleetId, objects, older);
    };
    const starting = start();
    this.#hosted.set(fleetId, starting);
    starting.catch(() => this.#hosted.delete(fleetId));
    return starting;
  }

  async #stopHosted(fleetId: string): Promise<void> {
    const starting = this.#hosted.get(fleetId);
    this.#hosted.delete(fleetId);
    await starting?.catch(() => undefined);
    await this.#kubelets.get(fleetId)?.stop();
    this.#kubelets.delete(fleetId);
    await this.#options.controllers?.stop(fleetId);
  }

  /** The only pods that run on a Fleet: their processes are the hosted Argo CD's. */
  #startServerPods(fleetId: string, objects: Objects, older: ReadonlySet<string>): void {
    if (this.#kubelets.has(fleetId)) return;
    const { controllers } = this.#options;
    const processes = new ServerProcesses(older, async () => controllers?.restart(fleetId, "server"));
    const kubelet = new Kubelet({
      objects,
      serves: isArgocdServer,
      pull: async () => ({ kind: "ok", entrypoint: [], cmd: [], env: [], labels: {} }),
      execute: async (pod) => processes.execute(pod),
      isProgram: () => true,
    });
    this.#kubelets.set(fleetId, kubelet);
  }

  #startKubelet(clusterId: string, objects: Objects): void {
    const { bin, home, images, kruiseConfig, logins, ports } = this.#options;
    if (this.#kubelets.has(clusterId)) return;
    const pulls = new Pulls({ objects, images, logins, addons: () => this.#book.addons(clusterId) });
    const programs = new Programs({
      programs: [
        ...(bin.argoRollouts ? [argoRollouts(bin.argoRollouts)] : []),
        ...(bin.kruiseRollout && kruiseConfig ? [kruiseRollout(bin.kruiseRollout, kruiseConfig)] : []),
      ],
      ...{ clusterId, home, objects, ports, ca: this.ca },
      server: this.#clusters.address(clusterId),
      companions: this.#clusters.companions,
    });
    const kubelet = new Kubelet({
      objects,
      pull: (pod, image) => pulls.pull(pod, image),
      execute: (pod, container, attempt) => programs.execute(pod, container, attempt),
      isProgram: (image) => programs.isProgram(image),
    });
    this.#kubelets.set(clusterId, kubelet);
  }

  async #register(fleetId: string, member: { id: string; name: string }): Promise<void> {
    const [fleet, objects] = await Promise.all([
      this.#clusters.objects(fleetId),
      this.#clusters.objects(member.id),
    ]);
    const server = this.#clusters.address(member.id);
    await registerMember(fleet, objects, { ...member, server, ca: this.ca });
  }

  get #region(): string {
    return this.#options.region ?? "cn-hangzhou";
  }
}
