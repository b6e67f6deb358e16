/**
 * The container registry of a platform: an instance of ACR Enterprise, one namespace in it, and who may reach it.
 */
import { EndpointAclPolicy, RegistryEnterpriseInstance, VpcEndpointLinkedVpc } from "@pulumi/alicloud/cr";
import { RegistryEnterpriseNamespace } from "@pulumi/alicloud/cs";
import * as pulumi from "@pulumi/pulumi";
import { InstanceEndpoint } from "../../provider";
import {
  orphanedAllowedRange,
  orphanedInstance,
  orphanedNamespace,
  orphanedVpcLink,
  unlessOrphaned,
} from "../adoption";
import { Component } from "../component";
import { invalid, VisibleError } from "../error";
import { onlyAfter, unlessHeld } from "../held";
import { checked, keyOf } from "../validation";
import { duplicateRange, registryRangeRule } from "./address-range";
import { existingHost, isOpen, type Network, registryHost } from "./host";
import {
  type Edition,
  editionRule,
  instanceIdRule,
  instanceNameRule,
  namespaceNameRule,
  type Period,
  passwordComplaint,
  periodRule,
  type Renewal,
  renewalRule,
} from "./names";

/** An instance that is bought and owned by the stack. */
export interface NewInstanceArgs {
  /**
   * 3 to 30 lower-case letters, digits and hyphens. It becomes part of the registry's host. A change replaces the
   * instance, with everything in it.
   */
  name: pulumi.Input<string>;
  /**
   * `Basic`, `Standard` or `Advanced`; the international site sells `Basic` and `Advanced` only. ACR changes the edition
   * of an instance in the console only: a change here has no effect on an instance that exists.
   */
  edition: pulumi.Input<Edition>;
  /**
   * Length of the subscription in months: 1, 2, 3, 6, 12, 24, 36, 48 or 60. Used at purchase, and as the length of each
   * automatic renewal from then on; a change has no effect on an instance that exists.
   *
   * @default 1
   */
  period?: pulumi.Input<Period>;
  /**
   * What happens when the subscription ends. `ManualRenewal` lets it expire. A change replaces the instance in the
   * alicloud provider, with all images: change it in the console (Expenses > Renewal) and here, then run
   * `pulumi up --refresh`, which finds nothing left to change.
   *
   * @default "ManualRenewal"
   */
  renewal?: pulumi.Input<Renewal>;
  /**
   * Password of the account for `docker login`: 8 to 32 characters, two kinds of letters, digits and symbols.
   *
   * @default none: it is set once in the console
   */
  password?: pulumi.Input<string>;
}

export interface RegistryArgs {
  /** An instance to buy, or the id of one that exists (`cri-…`) and stays when the stack goes. */
  instance: NewInstanceArgs | { id: pulumi.Input<string> };
  /** The region of the instance, like `cn-hangzhou`; part of the hosts. */
  region: pulumi.Input<string>;
  /** The namespace for the images: 2 to 120 lower-case letters, digits, `.`, `_` and `-`. A change replaces it. */
  namespace: pulumi.Input<string>;
  /**
   * Makes the registry reachable from the internet, for these address ranges only (IPv4, CIDR notation; `0.0.0.0/0` for
   * everybody, who then still need to log in).
   *
   * @default not reachable from the internet
   */
  internet?: { allow: pulumi.Input<string>[] };
  /**
   * VPCs whose machines pull images over the private network: the members' VPCs.
   *
   * @default []
   */
  vpcLinks?: { vpcId: pulumi.Input<string>; vSwitchId: pulumi.Input<string> }[];
}

/**
 * A registry with its namespace and its network access.
 *
 * A subscription is prepaid: deleting the instance asks for a refund, which Alibaba may refuse. Pass `protect: true`
 * for anything that holds images somebody needs.
 *
 * @example
 * ```ts
 * const registry = new Registry("registry", {
 *   instance: { name: "acme", edition: "Standard", period: 12, renewal: "AutoRenewal" },
 *   region: "cn-hangzhou",
 *   namespace: "echo",
 *   internet: { allow: ["198.51.100.0/24"] },
 * }, { protect: true });
 * export const host = registry.hosts.internet;
 * ```
 */
