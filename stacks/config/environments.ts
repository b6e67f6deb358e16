/** `ackone-delivery:environments`: where services run, and who decides that a new version goes there. */
import * as z from "zod/mini";
import { labelRule, namespaceRule } from "../../components/gitops/names";
import { choice, flag, group, list, named, text } from "./fields";

/** Environments in which a release that nobody looked at does harm. */
const productionNames = /^(prod|production|live)$/;

const environmentName = text({
  doc: "Name of the environment.",
  is: "a name of an environment",
  use: "use 1 to 30 lower-case letters, digits and inner dashes, like staging",
  pattern: /^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/,
  rules: [labelRule],
});

export const environment = group("A namespace of a member cluster in which every service runs.", {
  cluster: text({
    doc: "One of ackone-delivery:clusters.",
    is: "a name of a cluster",
    use: "use a name from ackone-delivery:clusters",
    example: "workloads",
  }),
  namespace: text({
    doc: "Namespace on the cluster. Argo CD creates it with the first deployment. What runs in a former namespace or cluster stays there: to move an environment take it out, run pulumi up, and put it in again.",
    is: "a Kubernetes namespace",
    use: "use a namespace of the services' own, like echo-dev",
    rules: [namespaceRule],
    example: "echo-dev",
  }),
  sync: choice(["automatic", "manual"], {
    doc: "automatic: every change of the deployment repository is deployed at once. manual: a person deploys it in Argo CD.",
    is: "a way to deploy",
    example: "manual",
  }),
  unattended: z._default(
    flag(
      "Confirms sync: automatic for an environment called prod, production or live, where it is refused otherwise.",
    ),
    false,
  ),
  forceUpdate: z.optional(
    flag(
      "Writes new tags back even before the first deployment. Without it Image Updater only follows images that run, so that a manual environment has to be deployed once by hand.",
    ),
  ),
  operators: z._default(
    list(
      text({
        doc: "UID of a RAM user.",
        is: "a UID of a RAM user",
        // Argo CD takes any name here; one that isn't a UID would give nobody a right, without a word.
        use: 'copy its digits from the user\'s page in the RAM console, in quotes, like "200000000000000001"',
        pattern: /^[0-9]{5,32}$/,
      }),
      {
        doc: "UIDs of the RAM users who may look at the environment's Applications in Argo CD and deploy them: digits, which the RAM console shows on the user's page.",
        example: ["200000000000000001"],
      },
    ),
    [],
  ),
});

export const environments = named(environmentName, environment, {
  doc: "Environments by name, in the order in which a release travels. Another name is another environment: the Applications of the former name go, with their pods.",
  placeholder: "environment",
});

export type EnvironmentConfig = z.output<typeof environment>;

/** Automatic deployment that needs somebody's word for it. */
export function needsConfirmation(name: string, config: EnvironmentConfig): boolean {
  return config.sync === "automatic" && productionNames.test(name) && !config.unattended;
}
