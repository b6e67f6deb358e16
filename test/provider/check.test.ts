import { expect } from "chai";
import { Secret, UNKNOWN, type Values } from "../../provider/plugin/values";
import { cases } from "./cases";
import { useProvider } from "./fixture";

const INPUTS: Record<string, Values> = Object.fromEntries(cases.map(({ type, inputs }) => [type, inputs]));
const BINDING = "ackone:registry:SourceBinding";
const RULE = "ackone:registry:BuildRule";
const ENDPOINT = "ackone:registry:InstanceEndpoint";
const FEATURES = "ackone:fleet:FleetFeatures";
const KUBECONFIG = "ackone:fleet:Kubeconfig";
const PERMISSION = "ackone:fleet:Permission";
const INSTANCE_ID = "is not the id of an Enterprise Edition instance; it looks like cri-xkx6vujuhay0tux6";
const CLUSTER_ID =
  "is not the id of a cluster; it is a c and 32 digits and letters, such as c09946603cd764dac96135f51d1ba1234";

/** Type, inputs that differ from good ones (null: left out), and all failures. */
const wrong: [type: string, inputs: Values, ...failures: string[]][] = [
  [BINDING, { instanceId: null }, "instanceId: is missing: Id of the Enterprise Edition instance, `cri-…`"],
  [BINDING, { instanceId: "acme" }, `instanceId: "acme" ${INSTANCE_ID}`],
  [
    BINDING,
    { repoId: "cri-test:echo:server" },
    'repoId: "cri-test:echo:server" is not the id of an image repository; it looks like crr-tquyps22md8p9rz8 (the output repoId, not the id)',
  ],
  [
    BINDING,
    { codeRepoType: "BITBUCKET" },
    'codeRepoType: "BITBUCKET" is not one of its values; use GITHUB, GITLAB, GITEE, CODE or CODEUP',
  ],
  [BINDING, { codeRepoName: "" }, "codeRepoName: is empty: Name of the source repository"],
  [BINDING, { autoBuild: "yes" }, 'autoBuild: "yes" is not true or false'],
  [
    BINDING,
    { branch: "main" },
    "branch: is not an input; the inputs are instanceId, repoId, codeRepoType, codeRepoNamespace, codeRepoName, autoBuild, overseaBuild, disableCacheBuild",
  ],
  [RULE, { instanceId: "cri_test" }, `instanceId: "cri_test" ${INSTANCE_ID}`],
  [RULE, { pushType: "TAG" }, 'pushType: "TAG" is not one of its values; use GIT_TAG or GIT_BRANCH'],
  [RULE, { pushName: 5 }, "pushName: 5 is not a string"],
  [
    RULE,
    { dockerfileLocation: "docker" },
    `dockerfileLocation: "docker" is not a folder from the repository's root; start it with /`,
  ],
  [
    RULE,
    { dockerfileName: "docker/Dockerfile" },
    'dockerfileName: "docker/Dockerfile" is not a file name; folders go into dockerfileLocation',
  ],
  [RULE, { platforms: "linux/amd64" }, 'platforms: "linux/amd64" is not a list of strings'],
  [RULE, { platforms: ["amd64"] }, 'platforms: "amd64" is not a platform; it looks like linux/amd64'],
  [RULE, { platforms: [] }, "platforms: is empty; leave it out for linux/amd64"],
  [RULE, { buildArgs: ["A=1"] }, 'buildArgs: ["A=1"] is not a map from names to strings'],
  [
    RULE,
    { buildArgs: { "1A": "x" } },
    'buildArgs: "1A" is not the name of a build argument; use letters, digits and _, and no digit first',
  ],
  [RULE, { imageTag: new Secret(7) }, "imageTag: the secret value is not a string"],
  [ENDPOINT, { instanceId: "test" }, `instanceId: "test" ${INSTANCE_ID}`],
  [ENDPOINT, { endpointType: "vpc" }, 'endpointType: "vpc" is not one of its values; use internet'],
  [
    ENDPOINT,
    { moduleName: "Images" },
    'moduleName: "Images" is not one of its values; use Registry or Chart',
  ],
  [FEATURES, { clusterId: "acme-fleet" }, `clusterId: "acme-fleet" ${CLUSTER_ID}`],
  [
    FEATURES,
    { gitops: false, gitopsHighAvailability: true },
    "gitopsHighAvailability: needs gitops: true; set gitops, or leave this out",
  ],
  [
    FEATURES,
    { gitops: false, gitopsPublicAccess: true },
    "gitopsPublicAccess: needs gitops: true; set gitops, or leave this out",
  ],
  [
    FEATURES,
    { gitopsAccessControlList: ["198.51.100.0/24"] },
    "gitopsAccessControlList: limits access from the Internet, which is off; set gitopsPublicAccess: true, or leave this out",
  ],
  [
    FEATURES,
    { gitopsPublicAccess: true, gitopsAccessControlList: ["198.51.100.0/33"] },
    'gitopsAccessControlList: "198.51.100.0/33" is not a CIDR block; it looks like 198.51.100.0/24',
  ],
  [KUBECONFIG, { source: "hub" }, 'source: "hub" is not one of its values; use fleet or member'],
  [KUBECONFIG, { renewBeforeDays: 1.5 }, "renewBeforeDays: 1.5 is not a whole number"],
  [KUBECONFIG, { renewBeforeDays: -1 }, "renewBeforeDays: -1 is negative; use 0 or more days"],
  [
    PERMISSION,
    { userId: "jane" },
    'userId: "jane" is not the id of a RAM user or role; ids are digits, not names',
  ],
  [PERMISSION, { roleType: "all" }, 'roleType: "all" is not one of its values; use cluster or namespace'],
  [
    PERMISSION,
    { roleName: "admin" },
    'roleName: "admin" is no role of the type namespace; use dev or gitops-dev',
  ],
  [PERMISSION, { namespace: null }, "namespace: is missing: the role type namespace needs one"],
  [PERMISSION, { roleName: "gitops-dev" }, 'namespace: "echo" has no GitOps; gitops-dev needs argocd'],
  [
    PERMISSION,
    { roleType: "cluster", roleName: "admin" },
    "namespace: is only for the role type namespace; leave it out",
  ],
];

