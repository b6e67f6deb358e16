/** `ackone-delivery:fleet` and `ackone-delivery:clusters`: the ACK One Fleet and its member clusters. */
import * as z from "zod/mini";
import { invalid, VisibleError } from "../../components/error";
import { githubHookRanges, githubHooks, withGithubHooks } from "../../components/fleet/github-hooks";
import { canaryControllers } from "../../components/fleet/member-cluster";
import {
  clusterIdRule,
  clusterNameRule,
  fleetNameRule,
  permissionComplaint,
  permissionKey,
} from "../../components/fleet/names";
import { labelRule } from "../../components/gitops/names";
import { addressRangeRule, duplicateRange } from "../../components/registry/address-range";
import type { Rule } from "../../components/validation";
import { argoRollouts, serviceAccounts } from "./cluster-addons";
import { choice, flag, group, list, named, text } from "./fields";
import { addressRange, vpcId, vSwitchId } from "./network";

const permission = group(
  "What a RAM user may do on the Fleet.",
  {
    userId: text({
      // UIDs have more digits than a YAML number keeps.
      doc: "Id of the RAM user or role.",
      is: "the id of a RAM user or role",
      use: 'copy it from the RAM console, in quotes, like "200000000000000001"',
      example: "200000000000000001",
    }),
    roleType: choice(["cluster", "namespace"], {
      doc: "Whether the role holds for the whole Fleet or for one namespace of it.",
      is: "a kind of permission",
    }),
    roleName: choice(["admin", "dev", "gitops-dev"], {
      doc: "admin goes with cluster, the others with namespace. gitops-dev may manage Applications.",
      is: "a role on a Fleet",
    }),
    namespace: z.optional(
      text({
        doc: "Namespace of the Fleet, with roleType namespace. gitops-dev exists in argocd only.",
        is: "a Kubernetes namespace",
        use: "use a namespace of the Fleet, like argocd",
        rules: [labelRule],
        example: "argocd",
      }),
    ),
    isRamRole: z._default(flag("True when userId is the id of a RAM role."), false),
  },
  (path, value) => {
    const problem = permissionComplaint(value);
    if (problem !== undefined) {
      throw invalid(`${path}.${problem.field}`, value[problem.field], problem.complaint);
    }
  },
);

/** A range, or the word for those of GitHub. */
const allowedRule: Rule<string> = (range) => (range === githubHooks ? undefined : addressRangeRule(range));

const fields = {
  name: text({
    doc: "Name of the Fleet. Another name is another Fleet: destroy the stack first.",
    is: "a name of a Fleet",
    use: "use 1 to 63 letters, digits, _ and -, starting with a letter or digit",
    rules: [fleetNameRule],
    example: "acme-dev",
  }),
  network: group(
    "Where the Fleet's API server lives. Another place is another Fleet: destroy the stack first.",
    {
      vpcId,
      vSwitches: list(vSwitchId, {
        doc: "vSwitches of the VPC for the Fleet's API server.",
        example: ["vsw-bp1dev"],
      }),
    },
  ),
  gitops: z._default(
    group("The hosted Argo CD. It is always on; destroying the stack turns it off before the Fleet goes.", {
      highAvailability: z._default(flag("Runs Argo CD's components twice."), false),
      publicAccess: z._default(flag("Publishes Argo CD's web console on the internet."), false),
      allow: z._default(
        list(addressRange("Address range that may reach the web console.", allowedRule), {
          doc: "Address ranges that may reach the web console; needed with publicAccess. The word github stands for the ranges from which GitHub delivers webhooks.",
          example: ["198.51.100.0/24", "github"],
        }),
        [],
      ),
      restartOnChange: z._default(
        flag(
          "Restarts the pods of argocd-server when Image Updater's settings have changed; it reads them only when it starts. With false that is a step by hand.",
        ),
        true,
      ),
      refreshPaths: z._default(
        flag(
          "Spares each Application the pushes that concern others only. Without it Argo CD may overlook one of several tags that are written back within seconds until its next poll, minutes later. Needs Argo CD 2.12 or later (argocd version): older ones would deploy changes late or never.",
        ),
        false,
      ),
    }),
    { highAvailability: false, publicAccess: false, allow: [], restartOnChange: true, refreshPaths: false },
  ),
  publicApiServer: z._default(
    flag(
      "Gives the Fleet's API server a public address (an EIP), which Pulumi then uses. Without it Pulumi has to run inside the VPC.",
    ),
    false,
  ),
  deletionProtection: z._default(flag("Makes Alibaba Cloud refuse to delete the Fleet."), false),
  permissions: z._default(
    list(permission, {
      doc: "What RAM users may do on the Fleet.",
      example: [
        {
          userId: "200000000000000001",
          roleType: "namespace",
          roleName: "gitops-dev",
          namespace: "argocd",
        },
      ],
    }),
    [],
  ),
};

