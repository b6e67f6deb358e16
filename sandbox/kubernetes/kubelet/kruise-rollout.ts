import { cpSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { Program } from "./programs";

/** Image of the manager of Kruise Rollout, in whatever version the tag says: the sandbox has one. */
export const kruiseRolloutImage = "openkruise/kruise-rollout";

/**
 * The manager of Kruise Rollout. It serves the admission webhook for its Rollouts and for the Deployments under their
 * control, and writes the webhook's address and authority into the webhook configurations itself.
 *
 * @param config folder with `lua_configuration/`, which the manager reads from its working directory
 */
export const kruiseRollout = (binary: string, config: string): Program => ({
  name: "kruise-rollout",
  isIn: (image) => image.startsWith(`${kruiseRolloutImage}:`),
  async describe({ args, folder, kubeconfigFile, port }) {
    const [webhook, metrics, probe] = [await port("webhook"), await port("metrics"), await port("probe")];
    cpSync(join(config, "lua_configuration"), join(folder, "lua_configuration"), { recursive: true });
    return {
      command: binary,
      args: [
        ...args,
        `--metrics-bind-address=127.0.0.1:${metrics}`,
        `--health-probe-bind-address=127.0.0.1:${probe}`,
        // A lease outlives the process that held it, and its successor would wait for its end.
        "--leader-elect=false",
      ],
      env: {
        KUBECONFIG: kubeconfigFile,
        POD_NAMESPACE: "kruise-rollout",
        WEBHOOK_HOST: "127.0.0.1",
        WEBHOOK_PORT: String(webhook),
        WEBHOOK_CERT_DIR: join(folder, "certs"),
        GOMEMLIMIT: "90MiB",
      },
      ready: async (signal) => {
        const answer = await fetch(`http://127.0.0.1:${probe}/readyz`, { signal });
        await answer.body?.cancel();
        if (!answer.ok) return `/readyz answered ${answer.status}`;
        return (await listens(webhook)) ? undefined : "the webhook doesn't listen";
      },
    };
  },
});

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
