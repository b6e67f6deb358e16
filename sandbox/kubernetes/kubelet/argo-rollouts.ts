import type { Program } from "./programs";

/** The controller of Argo Rollouts, in whatever version the image says: the sandbox has one. */
export const argoRollouts = (binary: string): Program => ({
  name: "argo-rollouts",
  isIn: (image) => /^quay\.io\/argoproj\/argo-rollouts(:|@|$)/.test(image),
  async describe({ args, kubeconfigFile, port }) {
    const [metrics, healthz] = [await port("metrics"), await port("healthz")];
    return {
      command: binary,
      args: [
        ...args,
        `--kubeconfig=${kubeconfigFile}`,
        `--metricsport=${metrics}`,
        `--healthzPort=${healthz}`,
        // A lease outlives the process that held it, and its successor would wait for its end.
        "--leader-elect=false",
      ],
      env: { GOMEMLIMIT: "120MiB" },
      ready: async (signal) => {
        const answer = await fetch(`http://127.0.0.1:${metrics}/metrics`, { signal }); // its readiness probe
        await answer.body?.cancel();
        return answer.ok ? undefined : `/metrics answered ${answer.status}`;
      },
    };
  },
});