export class Registry extends Component {
  /** Id of the ACR instance, like `cri-…`. */
  readonly instanceId: pulumi.Output<string>;
  /** Name of the namespace; known once the namespace exists. */
  readonly namespaceName: pulumi.Output<string>;
  /**
   * Host names without scheme. For a new instance they follow from its name, so that what refers to them needn't wait
   * for the instance.
   */
  readonly hosts: Record<Network, pulumi.Output<string>>;
  /**
   * Those of the {@link hosts} that can be reached: opened by this component or, on an instance that was there before, by
   * somebody else.
   */
  readonly openHosts: pulumi.Output<Partial<Record<Network, string>>>;
  /** Escape hatch to the children. */
  readonly nodes: { instance: RegistryEnterpriseInstance; namespace: RegistryEnterpriseNamespace };

  constructor(name: string, args: RegistryArgs, options?: pulumi.ComponentResourceOptions) {
    super("ackone:registry:Registry", name, options);
    const ranges = checkRanges(name, args.internet?.allow);
    const links = checkLinks(name, args.vpcLinks ?? []);
    const instance =
      "id" in args.instance
        ? this.readInstance(name, args.instance.id)
        : this.createInstance(name, args.instance);
    const namespace = this.createNamespace(name, args.namespace, instance.id);
    if (ranges) {
      this.openToInternet(name, ranges, instance.id);
    }
    this.linkVpcs(name, links, instance.id);
    this.instanceId = instance.id;
    this.namespaceName = namespace.name;
    this.hosts = { internet: hostOf(args, instance, "internet"), vpc: hostOf(args, instance, "vpc") };
    this.openHosts = openHosts(this.hosts, args, instance);
    this.nodes = { instance, namespace };
    this.registerOutputs({ instanceId: instance.id, namespaceName: namespace.name, hosts: this.hosts });
  }

  private createInstance(name: string, args: NewInstanceArgs): RegistryEnterpriseInstance {
    const instanceName = checked(`${name}.instance.name`, args.name, instanceNameRule);
    const period = checked(`${name}.instance.period`, args.period ?? 1, periodRule);
    const renewal = checked(`${name}.instance.renewal`, args.renewal ?? "ManualRenewal", renewalRule);
    const logicalName = `${name}-instance`;
    return new RegistryEnterpriseInstance(
      logicalName,
      {
        instanceName,
        instanceType: checked(`${name}.instance.edition`, args.edition, editionRule),
        paymentType: "Subscription",
        period,
        renewalStatus: renewal,
        // BssOpenApi refuses a renewal period for a subscription that isn't renewed.
        renewPeriod: pulumi
          .all([renewal, period])
          .apply(([kind, months]) => (kind === "AutoRenewal" ? months : undefined)),
        password: args.password === undefined ? undefined : checkPassword(name, args.password),
      },
      {
        parent: this,
        dependsOn: unlessOrphaned(this, logicalName, orphanedInstance(instanceName)),
        // The provider would replace the instance, with all images, for another length of renewal. It follows from the
        // period, which is for the purchase, and what is read back has no unit: a year of billing comes as 1.
        ignoreChanges: ["renewPeriod"],
        // The provider's own limits are 6 and 5 minutes; a purchase alone has been seen to take 6.
        customTimeouts: { create: "30m", update: "15m", delete: "15m" },
      },
    );
  }

  /** Another logical name than a new instance's: going from one to the other never turns into a replacement. */
  private readInstance(name: string, id: pulumi.Input<string>): RegistryEnterpriseInstance {
    const instanceId = checked(`${name}.instance.id`, id, instanceIdRule);
    const logicalName = `${name}-existing-instance`;
    const decision = unlessHeld(
      logicalName,
      "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance",
      "id",
      instanceId,
      (known) => [
        `${name}.instance.id: "${known}" was bought by this stack, and would now be given back with all images, because the purchase isn't in the stack file any more; go on giving its name and edition`,
      ],
    );
    return RegistryEnterpriseInstance.get(logicalName, onlyAfter(decision, instanceId), undefined, {
      parent: this,
    });
  }

  private createNamespace(
    name: string,
    namespace: pulumi.Input<string>,
    instanceId: pulumi.Output<string>,
  ): RegistryEnterpriseNamespace {
    const namespaceName = checked(`${name}.namespace`, namespace, namespaceNameRule);
    const logicalName = `${name}-namespace`;
    return new RegistryEnterpriseNamespace(
      logicalName,
      {
        instanceId,
        name: namespaceName,
        // A push to a misspelt repository fails instead of making one that nobody knows.
        autoCreate: false,
        defaultVisibility: "PRIVATE",
      },
      {
        parent: this,
        dependsOn: unlessOrphaned(this, logicalName, orphanedNamespace(instanceId, namespaceName)),
      },
    );
  }

