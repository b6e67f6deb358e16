import type { RolloutObject } from "../../operations/canary";
import type { Observed } from "../../operations/observe";
import type { Platform } from "../../operations/platform";

const host = "acme-dev-registry.cn-hangzhou.cr.aliyuncs.com/echo-dev";
const tagRule = { on: "tag" as const, pattern: "release-(?<imageTag>v[\\w.-]+)" };

export const platform: Platform = {
  services: {
    echo: {
      images: {
        echoServer: {
          reference: `${host}/echo-server`,
          source: "acme/echo-server",
          branch: "main",
          rules: [tagRule, { on: "branch", pattern: "release-(?<line>v\\d+)" }],
        },
        echoWebServer: {
          reference: `${host}/echo-web-server`,
          source: "acme/echo-web-server",
          branch: "main",
          rules: [tagRule],
        },
      },
      ignoreTags: { staging: ["v0.9.0"] },
    },
    greeter: {
      images: {
        greeter: { reference: `${host}/greeter`, source: "acme/greeter", branch: "trunk", rules: [tagRule] },
      },
      ignoreTags: {},
    },
  },
  environments: {
    dev: { cluster: "workloads", namespace: "echo-dev", automatic: true },
    staging: { cluster: "workloads", namespace: "echo-staging", automatic: false },
  },
  deployment: { repository: "acme/echo-deploy", branch: "main" },
};

/** greeter in an environment where `live` runs and `wanted` is written back. */
export function seen(live: string[], wanted: string[], more: Partial<Observed> = {}): Observed {
  return {
    service: "greeter",
    environment: "staging",
    application: {
      metadata: { name: "greeter-staging" },
      status: {
        sync: { status: live.join() === wanted.join() ? "Synced" : "OutOfSync" },
        health: { status: "Healthy" },
        operationState: { phase: "Succeeded" },
      },
    },
    canaries: [],
    live: { greeter: live },
    wanted: { greeter: wanted },
    failing: [],
    ...more,
  };
}

/** As `kubectl get rollouts.rollouts.kruise.io` shows it. */
export function kruise(phase: string, step: number, state: string): RolloutObject {
  return {
    apiVersion: "rollouts.kruise.io/v1beta1",
    metadata: { name: "echo-server", generation: 1 },
    spec: { strategy: { canary: { steps: [{ pause: {} }, { pause: { duration: 5 } }, {}] } } },
    status: {
      phase,
      observedGeneration: 1,
      canaryStatus: { currentStepIndex: step, currentStepState: state },
    },
  };
}

/** As `kubectl get rollouts.argoproj.io` shows it; the index counts from 0. */
export function argo(phase: string, index: number, more: RolloutObject["status"] = {}): RolloutObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    metadata: { name: "greeter", generation: 3 },
    spec: { strategy: { canary: { steps: [{}, { pause: {} }, {}, { pause: { duration: 10 } }] } } },
    status: { phase, observedGeneration: "3", currentStepIndex: index, ...more },
  };
}
