/** What the Kubernetes side needs from the rest of the sandbox. Only types: whoever implements a port imports it from here. */

/** What runs beside a Fleet's API server while GitOps is on: the hosted Argo CD. `start` and `stop` are idempotent. */
export interface FleetControllers {
  /** Resolves when Argo CD answers. */
  start(fleet: HostedFleet): Promise<void>;
  /** Called before the Fleet's API server goes, and when GitOps is switched off. */
  stop(fleetId: string): Promise<void>;
  /** What a new pod of argocd-server is: server and Image Updater anew. Resolves when both are ready. */
  restart(fleetId: string, component: "server"): Promise<void>;
}

export interface HostedFleet {
  id: string;
  region: string;
  highAvailability: boolean;
  /** Whether Argo CD's address is reachable from the internet. */
  publicAccess?: boolean;
  /** An administrator's access to the Fleet, YAML with inline credentials. */
  kubeconfig: string;
}

/** What a kubelet learns when it pulls an image. */
export interface ImageSource {
  /** @param image as a pod names it, e.g. `acme-registry.cn-hangzhou.cr.aliyuncs.com/echo/server:v1` */
  pull(image: string, credentials?: Login): Promise<PulledImage>;
}

export type PulledImage =
  | {
      kind: "ok";
      entrypoint: string[];
      cmd: string[];
      /** `NAME=value` */
      env: string[];
      labels: Record<string, string>;
      /** `sha256:…` of the manifest, when the source knows it. */
      digest?: string;
    }
  | { kind: "missing" | "unauthorized" | "unreachable"; message: string };

export interface Login {
  user: string;
  password: string;
}

/** Temporary logins for ACR instances, as the credential helper of a cluster gets them (GetAuthorizationToken). */
export interface RegistryLogins {
  /** Id of the instance that answers under this host name. */
  instanceOf(host: string): string | undefined;
  /** @throws Error when there is no such instance */
  login(instanceId: string): Login;
}
