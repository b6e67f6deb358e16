/**
 * Commands for people, as an output of the stack: to be pasted into a shell, in the project's folder with the stack
 * selected. None has a secret in it. `<service>` and `<rollout>` stand for names that only the reader knows.
 */
import * as pulumi from "@pulumi/pulumi";
import type { CanaryController } from "../components/fleet/member-cluster";
import type { EnvironmentConfig } from "./config/environments";
import type { PlatformConfig } from "./config/read";
import { mapValues } from "./map-values";
import type { Platform } from "./platform";

export interface Commands {
  /** Logs Docker in to the registry: over the internet where the stack opens it, else from inside a linked VPC. */
  dockerLogin: pulumi.Output<string>;
  /** Writes the Fleet's kubeconfig to fleet.kubeconfig, readable by its owner only. */
  kubeconfig: string;
  /** Writes the kubeconfig of all members to members.kubeconfig, readable by its owner only. */
  memberKubeconfig: string;
  /** Lists the Applications; needs fleet.kubeconfig. */
  applications: string;
  /** Shows the first password of Argo CD's admin; needs fleet.kubeconfig. */
  argocdPassword: string;
  /** Logs Argo CD's command line in; asks for that password. */
  argocdLogin: pulumi.Output<string>;
  /** Gets the deployment repository. */
  clone: pulumi.Output<string>;
  /** Releases a version, in a clone of a source repository. */
  release: string;
  /** Deploys all services to an environment that waits for a person, by environment. */
  sync: Record<string, string>;
  /** Deploys one service to an environment that waits for a person, by environment. */
  promote: Record<string, string>;
  /** Goes back to the deployment before the last one, by environment; only those that wait for a person. */
  rollback: Record<string, string>;
  /** Lists the canaries, by environment; needs members.kubeconfig, as all that use kubectl from here on. */
  canaries: Record<string, string>;
  /** Lets a canary that waits for a person go on, by environment and controller. */
  approve: Canaries;
  /** Ends a canary: all pods have the old version again. By environment and controller. */
  abort: Canaries;
}

/** With access to Argo CD, or, where there is a way, with access to the cluster alone. */
export interface CanaryCommand {
  argocd: string;
  kubectl?: string;
}

/** By environment with a controller for canaries, and by controller. */
export type Canaries = Record<string, Partial<Record<CanaryController, CanaryCommand>>>;

export function commandsOf(config: PlatformConfig, { registry, fleet, deployment }: Platform): Commands {
  const kubectl = "kubectl --kubeconfig fleet.kubeconfig --namespace argocd";
  const manual = pick(config.environments, ({ sync }) => sync === "manual");
  const services = Object.keys(config.services);
  // A person sits at a laptop, whichever host the clusters pull from.
  const dockerHost =
    config.registry.internet === undefined ? registry.host : registry.registry.hosts.internet;
  return {
    dockerLogin: pulumi.interpolate`pulumi config get registryPassword | docker login --username "$(pulumi config get registryUser)" --password-stdin ${dockerHost}`,
    kubeconfig: writeSecret("kubeconfig", "fleet.kubeconfig"),
    memberKubeconfig: writeSecret("memberKubeconfig", "members.kubeconfig"),
    applications: `${kubectl} get applications`,
    argocdPassword: `${kubectl} get secret argocd-initial-admin-secret --output jsonpath='{.data.password}' | base64 --decode`,
    argocdLogin: pulumi.interpolate`argocd login ${fleet.fleet.argocdHost} --username admin --grpc-web`,
    clone: pulumi.interpolate`git clone ${deployment.httpsUrl}`,
    release: "git tag release-v1.0.1 && git push origin release-v1.0.1",
    sync: mapValues(
      manual,
      (_, name) => `argocd app sync ${services.map((each) => `${each}-${name}`).join(" ")}`,
    ),
    promote: mapValues(manual, (_, name) => `argocd app sync <service>-${name}`),
    rollback: mapValues(manual, (_, name) => `argocd app rollback <service>-${name}`),
    ...canaryCommands(config),
  };
}

function writeSecret(output: string, file: string): string {
  return `(umask 077; pulumi stack output --show-secrets ${output} > ${file})`;
}

function canaryCommands({ environments, clusters }: PlatformConfig) {
  const controllersOf = ({ cluster }: EnvironmentConfig) => clusters[cluster]!.canary;
  const stepwise = pick(environments, (environment) => controllersOf(environment).length > 0);
  const byController = (commands: typeof approve) =>
    mapValues(stepwise, (environment, name) =>
      Object.fromEntries(
        controllersOf(environment).flatMap((controller) => {
          const command = commands[controller](name, kubectlOn(environment), environment);
          return command === undefined ? [] : [[controller, command]];
        }),
      ),
    );
  return {
    canaries: mapValues(stepwise, (environment) => {
      const kinds = controllersOf(environment).map((controller) => kindOf[controller].resource);
      return `${kubectlOn(environment)} get ${kinds.join(",")}`;
    }),
    approve: byController(approve),
    abort: byController(abort),
  };
}

/** How the two controllers call their objects; `rollouts` alone is ambiguous where both are. */
const kindOf: Record<CanaryController, { group: string; resource: string }> = {
  kruise: { group: "rollouts.kruise.io", resource: "rollouts.rollouts.kruise.io" },
  "argo-rollouts": { group: "argoproj.io", resource: "rollouts.argoproj.io" },
};

type Steering = Record<
  CanaryController,
  (name: string, kubectl: string, environment: EnvironmentConfig) => CanaryCommand | undefined
>;

const approve: Steering = {
  kruise: (name, kubectl) => ({
    argocd: action("kruise", name, "approve"),
    kubectl: patch("kruise", kubectl, '{"status":{"canaryStatus":{"currentStepState":"StepReady"}}}'),
  }),
  "argo-rollouts": (name, kubectl) => ({
    argocd: action("argo-rollouts", name, "resume"),
    kubectl: patch("argo-rollouts", kubectl, '{"status":{"pauseConditions":null}}'),
  }),
};

const abort: Steering = {
  // Kruise ends a canary when it gets the old version again. Argo CD goes back only where it doesn't deploy by itself.
  kruise: (name, _, { sync }) =>
    sync === "manual" ? { argocd: `argocd app rollback <service>-${name}` } : undefined,
  "argo-rollouts": (name, kubectl) => ({
    argocd: action("argo-rollouts", name, "abort"),
    kubectl: patch("argo-rollouts", kubectl, '{"status":{"abort":true}}'),
  }),
};

function action(controller: CanaryController, environment: string, name: string): string {
  return `argocd app actions run <service>-${environment} ${name} --group ${kindOf[controller].group} --kind Rollout --all`;
}

function patch(controller: CanaryController, kubectl: string, status: string): string {
  return `${kubectl} patch ${kindOf[controller].resource} <rollout> --subresource=status --type=merge --patch '${status}'`;
}

function kubectlOn({ cluster, namespace }: EnvironmentConfig): string {
  return `kubectl --kubeconfig members.kubeconfig --context ${cluster} --namespace ${namespace}`;
}

/** The entries that pass a test. */
function pick<T>(values: Record<string, T>, test: (value: T) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => test(value)));
}
