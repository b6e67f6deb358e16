/** Fields of the network that the registry and the Fleet share. */
import { vpcIdRule, vSwitchIdRule } from "../../components/fleet/names";
import { addressRangeRule } from "../../components/registry/address-range";
import type { Rule } from "../../components/validation";
import { text } from "./fields";

export const vpcId = text({
  doc: "Id of the VPC.",
  is: "an id of a VPC",
  use: "copy it from the VPC console; it looks like vpc-bp1m6fww66xbntjyc8qp",
  rules: [vpcIdRule],
  example: "vpc-bp1m6fww66xbntjyc8qp",
});

export const vSwitchId = text({
  doc: "Id of a vSwitch of that VPC.",
  is: "an id of a vSwitch",
  use: "copy it from the VPC console; it looks like vsw-bp1m6fww66xbntjyc8qp",
  rules: [vSwitchIdRule],
  example: "vsw-bp1m6fww66xbntjyc8qp",
});

/** An entry of an allow-list. */
export function addressRange(doc: string, rule: Rule<string> = addressRangeRule) {
  return text({
    doc,
    is: "an address range",
    use: "use CIDR notation, like 198.51.100.0/24",
    rules: [rule],
    example: "198.51.100.0/24",
  });
}
