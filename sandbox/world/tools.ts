/** The tools that a sandbox needs, in the order in which a person sees them. */
export const sandboxTools = [
  "pulumi",
  "pulumi-language-nodejs",
  "resource-alicloud",
  "resource-github",
  "resource-kubernetes",
  "etcd",
  "kube-apiserver",
  "argocd-manifests",
] as const;
