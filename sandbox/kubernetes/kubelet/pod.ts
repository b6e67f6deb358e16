import type { KubeObject } from "../api/client";

/** The parts of a pod that the stand-in looks at. */
export interface Pod extends KubeObject {
  spec: {
    containers: Container[];
    initContainers?: Container[];
    restartPolicy?: "Always" | "OnFailure" | "Never";
    serviceAccountName?: string;
    imagePullSecrets?: { name: string }[];
  };
  status?: {
    phase?: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: ContainerStatus[];
    startTime?: string;
  };
}

export interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  /** `Always` on an init container makes it a sidecar. */
  restartPolicy?: "Always";
}

export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  ready: boolean;
  started: boolean;
  restartCount: number;
  state: ContainerState;
  lastState: ContainerState;
}

export interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: { startedAt: string };
  terminated?: {
    exitCode: number;
    reason: string;
    message?: string;
    startedAt: string;
    finishedAt: string;
  };
}

/** As Kubernetes writes times: whole seconds. */
export const timestamp = (at = Date.now()) => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** What a container executes: what the pod says, else what the image says (Kubernetes, "Define a Command"). */
export function commandOf(container: Container, image: { entrypoint: string[]; cmd: string[] }): string[] {
  if (container.command?.length) return [...container.command, ...(container.args ?? [])];
  return [...image.entrypoint, ...(container.args ?? image.cmd)];
}

/**
 * The code with which a command ends at once, for the few commands whose end is known without executing them: `false`,
 * `true` and `sh -c "exit N"`. `undefined` for all others.
 */
export function knownExit(command: string[]): number | undefined {
  const [program = "", flag, script = ""] = command;
  const name = program.slice(program.lastIndexOf("/") + 1);
  if (name === "false") return 1;
  if (name === "true") return 0;
  const [, code] = /^\s*exit\s+(\d{1,3})\s*$/.exec(script) ?? [];
  return /^(ba|da|a)?sh$/.test(name) && flag === "-c" && code !== undefined ? Number(code) : undefined;
}
