/** `ackone-delivery:registry`: the ACR Enterprise instance that builds the images and keeps them. */
import * as z from "zod/mini";
import { invalid, VisibleError } from "../../components/error";
import { duplicateRange, registryRangeRule } from "../../components/registry/address-range";
import {
  editions,
  instanceIdRule,
  instanceNameRule,
  namespaceNameRule,
  periods,
  renewals,
} from "../../components/registry/names";
import { choice, flag, group, list, number, text, variant } from "./fields";
import { addressRange, vpcId, vSwitchId } from "./network";

const newInstance = group("A new instance.", {
  name: text({
    doc: "Name of the new instance; the registry's host names start with it. A change replaces the instance and all images.",
    is: "a name for an ACR instance",
    use: "use 3 to 30 lower-case letters, digits and hyphens, like acme-dev",
    rules: [instanceNameRule],
    example: "acme-dev",
  }),
  edition: choice(editions, {
    doc: "Edition of the new instance. It decides the quotas (repositories, build rules, VPC links) and the price.",
    is: "an edition of ACR Enterprise",
    example: "Basic",
  }),
  period: z._default(
    number(periods, {
      doc: "Months that the subscription is paid for. It counts when the instance is bought; changing it later changes nothing.",
      is: "a length of subscription that can be bought",
    }),
    1,
  ),
  renewal: z._default(
    choice(renewals, {
      doc: "What happens at the end of the period. Without a renewal the instance and its images are released. On an instance that exists change it in the console first, then here, then run pulumi up --refresh: otherwise the provider replaces the instance.",
      is: "a way to renew a subscription",
    }),
    "ManualRenewal",
  ),
  setPassword: z._default(
    flag(
      "Sets the registry password of the account that runs Pulumi to the secret registryPassword, which spares the click in the console. Then registryUser has to be that account.",
    ),
    false,
  ),
});

const existingInstance = group("An instance that is there already. It is never changed or deleted.", {
  id: text({
    doc: "Id of the instance.",
    is: "the id of an ACR instance",
    use: "copy it from the console; it looks like cri-0123456789abcdef",
    rules: [instanceIdRule],
    example: "cri-0123456789abcdef",
  }),
});

const fields = {
  instance: variant("The ACR Enterprise instance: a new one by its name, or an existing one by its id.", {
    name: newInstance,
    id: existingInstance,
  }),
  namespace: text({
    doc: "Namespace of all image repositories in the instance. It is created.",
    is: "a name for an ACR namespace",
    use: "use 2 to 120 lower-case letters, digits, ., _ and -, like echo-dev",
    rules: [namespaceNameRule],
    example: "echo-dev",
  }),
  tagImmutability: z._default(
    flag("Refuses to overwrite a tag that is there already, so that a tag always means the same image."),
    false,
  ),
  internet: z.optional(
    group("Opens the registry's internet endpoint. Without it the registry is reachable from VPCs only.", {
      allow: list(addressRange("An address range that may reach the endpoint.", registryRangeRule), {
        doc: "Address ranges that may reach the endpoint; everybody else is refused.",
        example: ["198.51.100.0/24"],
      }),
    }),
  ),
  vpcLinks: z._default(
    list(group("A VPC from which images are pulled.", { vpcId, vSwitchId }), {
      doc: "VPCs that reach the registry on their own network. The edition limits their number.",
      example: [{ vpcId: "vpc-bp1dev", vSwitchId: "vsw-bp1dev" }],
    }),
    [],
  ),
  pullFrom: z.optional(
    choice(["internet", "vpc"], {
      doc: "Which of the registry's two host names is used, everywhere: by the charts, the clusters and Image Updater.",
      is: "an endpoint of the registry",
      defaultDoc: "vpc when there is a VPC link, else internet",
    }),
  ),
};

export const registry = group(
  "The container registry.",
  fields,
  (path, { instance, internet, vpcLinks, pullFrom }) => {
    const twice = duplicateRange(internet?.allow ?? []);
    if (internet?.allow.length === 0) {
      throw new VisibleError(
        `${path}.internet.allow: [] lets nobody in; name address ranges, or leave out internet`,
      );
    }
    if (twice !== undefined) {
      throw invalid(`${path}.internet.allow`, twice, "is listed twice; once is enough");
    }
    const vpcs = vpcLinks.map(({ vpcId }) => vpcId);
    const again = vpcs.findIndex((vpc, index) => vpcs.indexOf(vpc) !== index);
    if (again !== -1) {
      throw invalid(`${path}.vpcLinks[${again}].vpcId`, vpcs[again], "is listed twice; a VPC is linked once");
    }
    // The endpoints of an existing instance may have been opened by somebody else.
    if ("name" in instance && internet === undefined && vpcLinks.length === 0) {
      throw new VisibleError(`${path}: can be reached from nowhere; add internet.allow or vpcLinks`);
    }
    if ("name" in instance && pullFrom === "vpc" && vpcLinks.length === 0) {
      throw invalid(`${path}.pullFrom`, pullFrom, "is not open; add vpcLinks, or use internet");
    }
    if ("name" in instance && pullFrom === "internet" && internet === undefined) {
      throw invalid(`${path}.pullFrom`, pullFrom, "is not open; add internet.allow, or use vpc");
    }
  },
);

export type RegistryConfig = z.output<typeof registry>;

/** The endpoint whose host name stands in every image. */
export function pullEndpoint(config: RegistryConfig): "internet" | "vpc" {
  return config.pullFrom ?? (config.vpcLinks.length > 0 ? "vpc" : "internet");
}
