/** The keys `ackone-delivery:*` of a stack file and what each holds. */
import * as z from "zod/mini";
import { deployment } from "./deployment";
import { environments } from "./environments";
import { flag, text } from "./fields";
import { clusters, fleet } from "./fleet";
import { registry } from "./registry";
import { services } from "./services";

/** Plain words and switches, as Pulumi hands them over: text. */
export const scalars = {
  platform: text({
    doc: "Name of the platform. Projects in Argo CD and Secrets start with it; a change replaces them, and nothing that runs.",
    is: "a name of a platform",
    use: "use 2 to 26 lower-case letters, digits and dashes, starting with a letter, like acme-dev",
    pattern: /^[a-z][a-z0-9-]{0,24}[a-z0-9]$/,
    example: "acme-dev",
  }),
  protect: z._default(
    flag(
      "Refuses to delete what can't be had back: the registry with its images, the forks, the Fleet, and the Applications that wait for a person. A destroy of the stack then fails before it deletes anything; to destroy it after all, set this to false and run pulumi up first.",
    ),
    false,
  ),
};

/** Groups of keys, which Pulumi hands over as JSON. */
export const groups = { registry, fleet, clusters, environments, deployment, services };

export type ScalarName = keyof typeof scalars;
export type GroupName = keyof typeof groups;
export type Groups = { [Name in GroupName]: z.output<(typeof groups)[Name]> };