describe("provider check", () => {
  const fixture = useProvider();

  for (const [type, inputs, ...failures] of wrong) {
    it(`refuses ${type.split(":")[2]} with ${JSON.stringify(inputs)}`, async () => {
      expect((await fixture.plugin.check(type, { ...INPUTS[type], ...inputs })).failures).to.deep.equal(
        failures,
      );
      expect(fixture.cloud.calls).to.deep.equal([]);
    });
  }

  it("names everything that is wrong at once", async () => {
    const { failures } = await fixture.plugin.check(RULE, { instanceId: "x", pushType: "y" });
    expect(failures.map((failure) => failure.split(":")[0])).to.deep.equal([
      "instanceId",
      "repoId",
      "pushType",
      "pushName",
      "imageTag",
    ]);
  });

  it("fills in defaults", async () => {
    expect((await fixture.plugin.check(RULE, INPUTS[RULE] ?? {})).inputs).to.deep.equal({
      ...INPUTS[RULE],
      dockerfileLocation: "/",
      dockerfileName: "Dockerfile",
      platforms: ["linux/amd64"],
      buildArgs: {},
    });
  });

  for (const [host, overseas] of [
    ["GITHUB", true],
    ["GITLAB", false],
    ["CODEUP", false],
  ] as const) {
    it(`builds ${host} sources ${overseas ? "outside" : "inside"} the Chinese mainland`, async () => {
      const { inputs } = await fixture.plugin.check(BINDING, { ...INPUTS[BINDING], codeRepoType: host });
      expect(inputs["overseaBuild"]).to.equal(overseas);
    });
  }

  it("gives gitops-dev the only namespace that it may have", async () => {
    const news = { ...INPUTS[PERMISSION], roleName: "gitops-dev", namespace: null };
    const { inputs, failures } = await fixture.plugin.check(PERMISSION, news);
    expect([inputs["namespace"], failures]).to.deep.equal(["argocd", []]);
  });

  it("judges nothing that isn't known yet", async () => {
    for (const { type, inputs } of cases) {
      const unknown = Object.fromEntries(Object.keys(inputs).map((name) => [name, UNKNOWN]));
      expect((await fixture.plugin.check(type, unknown)).failures, type).to.deep.equal([]);
    }
    const { failures } = await fixture.plugin.check(PERMISSION, {
      ...INPUTS[PERMISSION],
      namespace: UNKNOWN,
    });
    expect(failures).to.deep.equal([]);
  });

  it("keeps secrets secret", async () => {
    const buildArgs = { TOKEN: new Secret("hunter2") };
    const { inputs } = await fixture.plugin.check(RULE, { ...INPUTS[RULE], buildArgs });
    expect(inputs["buildArgs"]).to.deep.equal(new Secret({ TOKEN: "hunter2" }));
  });
});
