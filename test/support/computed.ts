/**
 * What the clouds would compute for the resources of this program, for tests on mocks. Keyed by type token; `id` is the
 * physical id. Values are made from the inputs, so that a test can tell two resources apart.
 */
type Computed = (inputs: Record<string, unknown>, name: string) => Record<string, unknown>;

export const computedOutputs: Record<string, Computed> = {
  "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance": (inputs) => ({
    id: `cri-${inputs.instanceName}`,
    status: "RUNNING",
    instanceEndpoints: [
      {
        endpointType: "internet",
        enable: true,
        domains: [{ domain: `${inputs.instanceName}-registry.cn-hangzhou.cr.aliyuncs.com`, type: "SYSTEM" }],
      },
    ],
  }),
  "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace": (inputs) => ({
    id: `${inputs.instanceId}:${inputs.name}`,
  }),
  "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo": (inputs) => ({
    id: `${inputs.instanceId}:${inputs.namespace}:${inputs.name}`,
    repoId: `crr-${inputs.name}`,
  }),
  "alicloud:cr/endpointAclPolicy:EndpointAclPolicy": (inputs) => ({
    id: `${inputs.instanceId}:${inputs.endpointType}:${inputs.entry}`,
  }),
  "alicloud:ackone/cluster:Cluster": (inputs) => ({ id: `c-${inputs.clusterName}`, status: "running" }),
  "alicloud:ackone/membershipAttachment:MembershipAttachment": (inputs) => ({
    id: `${inputs.clusterId}:${inputs.subClusterId}`,
  }),
  "github:index/repository:Repository": (inputs, name) => {
    const repository = `${inputs.name ?? name}`;
    return {
      id: repository,
      fullName: `acme/${repository}`,
      defaultBranch: "main",
      htmlUrl: `https://github.com/acme/${repository}`,
      httpCloneUrl: `https://github.com/acme/${repository}.git`,
      sshCloneUrl: `git@github.com:acme/${repository}.git`,
    };
  },
  "ackone:registry:SourceBinding": (inputs) => ({
    id: `${inputs.instanceId}:${inputs.repoId}`,
    codeRepoDomain: "https://github.com",
  }),
  "ackone:registry:BuildRule": (inputs, name) => ({
    id: `${inputs.instanceId}:${inputs.repoId}:crbr-${name}`,
    buildRuleId: `crbr-${name}`,
  }),
  "ackone:registry:InstanceEndpoint": (inputs) => ({
    id: `${inputs.instanceId}:${inputs.endpointType}`,
    status: "RUNNING",
    domains: [`${inputs.instanceId}-registry.cn-hangzhou.cr.aliyuncs.com`],
  }),
  "ackone:fleet:FleetFeatures": (inputs) => ({
    id: inputs.clusterId,
    apiServerPublicEndpoint: "https://203.0.113.10:6443",
    apiServerPrivateEndpoint: "https://192.168.0.10:6443",
    argocdHost: `argocd.${inputs.clusterId}.cn-hangzhou.alicontainer.com`,
  }),
  "ackone:fleet:Kubeconfig": (inputs) => ({
    id: `${inputs.clusterId}`,
    kubeconfig: kubeconfigOf(`${inputs.clusterId}`),
    expiration: "2029-01-01T00:00:00Z",
  }),
};

/** As ACK makes them: everything in it has the same name for every cluster. */
export function kubeconfigOf(id: string): string {
  return `apiVersion: v1
kind: Config
clusters:
  - name: kubernetes
    cluster: {server: "https://${id}.example:6443", certificate-authority-data: Y2E=}
users:
  - name: "200000000000000001"
    user: {client-certificate-data: Y2VydA==, client-key-data: a2V5}
contexts:
  - name: ${id}-admin
    context: {cluster: kubernetes, user: "200000000000000001"}
current-context: ${id}-admin
`;
}

/** Answers of provider functions, when a test gives none: an empty world. */
export const emptyWorld: Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>> = {
  "pulumi:pulumi:readStackResourceOutputs": () => ({ outputs: {} }),
  "ackone:registry:findInstance": () => ({ ids: [] }),
  "ackone:registry:findNamespace": () => ({ ids: [] }),
  "ackone:registry:findRepository": () => ({ ids: [] }),
  "ackone:registry:findAllowedRange": () => ({ ids: [] }),
  "ackone:registry:findVpcLink": () => ({ ids: [] }),
  "ackone:fleet:findFleet": () => ({ ids: [] }),
  "github:index/getRepository:getRepository": () => ({}),
};
