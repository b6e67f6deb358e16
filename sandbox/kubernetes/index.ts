/**
 * The Kubernetes side of the sandbox: real control planes for the Fleet and its members, and on them what ACK One
 * and ACK bring along. The emulator of Alibaba's OpenAPI drives it through `ClusterHost`.
 */
import { join } from "node:path";
import type { ClusterHost } from "../emulators/alibaba/ports";
import { type Crash, PortBook } from "../supervisor";
import type { Objects } from "./api/objects";
import { Clusters } from "./clusters";
import { Host } from "./host";
import { Authority, type KeyPair } from "./pki";
import type { FleetControllers, ImageSource, RegistryLogins } from "./ports";

export type { ClusterHost } from "../emulators/alibaba/ports";
export type * from "./ports";

export interface ClusterHostOptions {
  /** The folder that this part of the sandbox owns: data, certificates, logs, process ids. */
  home: string;
  /** Paths of the programs. */
  bin: {
    etcd: string;
    kubeApiserver: string;
    kubeControllerManager: string;
    /** The controller of Argo Rollouts, for pods with its image; without it they only seem to run. */
    argoRollouts?: string;
    /** The manager of Kruise Rollout, for the add-on `ack-kruise`; together with `kustomize` and `kruiseConfig`. */
    kruiseRollout?: string;
    kustomize?: string;
  };
  /** Folder of Kruise Rollout's release, with `config/` and `lua_configuration/` in it. */
  kruiseConfig?: string;
  /** Folder of Argo CD's manifests, with `crds/` in it. */
  argocdManifests: string;
  /** Region of the Fleets; it stands in the hosted Argo CD's default configuration. @default "cn-hangzhou" */
  region?: string;
  /** The hosted Argo CD. Without it a Fleet has Argo CD's objects and nobody who acts on them. */
  controllers?: FleetControllers;
  /** Where members get images. Without it every image exists, and nobody asks for a login. */
  images?: ImageSource;
  /** What the credential helper of a member gives to pods. Without it: nothing. */
  logins?: RegistryLogins;
  /** Where ports are remembered. @default `ports.json` in `home` */
  ports?: PortBook;
  /** Told when a process ends that nobody stopped. */
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

/** Starts etcd and the clusters that existed before; resolves when all of them answer. */
export async function startClusterHost(options: ClusterHostOptions): Promise<ClusterHostProcess> {
  const authority = await Authority.open(join(options.home, "pki"));
  const tls = await authority.server("emulators");
  const ports = options.ports ?? new PortBook(join(options.home, "ports.json"));
  const clusters = await Clusters.open({ ...options, authority, ports });
  const host = new Host({ ...options, ports }, authority, { key: tls.key, cert: tls.cert }, clusters);
  try {
    await host.resume();
  } catch (error) {
    await host.stop();
    throw error;
  }
  return host;
}
