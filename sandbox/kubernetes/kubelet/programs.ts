import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PortBook, ProcessSpec } from "../../supervisor";
import { renderKubeconfig } from "../api/kubeconfig";
import type { Objects } from "../api/objects";
import type { Companions } from "../companions";
import type { Execution } from "./container";
import type { Container, Pod } from "./pod";

const year = 365 * 24 * 3600;

/** A container image whose program the sandbox has. */
export interface Program {
  name: string;
  isIn(image: string): boolean;
  describe(setting: ProgramSetting): Promise<Pick<ProcessSpec, "command" | "args" | "env" | "ready">>;
}

export interface ProgramSetting {
  /** Arguments of the container. */
  args: string[];
  /** The working directory, empty. */
  folder: string;
  /** With the token of the pod's service account. */
  kubeconfigFile: string;
  /** A free loopback port for as long as the pod lives. */
  port(purpose: string): Promise<number>;
}

export interface ProgramsOptions {
  programs: readonly Program[];
  clusterId: string;
  /** The host's folder. */
  home: string;
  objects: Objects;
  server: string;
  ca: string;
  ports: PortBook;
  companions: Companions;
}

/** Executes the programs of one cluster's pods as processes that may do what the pod's service account may do. */
export class Programs {
  readonly #options: ProgramsOptions;

  constructor(options: ProgramsOptions) {
    this.#options = options;
    rmSync(this.#folder, { recursive: true, force: true }); // of pods that ran when the sandbox was killed
  }

  isProgram(image: string): boolean {
    return this.#options.programs.some((program) => program.isIn(image));
  }

  async execute(pod: Pod, container: Container, attempt: number): Promise<Execution | undefined> {
    const program = this.#options.programs.find(({ isIn }) => isIn(container.image));
    if (!program) return undefined;
    const { clusterId, companions, home, ports } = this.#options;
    const name = `${program.name} ${pod.metadata.name} ${clusterId}`;
    const folder = join(this.#folder, String(pod.metadata.uid), container.name);
    const taken: string[] = [];
    const clean = () => {
      rmSync(folder, { recursive: true, force: true });
      for (const port of taken) ports.forget(port);
    };
    let stopped = false;
    const begin = async () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const token = await this.#token(pod);
      const kubeconfigFile = join(folder, "kubeconfig");
      writeFileSync(kubeconfigFile, this.#kubeconfig(pod, token), { mode: 0o600 });
      const port = (purpose: string) => {
        taken.push(`${pod.metadata.uid} ${container.name} ${purpose}`);
        return ports.port(taken.at(-1) as string, { movable: true });
      };
      const described = await program.describe({ args: container.args ?? [], folder, kubeconfigFile, port });
      const file = `${program.name}-${pod.metadata.name}`;
      if (stopped) throw new Error("stopped before it began");
      const process = await companions.run({
        ...described,
        name,
        cwd: folder,
        secrets: [token],
        logFile: join(home, "logs", `${file}${attempt > 0 ? `-${attempt}` : ""}.log`),
        pidFile: join(home, "pids", `${file}.pid`),
      });
      if (stopped) await process.stop();
      return process;
    };
    const starting = begin();
    const failed = (error: Error) => ({ exitCode: 1, message: error.message });
    const ended = starting
      .then(async (process) => {
        const { ending } = await process.ended;
        return { exitCode: ending.code ?? 137, message: process.tail(5) };
      }, failed)
      .finally(clean);
    const stop = () => {
      stopped = true;
      return companions.end(name);
    };
    return { ready: starting.then(() => {}), ended, stop };
  }

  get #folder(): string {
    return join(this.#options.home, "clusters", this.#options.clusterId, "pods");
  }

  /** Bound to the pod, so it ends with it, as the one that a node mounts. */
  async #token({ metadata, spec }: Pod): Promise<string> {
    const account = spec.serviceAccountName ?? "default";
    const { status } = await this.#options.objects.client.call<{ status: { token: string } }>(
      "POST",
      `/api/v1/namespaces/${metadata.namespace}/serviceaccounts/${account}/token`,
      {
        body: {
          apiVersion: "authentication.k8s.io/v1",
          kind: "TokenRequest",
          spec: {
            expirationSeconds: year,
            boundObjectRef: { apiVersion: "v1", kind: "Pod", name: metadata.name, uid: metadata.uid },
          },
        },
      },
    );
    return status.token;
  }

  #kubeconfig(pod: Pod, token: string): string {
    const { clusterId, server, ca } = this.#options;
    return renderKubeconfig(clusterId, { server, ca, user: pod.spec.serviceAccountName ?? "default", token });
  }
}
