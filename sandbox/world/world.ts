import type { Owner } from "../emulators/github";
import type { ToolName } from "../tools";
import { versions } from "../tools/versions";

/**
 * What exists before the first `pulumi up`: the account's networks and member clusters, the organisations and
 * sample repositories of GitHub. In a real account these are the things a company has already; the ids are the
 * ones in `Pulumi.dev.yaml` and `Pulumi.prod.yaml`. A stack that names another id is refused, as the cloud would.
 */
export interface World {
  /** Region of the account's resources. */
  region: string;
  vpcs: { id: string; vSwitches: string[] }[];
  /** ACK clusters that can become members of a Fleet; an id is `c` and 32 hexadecimal digits. */
  members: { id: string; name: string }[];
  github: {
    /** Accounts that may own repositories; a name alone is one that the bot administers. */
    owners: (string | Owner)[];
    /** The user whose token the program and Argo CD use. */
    bot: string;
    /** Repositories that are there from the start: full name and folder under `samples/`. */
    samples: { fullName: string; folder: string }[];
    /**
     * Public repositories of other projects, as far as somebody deploys from them: the files of a tool, in a folder of
     * the repository, at a tag.
     */
    upstream: { fullName: string; tool: ToolName; under: string; tag: string }[];
  };
}

export const world: World = {
  region: "cn-hangzhou",
  vpcs: [
    { id: "vpc-bp1devplatform00000001", vSwitches: ["vsw-bp1devplatform00000001"] },
    { id: "vpc-bp1prodplatform0000001", vSwitches: ["vsw-bp1prodplatform0000001"] },
  ],
  members: [
    { id: "c01b4c73f17580d6add8d237c4df8f99e", name: "dev-workloads" },
    { id: "cae394789c7fd066df8dff69f1898a9b7", name: "prod-dev" },
    { id: "ca2eff489857881e48046be1f9363429a", name: "prod-staging" },
    { id: "c46048e463226b9db0dd9302995b22462", name: "prod-production" },
  ],
  github: {
    owners: [
      { login: "ackone-samples", type: "Organization", members: [] },
      { login: "argoproj", type: "Organization", members: [] },
      "acme",
      "acme-prod",
    ],
    bot: "acme-bot",
    samples: ["echo-server", "echo-web-server", "greeter", "echo-deploy"].map((name) => ({
      fullName: `ackone-samples/${name}`,
      folder: name,
    })),
    upstream: [
      {
        fullName: "argoproj/argo-rollouts",
        tool: "argo-rollouts-manifests",
        under: "manifests",
        tag: `v${versions.argoRollouts}`,
      },
    ],
  },
};