export const fleet = group("The ACK One Fleet instance with its hosted Argo CD.", fields, (path, value) => {
  const { gitops, network, permissions } = value;
  if (network.vSwitches.length === 0) {
    throw new VisibleError(`${path}.network.vSwitches: [] is empty; a Fleet needs at least one vSwitch`);
  }
  refuseTwice(`${path}.network.vSwitches`, network.vSwitches);
  if (gitops.publicAccess && gitops.allow.length === 0) {
    throw new VisibleError(`${path}.gitops.allow: is missing, but publicAccess is true; name address ranges`);
  }
  if (!gitops.publicAccess && gitops.allow.length > 0) {
    throw invalid(
      `${path}.gitops.allow`,
      gitops.allow,
      "has no effect; set publicAccess: true, or leave it out",
    );
  }
  const twice = duplicateRange(gitops.allow) ?? duplicateRange(withGithubHooks(gitops.allow));
  if (twice !== undefined) {
    const where = githubHookRanges.includes(twice)
      ? `is listed twice, as a part of ${githubHooks}`
      : "is listed twice";
    throw invalid(`${path}.gitops.allow`, twice, `${where}; once is enough`);
  }
  const keys = permissions.map(permissionKey);
  const again = keys.findIndex((key, index) => keys.indexOf(key) !== index);
  if (again !== -1) {
    throw new VisibleError(`${path}.permissions[${again}]: is listed twice; once is enough`);
  }
});

const clusterKey = text({
  doc: "Name of the cluster in this file.",
  is: "a name for a cluster in this file",
  use: "use 1 to 30 letters, digits and inner dashes, like workloads",
  pattern: /^[A-Za-z0-9]([A-Za-z0-9-]{0,28}[A-Za-z0-9])?$/,
});

const clusterFields = {
  id: text({
    doc: "Id of the cluster.",
    is: "an id of an ACK cluster",
    use: "copy it from the ACK console: c and 32 hexadecimal digits",
    rules: [clusterIdRule],
    example: "c01b4c73f17580d6add8d237c4df8f99e",
  }),
  name: text({
    doc: "Name of the cluster as the ACK console shows it. Argo CD knows the cluster as <id>-<name>.",
    is: "a name of an ACK cluster",
    use: "use 1 to 63 letters, digits, _ and -, as in the ACK console",
    rules: [clusterNameRule],
    example: "dev-workloads",
  }),
  canary: z._default(
    list(
      choice(canaryControllers, {
        doc: "A controller for releases in steps.",
        is: "a controller for canary releases",
      }),
      {
        doc: "What is installed for releases in steps: kruise (the add-on ack-kruise), argo-rollouts (deployed by Argo CD), or both. Charts with a Rollout of theirs need it; before one is taken out, no chart may use it any more.",
        example: ["kruise"],
      },
    ),
    [],
  ),
  imagePull: z._default(
    flag(
      "Installs the add-on managed-aliyun-acr-credential-helper, with which pods in the namespaces of the cluster's environments pull images without a password. false for clusters that don't offer it or have another way.",
    ),
    true,
  ),
  serviceAccounts: z.optional(serviceAccounts),
  argoRollouts: z.optional(argoRollouts),
  privateApiServer: z._default(
    flag("Reaches the cluster's API server by its address in the VPC instead of the public one."),
    false,
  ),
};

function refuseTwice(path: string, names: string[]): void {
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined) {
    throw invalid(path, twice, "is listed twice; once is enough");
  }
}

export const cluster = group(
  "An ACK or registered cluster that is attached to the Fleet.",
  clusterFields,
  (path, { canary, imagePull, serviceAccounts: accounts, argoRollouts: origin }) => {
    refuseTwice(`${path}.canary`, canary);
    if (origin !== undefined && !canary.includes("argo-rollouts")) {
      throw new VisibleError(
        `${path}.argoRollouts: has no effect, for Argo Rollouts isn't installed; add argo-rollouts to canary, or leave it out`,
      );
    }
    if (accounts === undefined) {
      return;
    }
    if (!imagePull) {
      throw new VisibleError(
        `${path}.serviceAccounts: has no effect with imagePull: false; leave one of them out`,
      );
    }
    if (accounts.length === 0) {
      throw new VisibleError(
        `${path}.serviceAccounts: [] is empty; leave it out for the account default, or set imagePull: false`,
      );
    }
    refuseTwice(`${path}.serviceAccounts`, accounts);
  },
);

export const clusters = named(clusterKey, cluster, {
  doc: "Member clusters by the name that environments use for them. The name stays as long as the cluster does.",
  placeholder: "cluster",
});

export type FleetConfig = z.output<typeof fleet>;
export type ClusterConfig = z.output<typeof cluster>;
