/** Properties that several resources share: ids of things of Alibaba Cloud. */
import type { Property } from "../resource";

export const instanceId = {
  type: "string",
  description: "Id of the Enterprise Edition instance, `cri-…`.",
  required: true,
  replaces: true,
  pattern: {
    matches: (text) => /^cri-[a-z0-9]+$/.test(text),
    means: "the id of an Enterprise Edition instance; it looks like cri-xkx6vujuhay0tux6",
  },
} as const satisfies Property;

export const repoId = {
  type: "string",
  description:
    "Id of the image repository, `crr-…` (the output `repoId` of `cs.RegistryEnterpriseRepo`, not its id).",
  required: true,
  replaces: true,
  pattern: {
    matches: (text) => /^crr-[a-z0-9]+$/.test(text),
    means:
      "the id of an image repository; it looks like crr-tquyps22md8p9rz8 (the output repoId, not the id)",
  },
} as const satisfies Property;

export const clusterId = {
  type: "string",
  description: "Id of the cluster.",
  required: true,
  replaces: true,
  pattern: {
    matches: (text) => /^c[0-9a-z]{8,63}$/.test(text),
    means:
      "the id of a cluster; it is a c and 32 digits and letters, such as c09946603cd764dac96135f51d1ba1234",
  },
} as const satisfies Property;

export const fleetId = { ...clusterId, description: "Id of the Fleet instance." } as const satisfies Property;
