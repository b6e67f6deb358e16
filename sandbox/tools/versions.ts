/**
 * The version of every tool of the sandbox, in one place.
 *
 * The plugins' versions are those that the npm packages ask the engine for, so that the engine takes them
 * without a question; the Go modules under `go/` require the others. A test compares all three.
 */
export const versions = {
  /** Pulumi CLI with the engine. A `pulumi` on the PATH must be at least this one. */
  pulumi: "3.256.0",
  /** The newest language host of Node.js that is a public Go module of its own. Official CLIs bring a newer one. */
  languageNodejs: "3.50.0",
  alicloud: "3.108.0",
  github: "6.15.0",
  /** The plugin `kubernetes` of the engine, not Kubernetes itself. */
  kubernetesPlugin: "4.34.2",
  kubernetes: "1.33.1",
  /** What Kubernetes 1.33 is built and tested with. */
  etcd: "3.5.21",
  argocd: "3.1.9",
  kustomize: "5.8.1",
  helm: "3.21.4",
  miniredis: "2.35.0",
  /** Of the distribution project. */
  registry: "3.1.1",
  argoRollouts: "1.8.3",
  kruiseRollout: "0.6.2",
} as const;
