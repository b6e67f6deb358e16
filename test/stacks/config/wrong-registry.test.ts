import { describeMistakes, set } from "./mistake";

describeMistakes("registry", [
  [
    "an unknown edition",
    set("registry.instance.edition", "Gold"),
    'registry.instance.edition: "Gold" is not an edition of ACR Enterprise; use Basic, Standard or Advanced',
  ],
  [
    "an unknown key",
    set("registry.instnace", {}),
    "registry.instnace: is not a key of ackone-delivery:registry; did you mean instance?",
  ],
  [
    "an unknown key in a deeper group",
    set("registry.instance.editoin", "Basic"),
    "registry.instance.editoin: is not a key of ackone-delivery:registry.instance; did you mean edition?",
  ],
  [
    "a new and an existing instance at once",
    set("registry.instance", { name: "acme", id: "cri-1" }),
    "registry.instance: has both name and id; keep one of them",
  ],
  [
    "no instance",
    set("registry.instance", {}),
    "registry.instance: has neither name nor id; use one of them",
  ],
  [
    "text for the instance",
    set("registry.instance", "acme"),
    'registry.instance: "acme" is not a group of keys; see docs/configuration.md for its keys',
  ],
  [
    "a name that is too short for an instance",
    set("registry.instance.name", "a"),
    'registry.instance.name: "a" is not a name for an ACR instance; use 3 to 30 lower-case letters, digits and hyphens, no hyphen at either end',
  ],
  [
    "an id that is none",
    set("registry.instance", { id: "acme" }),
    'registry.instance.id: "acme" is not the id of an ACR instance; it looks like "cri-a1b2c3d4e5f6g7h8"',
  ],
  [
    "a period that can't be bought",
    set("registry.instance.period", 5),
    "registry.instance.period: 5 is not a length of subscription that can be bought; use 1, 2, 3, 6, 12, 24, 36, 48 or 60",
  ],
  [
    "an unknown renewal",
    set("registry.instance.renewal", "auto"),
    'registry.instance.renewal: "auto" is not a way to renew a subscription; use ManualRenewal or AutoRenewal',
  ],
  [
    "a namespace with capitals",
    set("registry.namespace", "Echo"),
    'registry.namespace: "Echo" is not a name for an ACR namespace; use 2 to 120 lower-case letters, digits and ., _ and -, letters or digits at both ends',
  ],
  [
    "a missing namespace",
    set("registry.namespace", undefined),
    "registry.namespace: is missing; use 2 to 120 lower-case letters, digits, ., _ and -, like echo-dev",
  ],
  [
    "a number for the namespace",
    set("registry.namespace", 5),
    "registry.namespace: 5 is not text; put it in quotes, as it should be",
  ],
  [
    "an invalid CIDR",
    set("registry.internet.allow", ["198.51.100.0/33"]),
    'registry.internet.allow[0]: "198.51.100.0/33" is not an address range; use CIDR notation like "198.51.100.0/24"',
  ],
  [
    "a single address",
    set("registry.internet.allow", ["198.51.100.7"]),
    'registry.internet.allow[0]: "198.51.100.7" is a single address; write the range "198.51.100.7/32"',
  ],
  [
    "an address inside of its range",
    set("registry.internet.allow", ["198.51.100.7/24"]),
    `registry.internet.allow[0]: "198.51.100.7/24" doesn't start at the range's first address; write "198.51.100.0/24"`,
  ],
  [
    "an IPv6 range",
    set("registry.internet.allow", ["2001:db8::/32"]),
    'registry.internet.allow[0]: "2001:db8::/32" is an IPv6 range; allow-lists take IPv4 ranges',
  ],
  [
    "the same range twice",
    set("registry.internet.allow", ["198.51.100.0/24", "198.51.100.0/24"]),
    'registry.internet.allow: "198.51.100.0/24" is listed twice; once is enough',
  ],
  [
    "an empty allow-list",
    set("registry.internet.allow", []),
    "registry.internet.allow: [] lets nobody in; name address ranges, or leave out internet",
  ],
  [
    "text for a list",
    set("registry.internet.allow", "198.51.100.0/24"),
    'registry.internet.allow: "198.51.100.0/24" is not a list; write it as a list, like [a, b]',
  ],
  [
    "a registry that nobody reaches",
    set("registry.internet", undefined),
    "registry: can be reached from nowhere; add internet.allow or vpcLinks",
  ],
  [
    "pulling from an endpoint that isn't open",
    set("registry.pullFrom", "vpc"),
    'registry.pullFrom: "vpc" is not open; add vpcLinks, or use internet',
  ],
  [
    "a VPC that is linked twice",
    set("registry.vpcLinks", [
      { vpcId: "vpc-bp1devplatform00000001", vSwitchId: "vsw-1" },
      { vpcId: "vpc-bp1devplatform00000001", vSwitchId: "vsw-2" },
    ]),
    'registry.vpcLinks[1].vpcId: "vpc-bp1devplatform00000001" is listed twice; a VPC is linked once',
  ],
  [
    "VPC links without the Fleet's VPC, from which Image Updater reads",
    set("registry.vpcLinks", [{ vpcId: "vpc-members", vSwitchId: "vsw-members" }]),
    "registry.vpcLinks: the Fleet's VPC \"vpc-bp1devplatform00000001\" is not among them, so that Image Updater can't reach the registry; link it, or use pullFrom: internet",
  ],
  [
    "an id of a VPC that is none",
    set("registry.vpcLinks", [{ vpcId: "vpc_1", vSwitchId: "vsw-1" }]),
    'registry.vpcLinks[0].vpcId: "vpc_1" is not the id of a VPC; it looks like "vpc-bp1aevy8sofi8mh1q****"',
  ],
]);
