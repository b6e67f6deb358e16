import { expect } from "chai";
import {
  type HelperConfig,
  ImagePullCredentials,
  type ImagePullCredentialsArgs,
  renderHelperConfig,
} from "../../../components/rollouts/image-pull-credentials";
import { failureOf, record, unknown } from "../../support/mocks";
import { unknownOutput } from "../../support/unknown";

const base: ImagePullCredentialsArgs = {
  clusterId: "c01b4c73f17580d6add8d237c4df8f99e",
  instanceId: "cri-0123456789abcdef",
  region: "cn-hangzhou",
  namespaces: ["echo-staging", "echo-dev"],
};
const make = (args: Partial<ImagePullCredentialsArgs> = {}) =>
  new ImagePullCredentials("pull", { ...base, ...args });

const config: HelperConfig = {
  instanceId: "cri-0123456789abcdef",
  regionId: "cn-hangzhou",
  namespaces: ["echo-staging", "echo-dev"],
  serviceAccounts: ["default"],
};

/** As Go writes JSON that it has read: sorted keys, no blanks. The provider compares with that. */
function asGoWrites(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(asGoWrites).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${asGoWrites(inner)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

describe("components/rollouts/image-pull-credentials", () => {
  it("is the add-on that logs the namespaces' service accounts in to the registry", async () => {
    const graph = await record(() => make());
    expect(graph.shape()).to.deep.equal([
      "ackone:rollouts:ImagePullCredentials pull",
      "alicloud:cs/kubernetesAddon:KubernetesAddon pull-addon",
    ]);
    expect(graph.named("pull-addon").inputs).to.deep.equal({
      clusterId: base.clusterId,
      name: "managed-aliyun-acr-credential-helper",
      config:
        '{"AcrInstanceInfo":[{"instanceId":"cri-0123456789abcdef","regionId":"cn-hangzhou"}],' +
        '"serviceAccount":"default","watchNamespace":"echo-dev,echo-staging"}',
    });
  });

  it("serves other accounts, in the version that is asked for", async () => {
    const graph = await record(() => make({ serviceAccounts: ["web", "default"], version: "v25.02.18.1" }));
    const { inputs } = graph.named("pull-addon");
    expect(inputs).to.include({ version: "v25.02.18.1" });
    expect(JSON.parse(inputs.config as string)).to.include({ serviceAccount: "default,web" });
  });

  it("has the text that the provider reads back, so that no preview shows a change", () => {
    const text = renderHelperConfig(config);
    expect(text).to.equal(asGoWrites(JSON.parse(text)));
  });

  it("doesn't change with the order of the namespaces, nor when one is named twice", () => {
    const namespaces = ["echo-dev", "echo-staging", "echo-dev"];
    expect(renderHelperConfig({ ...config, namespaces })).to.equal(renderHelperConfig(config));
  });

  it("is registered in a preview in which the registry isn't known yet", async () => {
    const graph = await record(() => make({ instanceId: unknownOutput() }), { preview: true });
    expect(graph.named("pull-addon").inputs.config).to.equal(unknown);
  });

  const wrong: [Partial<ImagePullCredentialsArgs>, string][] = [
    [{ namespaces: [] }, "pull.namespaces is empty; name the namespaces whose pods pull images"],
    [{ serviceAccounts: [] }, 'pull.serviceAccounts is empty; leave it out for the account "default"'],
    [
      { namespaces: ["echo-dev", "kube-system"] },
      'pull.namespaces[1]: "kube-system" is reserved for the cluster itself; choose a namespace of the service\'s own, like echo-dev',
    ],
    [
      { serviceAccounts: ["*"] },
      'pull.serviceAccounts[0]: "*" is not a Kubernetes name; use lower-case letters, digits and inner dashes, like echo-dev',
    ],
    [
      { version: "newest" },
      'pull.version: "newest" is not the version of an add-on; use one that the console\'s add-on page lists, like 1.8.4',
    ],
  ];
  for (const [args, sentence] of wrong) {
    it(`refuses ${JSON.stringify(args)}`, async () => {
      expect(await failureOf(() => make(args))).to.equal(sentence);
    });
  }
});
