import { addService, both, describeMistakes, set } from "./mistake";

describeMistakes("Fleet, clusters and environments", [
  [
    "a name that no Fleet may have",
    set("fleet.name", "-acme"),
    'fleet.name: "-acme" is not a name for a Fleet; use 1 to 63 letters, digits, hyphens and underscores, a letter or digit first',
  ],
  [
    "no vSwitch",
    set("fleet.network.vSwitches", []),
    "fleet.network.vSwitches: [] is empty; a Fleet needs at least one vSwitch",
  ],
  [
    "a vSwitch twice",
    set("fleet.network.vSwitches", ["vsw-bp1a", "vsw-bp1b", "vsw-bp1a"]),
    'fleet.network.vSwitches: "vsw-bp1a" is listed twice; once is enough',
  ],
  [
    "an id of a vSwitch that is none",
    set("fleet.network.vSwitches", ["vpc-1"]),
    'fleet.network.vSwitches[0]: "vpc-1" is not the id of a vSwitch; it looks like "vsw-bp1mdigyhmilu2h4v****"',
  ],
  [
    "a web console that is open to everybody",
    set("fleet.gitops", { publicAccess: true }),
    "fleet.gitops.allow: is missing, but publicAccess is true; name address ranges",
  ],
  [
    "an allow-list without public access",
    set("fleet.gitops", { allow: ["198.51.100.0/24"] }),
    'fleet.gitops.allow: ["198.51.100.0/24"] has no effect; set publicAccess: true, or leave it out',
  ],
  [
    "a range that the word github stands for, beside it",
    set("fleet.gitops.allow", ["github", "140.82.112.0/20"]),
    'fleet.gitops.allow: "140.82.112.0/20" is listed twice, as a part of github; once is enough',
  ],
  [
    "the word github twice",
    set("fleet.gitops.allow", ["github", "github"]),
    'fleet.gitops.allow: "github" is listed twice; once is enough',
  ],
  [
    "another word among the ranges",
    set("fleet.gitops.allow", ["gitlab"]),
    'fleet.gitops.allow[0]: "gitlab" is not an address range; use CIDR notation like "198.51.100.0/24"',
  ],
  [
    "a switch in quotes",
    set("fleet.publicApiServer", "true"),
    'fleet.publicApiServer: "true" is not true or false; use true or false, without quotes',
  ],
  [
    "a UID without quotes, which loses digits",
    set("fleet.permissions", [{ userId: 200000000000000000, roleType: "cluster", roleName: "admin" }]),
    "fleet.permissions[0].userId: 200000000000000000 is not text; put it in quotes, as it should be",
  ],
  [
    "a role that doesn't exist for the whole Fleet",
    set("fleet.permissions", [{ userId: "200000000000000001", roleType: "cluster", roleName: "dev" }]),
    'fleet.permissions[0].roleName: "dev" is not a role for the whole Fleet; use admin, or roleType namespace',
  ],
  [
    "a role in a namespace that doesn't have it",
    set("fleet.permissions", [
      { userId: "200000000000000001", roleType: "namespace", roleName: "gitops-dev", namespace: "echo" },
    ]),
    'fleet.permissions[0].namespace: "echo" has no GitOps; the role gitops-dev exists in "argocd" only',
  ],
  [
    "a permission twice, for a user and a role of the same id",
    set("fleet.permissions", [
      { userId: "200000000000000001", roleType: "cluster", roleName: "admin" },
      { userId: "200000000000000001", roleType: "cluster", roleName: "admin", isRamRole: true },
    ]),
    "fleet.permissions[1]: is listed twice; once is enough",
  ],
  [
    "a bad cluster id",
    set("clusters.workloads.id", "c123"),
    'clusters.workloads.id: "c123" is not the id of a cluster; it has 33 characters, "c" and 32 hexadecimal digits',
  ],
  [
    "a cluster under two names",
    set("clusters.other", { id: "c01b4c73f17580d6add8d237c4df8f99e", name: "other" }),
    "clusters.other.id: is the cluster workloads as well; attach a cluster once",
  ],
  [
    "a name that no cluster has",
    set("clusters.workloads.name", "dev workloads"),
    'clusters.workloads.name: "dev workloads" is not the name of a cluster; use 1 to 63 letters, digits, _ and -, as in the ACK console',
  ],
  [
    "an environment without a cluster",
    set("environments.dev.cluster", undefined),
    "environments.dev.cluster: is missing; use a name from ackone-delivery:clusters",
  ],
  [
    "an environment on a misspelt cluster",
    set("environments.dev.cluster", "worklods"),
    'environments.dev.cluster: "worklods" is not in ackone-delivery:clusters; did you mean workloads?',
  ],
  [
    "a namespace of Kubernetes",
    set("environments.dev.namespace", "kube-system"),
    `environments.dev.namespace: "kube-system" is reserved for the cluster itself; choose a namespace of the service's own, like echo-dev`,
  ],
  [
    "a namespace of Argo CD",
    set("environments.dev.namespace", "argocd"),
    `environments.dev.namespace: "argocd" is reserved for the cluster itself; choose a namespace of the service's own, like echo-dev`,
  ],
  [
    "the namespace default",
    set("environments.dev.namespace", "default"),
    `environments.dev.namespace: "default" is reserved for the cluster itself; choose a namespace of the service's own, like echo-dev`,
  ],
  [
    "two environments in one namespace",
    set("environments.staging.namespace", "echo-dev"),
    'environments.staging.namespace: "echo-dev" on "workloads" is the environment dev as well; every environment needs a namespace of its own',
  ],
  [
    "operators by their names, who would silently have no rights",
    set("environments.dev.operators", ["200000000000000001", "alice", "bob@acme.onaliyun.com"]),
    'environments.dev.operators[1]: "alice" is not a UID of a RAM user; copy its digits from the user\'s page in the RAM console, in quotes, like "200000000000000001"',
    'environments.dev.operators[2]: "bob@acme.onaliyun.com" is not a UID of a RAM user; copy its digits from the user\'s page in the RAM console, in quotes, like "200000000000000001"',
  ],
  [
    "an unknown sync mode",
    set("environments.dev.sync", "auto"),
    'environments.dev.sync: "auto" is not a way to deploy; use automatic or manual',
  ],
  [
    "a production that deploys by itself",
    set("environments.production.sync", "automatic"),
    'environments.production.sync: "automatic" would deploy every build to production without a person; use manual, or confirm it with unattended: true',
  ],
  [
    "no environment",
    set("environments", {}),
    "environments: {} is empty; a service is deployed to at least one environment",
  ],
  [
    "a name of an environment with capitals",
    set("environments.Test", { cluster: "workloads", namespace: "test", sync: "manual" }),
    'environments: "Test" is not a name of an environment; use 1 to 30 lower-case letters, digits and inner dashes, like staging',
  ],
  [
    "an unknown controller for canary releases",
    set("clusters.workloads.canary", ["flagger"]),
    'clusters.workloads.canary[0]: "flagger" is not a controller for canary releases; use kruise or argo-rollouts',
  ],
  [
    "a controller for canary releases that isn't in a list",
    set("clusters.workloads.canary", "kruise"),
    'clusters.workloads.canary: "kruise" is not a list; write it as a list, like [a, b]',
  ],
  [
    "a controller twice",
    set("clusters.workloads.canary", ["kruise", "kruise"]),
    'clusters.workloads.canary: "kruise" is listed twice; once is enough',
  ],
  [
    "a mirror of Argo Rollouts where it isn't installed",
    both(
      set("clusters.workloads.canary", ["kruise"]),
      set("clusters.workloads.argoRollouts", { revision: "v1.8.3" }),
    ),
    "clusters.workloads.argoRollouts: has no effect, for Argo Rollouts isn't installed; add argo-rollouts to canary, or leave it out",
  ],
  [
    "a mirror of Argo Rollouts that is no Git repository",
    set("clusters.workloads.argoRollouts", { repository: "git.corp.example/mirror/argo-rollouts" }),
    'clusters.workloads.argoRollouts.repository: "git.corp.example/mirror/argo-rollouts" is not the URL of a Git repository; use https://host/owner/name.git or git@host:owner/name.git',
  ],
  [
    "a mirror of Argo Rollouts with a token in its URL",
    set("clusters.workloads.argoRollouts", {
      repository: "https://x:hunter2@git.corp.example/mirror/argo-rollouts.git",
    }),
    "clusters.workloads.argoRollouts.repository: the URL for git.corp.example has credentials in it; give them as credentials, where they stay secret",
  ],
  [
    "a range for the revision of Argo Rollouts",
    set("clusters.workloads.argoRollouts", { revision: "^1.8" }),
    'clusters.workloads.argoRollouts.revision: "^1.8" is not a tag, branch or commit; use one like v1.8.3',
  ],
  [
    "an image of Argo Rollouts without a version",
    set("clusters.workloads.argoRollouts", { image: "registry.example/mirror/argo-rollouts:latest" }),
    'clusters.workloads.argoRollouts.image: "registry.example/mirror/argo-rollouts:latest" is not an image with a fixed version; use host/name:tag',
  ],
  [
    "an unknown key of Argo Rollouts",
    set("clusters.workloads.argoRollouts", { version: "v1.8.3" }),
    "clusters.workloads.argoRollouts.version: is not a key of ackone-delivery:clusters.workloads.argoRollouts; use repository, revision or image",
  ],
  [
    "service accounts where pods don't pull that way",
    both(
      set("clusters.workloads.imagePull", false),
      set("clusters.workloads.serviceAccounts", ["default", "echo"]),
    ),
    "clusters.workloads.serviceAccounts: has no effect with imagePull: false; leave one of them out",
  ],
  [
    "no service account",
    set("clusters.workloads.serviceAccounts", []),
    "clusters.workloads.serviceAccounts: [] is empty; leave it out for the account default, or set imagePull: false",
  ],
  [
    "a service account twice",
    set("clusters.workloads.serviceAccounts", ["echo", "default", "echo"]),
    'clusters.workloads.serviceAccounts: "echo" is listed twice; once is enough',
  ],
  [
    "a name that no service account has",
    set("clusters.workloads.serviceAccounts", ["*"]),
    'clusters.workloads.serviceAccounts[0]: "*" is not a Kubernetes name; use lower-case letters, digits and inner dashes, like echo-dev',
  ],
  [
    "two clusters whose Argo Rollouts would be one Application",
    set("clusters.Workloads", {
      id: "c00000000000000000000000000000001",
      name: "other",
      canary: ["argo-rollouts"],
    }),
    "clusters.Workloads: would share the Application argo-rollouts-workloads with the cluster workloads; rename one of them",
  ],
  [
    "a service that would be the Application of Argo Rollouts",
    both(
      set("environments.workloads", { cluster: "workloads", namespace: "other", sync: "manual" }),
      addService("argo-rollouts", (service) => {
        service.images = { other: { source: { fork: "a/other" }, kustomize: { image: "other" } } };
      }),
    ),
    "services.argo-rollouts: in workloads would be the Application argo-rollouts-workloads, with which Argo CD deploys Argo Rollouts; rename the service",
  ],
]);