  private openToInternet(
    name: string,
    ranges: pulumi.Input<string>[],
    instanceId: pulumi.Output<string>,
  ): void {
    const endpoint = new InstanceEndpoint(
      `${name}-endpoint`,
      { instanceId, endpointType: "internet", enabled: true, moduleName: "Registry" },
      { parent: this },
    );
    for (const [index, range] of ranges.entries()) {
      const logicalName = `${name}-allow-${keyOf(range, index)}`;
      new EndpointAclPolicy(
        logicalName,
        { instanceId, endpointType: "internet", moduleName: "Registry", entry: range },
        {
          parent: this,
          // There is no list while the endpoint is off.
          dependsOn: unlessOrphaned(this, logicalName, orphanedAllowedRange(instanceId, range), [endpoint]),
          // The provider doesn't read it back: an adopted entry has none, and would be replaced for it.
          ignoreChanges: ["moduleName"],
        },
      );
    }
  }

  private linkVpcs(
    name: string,
    links: NonNullable<RegistryArgs["vpcLinks"]>,
    instanceId: pulumi.Output<string>,
  ): void {
    for (const [index, { vpcId, vSwitchId }] of links.entries()) {
      const logicalName = `${name}-vpc-${keyOf(vpcId, index)}`;
      new VpcEndpointLinkedVpc(
        logicalName,
        // The private DNS record makes the registry's host resolve inside the VPC.
        {
          instanceId,
          vpcId,
          vswitchId: vSwitchId,
          moduleName: "Registry",
          enableCreateDnsRecordInPvzt: true,
        },
        {
          parent: this,
          dependsOn: unlessOrphaned(this, logicalName, orphanedVpcLink(instanceId, vpcId)),
          // The provider doesn't read it back: an adopted link has none, and the provider can't update a link.
          ignoreChanges: ["enableCreateDnsRecordInPvzt"],
          customTimeouts: { create: "15m", delete: "15m" },
        },
      );
    }
  }
}

function hostOf(
  args: RegistryArgs,
  instance: RegistryEnterpriseInstance,
  network: Network,
): pulumi.Output<string> {
  if ("id" in args.instance) {
    return pulumi
      .all([instance.instanceEndpoints, instance.instanceName, args.region])
      .apply(([endpoints, name, region]) => existingHost(endpoints ?? [], name, region, network));
  }
  return pulumi
    .all([args.instance.name, args.region])
    .apply(([name, region]) => registryHost(name, region, network));
}

function openHosts(
  hosts: Registry["hosts"],
  args: RegistryArgs,
  instance: RegistryEnterpriseInstance,
): Registry["openHosts"] {
  const opened = { internet: args.internet !== undefined, vpc: (args.vpcLinks ?? []).length > 0 };
  // A new instance has no other endpoints, and needn't be waited for.
  const others = pulumi.output("id" in args.instance ? instance.instanceEndpoints : []);
  return pulumi.all([hosts.internet, hosts.vpc, others]).apply(([internet, vpc, endpoints]) => ({
    ...(opened.internet || isOpen(endpoints, "internet") ? { internet } : {}),
    ...(opened.vpc || isOpen(endpoints, "vpc") ? { vpc } : {}),
  }));
}

function checkRanges(
  name: string,
  allow: pulumi.Input<string>[] | undefined,
): pulumi.Input<string>[] | undefined {
  if (allow === undefined) {
    return undefined;
  }
  const path = `${name}.internet.allow`;
  if (allow.length === 0) {
    throw new VisibleError(
      `${path}: the list is empty, so nobody could reach the registry; name address ranges, or leave out internet`,
    );
  }
  const twice = duplicateRange(allow);
  if (twice !== undefined) {
    throw new VisibleError(`${path}: "${twice}" is listed twice; once is enough`);
  }
  return allow.map((range, index) => checked(`${path}[${index}]`, range, registryRangeRule));
}

/** Two links of one VPC would be two resources of one name. */
function checkLinks(name: string, links: NonNullable<RegistryArgs["vpcLinks"]>): typeof links {
  const vpcs = links.map(({ vpcId }) => vpcId);
  const twice = vpcs.findIndex((vpc, index) => vpcs.indexOf(vpc) !== index);
  if (twice !== -1) {
    throw invalid(`${name}.vpcLinks[${twice}].vpcId`, vpcs[twice], "is listed twice; a VPC is linked once");
  }
  return links;
}

/** Checks a password without showing it. */
function checkPassword(name: string, password: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.secret(password).apply((plain) => {
    const complaint = passwordComplaint(plain);
    if (complaint !== undefined) {
      throw new VisibleError(`${name}.instance.password: ${complaint}`);
    }
    return plain;
  });
}
